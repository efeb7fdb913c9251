from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.models import Cycle, Health, Objective, Project, Role, Team
from projects.weeks import WEEK as ONE_WEEK
from projects.weeks import monday_of
from reports.dashboard.objectives import past_of, states_of
from reports.dashboard.overview import dashboard_of
from reports.pages.live import compile_page, current_document
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_objective,
    make_project,
    make_reading,
)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def page_of(personas: Personas, objective: Objective, name: str = "viewer") -> str:
    response = personas.client(name).get(f"/t/pay/objectives/{objective.pk}/")
    return response.content.decode()


def cycle_of(team: Team, year: int) -> Cycle:
    return make_cycle(team, f"{year}", date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_look(
    personas: Personas, objective: Objective, name: str, status: int
) -> None:
    address = f"/t/pay/objectives/{objective.pk}/"
    assert personas.client(name).get(address).status_code == status


def test_another_teams_objective_is_not_there(personas: Personas) -> None:
    theirs = make_objective(make_cycle(Team.objects.get(slug="risk")))
    address = f"/t/pay/objectives/{theirs.pk}/"
    assert personas.client("manager").get(address).status_code == 404


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_only_a_manager_is_led_to_the_form(
    personas: Personas, objective: Objective, name: str, may: bool
) -> None:
    assert (f"{objective.pk}/edit/" in page_of(personas, objective, name)) is may


def test_key_results_with_their_course(personas: Personas, objective: Objective) -> None:
    metric = make_metric(personas.team, "占比")
    make_key_result(objective, metric, 20, 60)
    for ago, value in ((40, "20"), (3, "30"), (1, "40"), (0, "48")):
        make_reading(metric, value, WEEK - ago * ONE_WEEK)
    page = page_of(personas, objective)
    for words in ("占比", "the more the better", "<b>0.70</b>", "20% to 48%"):
        assert words in page


def test_projects_with_their_slips_and_those_that_are_done(
    personas: Personas, objective: Objective
) -> None:
    make_entry(make_project(personas.team, "在做", objective), percent=40, health=Health.OFF_TRACK)
    done = make_project(personas.team, "做完", objective)
    Project.objects.filter(pk=done.pk).update(lead_name="周颖")
    make_entry(done, WEEK - 3 * ONE_WEEK, percent=100, health=Health.DONE)
    page = page_of(personas, objective)
    for words in ("在做", "off track", "40%", "做完", "周颖", "2024-W22", "70%"):
        assert words in page


def test_its_cycles_are_the_chain_and_where_there_is_none_the_same_code(
    personas: Personas, objective: Objective
) -> None:
    namesake = make_objective(cycle_of(personas.team, 2022), "O1", "同号不同事")
    origin = make_objective(cycle_of(personas.team, 2023), "O4", "它的前身")
    make_objective(origin.cycle, "O1", "无关的")
    objective.carried_from = origin
    objective.save()
    make_entry(make_project(personas.team, "从前", origin), date(2023, 12, 25), percent=64)
    metric = make_metric(personas.team)
    make_key_result(origin, metric)
    make_reading(metric, "50", date(2023, 12, 25))
    make_reading(metric, "90")
    page = page_of(personas, objective)
    for words in ("它的前身", "64%", "<b>0.50</b>", "0/1"):
        assert words in page
    assert "无关的" not in page
    assert page.count("same code, not carried over") == 1
    assert page.index("同号不同事") < page.index("same code, not carried over")
    assert f"/t/pay/objectives/{objective.pk}/" in page_of(personas, origin)
    assert namesake.name in page


def test_alignment_shows_only_what_the_reader_may_see(
    personas: Personas, objective: Objective
) -> None:
    other = Team.objects.get(slug="risk")
    theirs = make_objective(make_cycle(other), "O7", "风险可控")
    supporting = make_objective(theirs.cycle, "O8", "支撑它")
    objective.aligned_to, supporting.aligned_to = theirs, objective
    objective.save()
    supporting.save()
    for name in ("viewer", "manager"):
        page = page_of(personas, objective, name)
        assert "风险可控" not in page
        assert "支撑它" not in page
    other.memberships.create(user=personas.viewer, role=Role.VIEWER)
    page = page_of(personas, objective)
    assert "风险可控" in page
    assert "支撑它" in page


def test_the_course_says_what_the_dashboard_of_each_week_said(
    personas: Personas, objective: Objective
) -> None:
    """The same rule twice, once from a document and once from the entries, for every week."""
    other = make_objective(objective.cycle, "O2")
    team, begin = personas.team, WEEK - 8 * ONE_WEEK
    steady, silent, done, closed, moved, late = (
        make_project(team, name, objective, started_on=begin)
        for name in ("每周", "断续", "做完", "关掉", "搬走", "晚开始")
    )
    for number in range(9):
        make_entry(steady, begin + number * ONE_WEEK, percent=10 * number)
    make_entry(silent, begin + ONE_WEEK, percent=35)
    make_entry(silent, begin + 4 * ONE_WEEK)  # no percent said
    make_entry(done, begin, percent=80)
    make_entry(done, begin + 3 * ONE_WEEK, percent=100, health=Health.DONE)
    make_entry(closed, begin, percent=5)
    closed.closed_on = begin + 2 * ONE_WEEK
    closed.save()
    make_entry(moved, begin, percent=99)
    moved.objective = other
    moved.save()
    make_entry(moved, begin + 5 * ONE_WEEK, percent=99)
    make_entry(late, begin + 6 * ONE_WEEK, percent=1)

    said = {}
    for number in range(9):
        week = begin + number * ONE_WEEK
        cards = dashboard_of(compile_page(team, week)).objectives
        (card,) = [card for card in cards if card.objective_id == objective.pk]
        said[week] = card.percent
    (state,) = states_of([objective], current_document(team, WEEK), WEEK)
    assert dict(past_of(state, team).percents) == said
    assert len(set(said.values())) > 5


def test_an_objective_of_a_cycle_to_come(personas: Personas) -> None:
    following = make_cycle(personas.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
    objective = make_objective(following)
    make_project(personas.team, "收银台", objective)
    metric = make_metric(personas.team)
    make_key_result(objective, metric, 40, 100)
    make_reading(metric, "40")
    page = page_of(personas, objective)
    assert "not begun" in page
    assert "0.00</b>" not in page  # nobody has had a chance yet
    assert "收银台" in page


@pytest.mark.parametrize("years", [0, 11])
def test_a_fixed_number_of_queries(personas: Personas, objective: Objective, years: int) -> None:
    team, client, newest = personas.team, personas.client("manager"), objective

    def fill(one: Objective, week: date, numbers: range) -> None:
        for number in numbers:
            metric = make_metric(team, f"第{one.pk}之{number}")
            make_key_result(one, metric)
            make_reading(metric, "50", week)
            make_entry(make_project(team, f"第{one.pk}之{number}", one), week, percent=Decimal(10))

    def queries() -> int:
        facts.announce(team, [WEEK])
        current_document(team, WEEK)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/t/pay/objectives/{objective.pk}/").status_code == 200
        return len(captured)

    fill(objective, WEEK, range(2))
    few = queries()
    for year in range(2023, 2023 - years, -1):
        origin = make_objective(cycle_of(team, year))
        newest.carried_from = origin
        newest.save()
        newest = origin
        fill(origin, monday_of(date(year, 12, 24)), range(2))
    fill(objective, WEEK, range(2, 20))
    assert queries() == few <= 16

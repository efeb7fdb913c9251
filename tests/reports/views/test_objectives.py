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
from tests.html import elements, text, texts

ADDRESS = "/t/pay/objectives/"
pytestmark = pytest.mark.usefixtures("now")


def list_of(personas: Personas, query: str = "", name: str = "viewer") -> str:
    return personas.client(name).get(f"{ADDRESS}{query}").content.decode()


def next_cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_only_a_manager_is_offered_to_change_the_list(
    personas: Personas, name: str, may: bool
) -> None:
    objective = make_objective(make_cycle(personas.team))
    page = list_of(personas, name=name)
    for address in (f"{objective.pk}/edit/", f"{objective.pk}/move/", "cycles/new/"):
        assert (address in page) is may


def test_numbers_are_those_of_the_dashboard(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    for number, (before, now) in enumerate(((40, 60), (70, 75))):
        project = make_project(personas.team, f"项目{number}", objective)
        make_entry(project, date(2024, 6, 10), percent=before)
        make_entry(project, percent=now, health=Health.AT_RISK)
    done = make_project(personas.team, "早已上线", objective)
    make_entry(done, date(2024, 6, 3), percent=100, health=Health.DONE)
    document = current_document(personas.team, WEEK)
    assert document is not None
    (card,) = dashboard_of(document).objectives
    assert (card.percent, card.change) == (Decimal(78), Decimal(8))
    page = list_of(personas)
    for words in ("78%", "↑8", "at risk", "项目0", "早已上线"):
        assert words in page


def test_key_results_with_their_score(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    rising, falling = make_metric(personas.team, "占比"), make_metric(personas.team, "耗时", "秒")
    make_key_result(objective, rising, 20, 60)
    make_key_result(objective, falling, 10, 2)
    make_reading(rising, "52")
    make_reading(falling, "12")
    page = list_of(personas)
    assert texts(page, ".key-results .what small") == ["20 → 60%", "10 → 2秒"]
    assert texts(page, ".key-results .now") == ["52%", "12秒"]
    assert texts(page, ".score b") == ["0.40", "0.80", "0.00"]
    assert text(page, f"#score-{objective.pk} .sum") == "(0.80 + 0.00) ÷ 2 = 0.40"
    ways = ["(52 − 20) ÷ (60 − 20) → 0.80", "(12 − 10) ÷ (2 − 10) → 0.00"]
    assert texts(page, ".key-results .formula .sum") == ways
    # A score is no progress, and does not look like it.
    assert not elements(page, ".key-results progress")


def test_a_project_that_was_moved_ahead_is_shown_in_both_cycles(personas: Personas) -> None:
    old = make_objective(make_cycle(personas.team))
    new = make_objective(next_cycle(personas))
    project = make_project(personas.team, "收银台", old)
    make_entry(project, percent=30)
    project.objective = new
    project.save()
    assert "收银台" in list_of(personas)
    ahead = list_of(personas, "?cycle=2024H2")
    assert "not begun" in ahead
    assert "收银台" in ahead


def test_a_past_cycle_is_shown_as_it_ended(personas: Personas) -> None:
    past = make_cycle(personas.team, "2023H2", date(2023, 7, 1), date(2023, 12, 31))
    make_objective(make_cycle(personas.team), "O1", "现在的")
    project = make_project(personas.team, "收银台", make_objective(past, "O1", "从前的"))
    make_entry(project, date(2023, 12, 25), percent=64)
    facts.announce(personas.team, [date(2023, 12, 25)])
    page = list_of(personas, "?cycle=2023H2")
    assert "从前的" in page
    assert "64%" in page
    assert "现在的" not in page


@pytest.mark.parametrize("query", ["?cycle=2031H1", "?cycle=%01", "?cycle=<script>"])
def test_an_unknown_cycle_is_not_there(personas: Personas, query: str) -> None:
    make_cycle(personas.team)
    assert personas.client("viewer").get(ADDRESS + query).status_code == 404


def test_a_team_without_a_cycle_is_asked_to_make_one(personas: Personas) -> None:
    assert "/t/pay/cycles/new/" in list_of(personas, name="manager")
    viewer = list_of(personas)
    assert "There is no cycle yet" in viewer
    assert "cycles/new" not in viewer


def test_what_was_typed_is_text(personas: Personas) -> None:
    cycle = make_cycle(personas.team, "a&b=c #1")
    make_objective(cycle, "O1", "<script>alert(1)</script>")
    next_cycle(personas)
    page = list_of(personas)
    assert "<script>alert" not in page
    assert "?cycle=a%26b%3Dc%20%231" in page
    assert "&lt;script&gt;" in list_of(personas, "?cycle=a%26b%3Dc%20%231")


@pytest.mark.parametrize("cycle_count", [1, 12])
def test_the_list_asks_as_often_for_any_number_of_cycles(
    personas: Personas, cycle_count: int
) -> None:
    cycle = make_cycle(personas.team)
    for year in range(2024 - cycle_count + 1, 2024):
        make_cycle(personas.team, f"{year}", date(year, 1, 1), date(year, 12, 31))
    client = personas.client("manager")

    def fill(numbers: range) -> None:
        for number in numbers:
            objective = make_objective(cycle, f"O{number}")
            metric = make_metric(personas.team, f"指标{number}")
            make_key_result(objective, metric)
            make_reading(metric, "50")
            make_entry(make_project(personas.team, f"项目{number}", objective), percent=number)
        facts.announce(personas.team, [WEEK])
        current_document(personas.team, WEEK)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    fill(range(4))
    few = queries()
    fill(range(4, 40))
    assert queries() == few <= 10


# --- one objective ----------------------------------------------------------------------------


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def objective_page(personas: Personas, objective: Objective, name: str = "viewer") -> str:
    response = personas.client(name).get(f"/t/pay/objectives/{objective.pk}/")
    return response.content.decode()


def cycle_of(team: Team, year: int) -> Cycle:
    return make_cycle(team, f"{year}", date(year, 1, 1), date(year, 12, 31))


def test_another_teams_objective_is_not_there(personas: Personas) -> None:
    theirs = make_objective(make_cycle(Team.objects.get(slug="risk")))
    address = f"/t/pay/objectives/{theirs.pk}/"
    assert personas.client("manager").get(address).status_code == 404


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_only_a_manager_is_led_to_the_form(
    personas: Personas, objective: Objective, name: str, may: bool
) -> None:
    assert (f"{objective.pk}/edit/" in objective_page(personas, objective, name)) is may


def test_an_objective_shows_its_key_results_with_their_course(
    personas: Personas, objective: Objective
) -> None:
    metric = make_metric(personas.team, "占比")
    make_key_result(objective, metric, 20, 60)
    for ago, value in ((40, "20"), (3, "30"), (1, "40"), (0, "48")):
        make_reading(metric, value, WEEK - ago * ONE_WEEK)
    page = objective_page(personas, objective)
    for words in ("占比", "the more the better", "<b>0.70</b>", "20% to 48%"):
        assert words in page


def test_projects_with_their_slips_and_those_that_are_done(
    personas: Personas, objective: Objective
) -> None:
    make_entry(make_project(personas.team, "在做", objective), percent=40, health=Health.OFF_TRACK)
    done = make_project(personas.team, "做完", objective)
    Project.objects.filter(pk=done.pk).update(lead_name="周颖")
    make_entry(done, WEEK - 3 * ONE_WEEK, percent=100, health=Health.DONE)
    page = objective_page(personas, objective)
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
    page = objective_page(personas, objective)
    for words in ("它的前身", "64%", "<b>0.50</b>", "0/1"):
        assert words in page
    assert "无关的" not in page
    assert page.count("same code, not carried over") == 1
    assert page.index("同号不同事") < page.index("same code, not carried over")
    assert f"/t/pay/objectives/{objective.pk}/" in objective_page(personas, origin)
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
        page = objective_page(personas, objective, name)
        assert "风险可控" not in page
        assert "支撑它" not in page
    other.memberships.create(user=personas.viewer, role=Role.VIEWER)
    page = objective_page(personas, objective)
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

    percents = {}
    for number in range(9):
        week = begin + number * ONE_WEEK
        cards = dashboard_of(compile_page(team, week)).objectives
        (card,) = [card for card in cards if card.objective_id == objective.pk]
        percents[week] = card.percent
    (state,) = states_of([objective], current_document(team, WEEK), WEEK)
    assert dict(past_of(state, team, [objective.cycle]).percents) == percents
    assert len(set(percents.values())) > 5


def test_an_objective_of_a_cycle_to_come(personas: Personas) -> None:
    following = make_cycle(personas.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
    objective = make_objective(following)
    make_project(personas.team, "收银台", objective)
    metric = make_metric(personas.team)
    make_key_result(objective, metric, 40, 100)
    make_reading(metric, "40")
    page = objective_page(personas, objective)
    assert "not begun" in page
    assert "0.00</b>" not in page  # nobody has had a chance yet
    assert "收银台" in page


@pytest.mark.parametrize("years", [0, 11])
def test_one_objective_asks_as_often_for_any_number_of_years(
    personas: Personas, objective: Objective, years: int
) -> None:
    team, client, newest = personas.team, personas.client("manager"), objective

    def fill(objective: Objective, week: date, numbers: range) -> None:
        for number in numbers:
            metric = make_metric(team, f"第{objective.pk}之{number}")
            make_key_result(objective, metric)
            make_reading(metric, "50", week)
            make_entry(
                make_project(team, f"第{objective.pk}之{number}", objective),
                week,
                percent=Decimal(10),
            )

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


def test_course_begins_with_the_start_and_shows_history_on_demand(personas: Personas) -> None:
    team, objective = personas.team, make_objective(make_cycle(personas.team))
    project = make_project(team, "双活", objective, started_on=WEEK - 5 * ONE_WEEK)
    for weeks_ago in range(6):
        make_entry(project, WEEK - weeks_ago * ONE_WEEK, percent=60 - weeks_ago)
    team.starts_on = WEEK - 2 * ONE_WEEK
    team.save()
    page = f"/t/pay/objectives/{objective.pk}/"
    client = personas.client("viewer")
    rows = ".course tbody tr"
    assert len(elements(client.get(page), rows)) == 3
    assert len(elements(client.get(f"{page}?history=1"), rows)) == 6
    assert texts(client.get(page), ".course nav a[aria-current]") == ["since Jun 3"]

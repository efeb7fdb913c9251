from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.models import Cycle, Health
from reports.dashboard.overview import dashboard_of
from reports.pages.live import current_document
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

ADDRESS = "/t/pay/objectives/"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, query: str = "", name: str = "viewer") -> str:
    return personas.client(name).get(f"{ADDRESS}{query}").content.decode()


def next_cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_look(personas: Personas, name: str, status: int) -> None:
    make_objective(make_cycle(personas.team))
    assert personas.client(name).get(ADDRESS).status_code == status


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_only_a_manager_is_offered_to_change_anything(
    personas: Personas, name: str, may: bool
) -> None:
    objective = make_objective(make_cycle(personas.team))
    page = page_of(personas, name=name)
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
    page = page_of(personas)
    for words in ("78%", "↑8", "at risk", "项目0", "早已上线"):
        assert words in page


def test_key_results_with_their_score(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    rising, falling = make_metric(personas.team, "占比"), make_metric(personas.team, "耗时", "秒")
    make_key_result(objective, rising, 20, 60)
    make_key_result(objective, falling, 10, 2)
    make_reading(rising, "52")
    make_reading(falling, "12")
    page = page_of(personas)
    for words in ("20 → 60%", "52%", "<b>0.80</b>", "10 → 2秒", "<b>0.00</b>", "<b>0.40</b>"):
        assert words in page


def test_a_project_that_was_moved_ahead_is_shown_in_both_cycles(personas: Personas) -> None:
    old = make_objective(make_cycle(personas.team))
    new = make_objective(next_cycle(personas))
    project = make_project(personas.team, "收银台", old)
    make_entry(project, percent=30)
    project.objective = new
    project.save()
    assert "收银台" in page_of(personas)
    ahead = page_of(personas, "?cycle=2024H2")
    assert "not begun" in ahead
    assert "收银台" in ahead


def test_a_past_cycle_is_shown_as_it_ended(personas: Personas) -> None:
    past = make_cycle(personas.team, "2023H2", date(2023, 7, 1), date(2023, 12, 31))
    make_objective(make_cycle(personas.team), "O1", "现在的")
    project = make_project(personas.team, "收银台", make_objective(past, "O1", "从前的"))
    make_entry(project, date(2023, 12, 25), percent=64)
    facts.announce(personas.team, [date(2023, 12, 25)])
    page = page_of(personas, "?cycle=2023H2")
    assert "从前的" in page
    assert "64%" in page
    assert "现在的" not in page


@pytest.mark.parametrize("query", ["?cycle=2031H1", "?cycle=%00", "?cycle=<script>"])
def test_an_unknown_cycle_is_not_there(personas: Personas, query: str) -> None:
    make_cycle(personas.team)
    assert personas.client("viewer").get(ADDRESS + query).status_code == 404


def test_a_team_without_a_cycle_is_asked_to_make_one(personas: Personas) -> None:
    assert "/t/pay/cycles/new/" in page_of(personas, name="manager")
    viewer = page_of(personas)
    assert "There is no cycle yet" in viewer
    assert "cycles/new" not in viewer


def test_what_was_typed_is_text(personas: Personas) -> None:
    cycle = make_cycle(personas.team, "a&b=c #1")
    make_objective(cycle, "O1", "<script>alert(1)</script>")
    next_cycle(personas)
    page = page_of(personas)
    assert "<script>alert" not in page
    assert "?cycle=a%26b%3Dc%20%231" in page
    assert "&lt;script&gt;" in page_of(personas, "?cycle=a%26b%3Dc%20%231")


@pytest.mark.parametrize("cycle_count", [1, 12])
def test_a_fixed_number_of_queries(personas: Personas, cycle_count: int) -> None:
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

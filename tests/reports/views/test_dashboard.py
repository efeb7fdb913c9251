from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts, ledger
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_incident,
    make_metric,
    make_milestone,
    make_objective,
    make_project,
    make_question,
    make_reading,
)

ADDRESS = "/t/pay/"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, address: str = ADDRESS) -> str:
    return personas.client("viewer").get(address).content.decode()


@pytest.mark.parametrize("address", [ADDRESS, "/t/pay/weeks/2024-W25/dashboard/"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_look(personas: Personas, name: str, status: int, address: str) -> None:
    assert personas.client(name).get(address).status_code == status


def test_only_who_may_report_is_led_to_the_form(personas: Personas) -> None:
    link = 'href="/t/pay/checkin/"'
    assert link not in page_of(personas)
    assert link in personas.client("lead").get(ADDRESS).content.decode()


def test_every_project_of_the_week_is_there(personas: Personas) -> None:
    make_project(personas.team, "POS")
    make_project(personas.team, "早已关闭", closed_on=date(2024, 6, 1))
    make_entry(personas.project, percent=60)
    page = page_of(personas)
    assert "贝易转" in page
    assert "POS" in page
    assert "早已关闭" not in page
    assert "Updated 1 / 2" in page


def test_what_needs_somebody_stands_first(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    ledger.move_due_date(
        milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到", by=personas.lead
    )
    make_entry(personas.project)
    make_project(personas.team, "POS")
    make_question(personas.project, personas.manager, "窗口定了吗？")
    page = page_of(personas)
    for words in ("Not updated · 1", "Dates moved later · 1", "专线晚到", "窗口定了吗？"):
        assert words in page
        assert page.index(words) < page.index('id="projects"')


def test_when_nothing_needs_anybody_the_card_is_not_there(personas: Personas) -> None:
    make_entry(personas.project)
    assert "Needs attention" not in page_of(personas)


def test_a_slip_shows_the_first_date(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=date(2024, 6, 10))
    page = page_of(personas)
    assert "<s>Jul 1</s> Jul 31" in page
    assert "30 days late · 1 move" in page


def test_objectives_metrics_and_incidents(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    make_entry(personas.project, percent=60)
    make_reading(make_metric(personas.team, target=Decimal("99.99")), "99.9")
    make_incident(personas.team, description="对账任务超时")
    page = page_of(personas)
    for words in ("O1 业务服务", "60%", "入金有效成功率", "missed", "对账任务超时"):
        assert words in page
    assert "06-19 10:00" in page  # the team's time, not UTC


def test_a_column_that_no_project_fills_is_left_out(personas: Personas) -> None:
    make_entry(personas.project, health="")
    page = page_of(personas)
    assert "sort=project" in page
    for column in ("stage", "health", "percent", "due_on"):
        assert f"sort={column}" not in page
    make_entry(make_project(personas.team, "POS"), percent=20)
    facts.announce(personas.team, [WEEK])
    page = page_of(personas)
    assert "sort=percent" in page
    assert "since last week" in page
    assert '<span class="unknown">–</span>' in page  # of the project that has none


def test_focus_projects_of_an_old_page_stand_in_one_group(personas: Personas) -> None:
    for name in ("重点一", "重点二"):
        make_entry(make_project(personas.team, name, is_focus=True))
    assert page_of(personas).count("Focus projects") == 1


def test_the_last_week_with_updates_is_at_hand_after_a_long_silence(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 5, 20))
    facts.announce(personas.team, [date(2024, 5, 20)])
    page = page_of(personas)
    assert 'The latest week with updates is <a href="/t/pay/weeks/2024-W21/dashboard/">' in page
    make_entry(make_project(personas.team, "POS"))
    facts.announce(personas.team, [WEEK])
    assert "The latest week with updates" not in page_of(personas)


def test_a_paused_project_is_not_blamed_for_its_silence(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), health="paused")
    assert 'class="stale"' not in page_of(personas)


def test_which_milestone_moved_is_said_where_there_are_several(personas: Personas) -> None:
    moved = make_milestone(personas.project, "一期", due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    make_milestone(personas.project, "二期", due_on=date(2024, 8, 1), week=date(2024, 6, 3))
    ledger.move_due_date(moved, date(2024, 7, 5), "day", week=WEEK)
    make_entry(personas.project)
    assert '一期 <span class="whole"><s>Jul 1</s> → Jul 5</span>' in page_of(personas)


def test_a_team_without_projects_is_told_how_to_get_some(personas: Personas) -> None:
    page = personas.client("outsider").get("/t/risk/").content.decode()
    assert "This team has no projects yet" in page
    assert "<table" not in page


def test_it_sorts_by_any_column(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    make_entry(make_project(personas.team, "POS"), percent=20)
    page = page_of(personas, f"{ADDRESS}?sort=percent")
    table = page[page.index("<tbody>") :]
    assert table.index("POS") < table.index("贝易转")
    assert 'aria-sort="ascending"' in page
    assert "Back to the order of the page" in page
    table = page_of(personas, f"{ADDRESS}?sort=-percent").split("<tbody>")[1]
    assert table.index("贝易转") < table.index("POS")


@pytest.mark.parametrize("sort", ["health", "due_on", "reported_at", "lead", "-stage", "nothing"])
def test_no_sorting_breaks_it(personas: Personas, sort: str) -> None:
    make_entry(personas.project, percent=60)
    make_project(personas.team, "POS")
    response = personas.client("viewer").get(ADDRESS, {"sort": sort})
    assert response.status_code == 200


def test_the_weeks_around_it_are_a_click_away(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3))
    facts.announce(personas.team, [date(2024, 6, 3)])
    page = page_of(personas)
    assert 'rel="prev" href="/t/pay/weeks/2024-W23/dashboard/"' in page
    earlier = page_of(personas, "/t/pay/weeks/2024-W23/dashboard/")
    assert 'rel="next" href="/t/pay/weeks/2024-W25/dashboard/"' in earlier


def test_a_week_of_which_nothing_is_known_says_so(personas: Personas) -> None:
    response = personas.client("viewer").get("/t/pay/weeks/2019-W10/dashboard/")
    assert response.status_code == 200
    assert "Nothing is known of this week" in response.content.decode()


@pytest.mark.parametrize("label", ["2024-W99", "2024-06-17", "latest"])
def test_what_is_no_week_is_not_there(personas: Personas, label: str) -> None:
    address = f"/t/pay/weeks/{label}/dashboard/"
    assert personas.client("viewer").get(address).status_code == 404


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_milestone(project, percent=10, due_on=date(2024, 7, 1))
            for week in (date(2024, 6, 3), date(2024, 6, 10), WEEK):
                make_entry(project, week, percent=10)
        facts.announce(personas.team, [WEEK])

    fill(0, 2)
    queries()  # the very first time the page's row is made
    fill(2, 4)
    compiled, shown = queries(), queries()
    fill(4, 14)
    assert (queries(), queries()) == (compiled, shown)
    assert shown <= 12

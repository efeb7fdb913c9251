"""The page of a lead's projects, with the promises of last week beside it."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.checkin import drafts, ledger
from projects.models import AuditRecord, DayException, EntrySource, Health, PlannedItem
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_entry,
    make_metric,
    make_milestone,
    make_project,
    make_question,
    make_stage,
)
from tests.html import element, elements, text, texts

ADDRESS = "/t/pay/checkin/"
LAST_WEEK = WEEK - ONE_WEEK
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def cards(personas: Personas, name: str = "lead", of: str = "") -> list[str]:
    """The names of the projects on the page, in its order."""
    response = personas.client(name).get(ADDRESS, {"of": of} if of else {})
    return [link.get_text() for link in elements(response, ".checkin-card h2 > a")]


def test_one_card_is_open_and_moves_through_an_order_that_stays(personas: Personas) -> None:
    make_entry(personas.project)
    second = make_project(personas.team, "DocAI", lead=personas.lead)
    third = make_project(personas.team, "鸿蒙", lead=personas.lead)
    make_project(personas.team, "POS", lead=personas.other_lead)
    client = personas.client("lead")
    for query, is_open in (
        ({}, second),  # the first that waits
        ({"open": third.pk}, third),
        ({"open": personas.project.pk}, personas.project),
        ({"open": "x"}, second),
        ({"open": "9" * 30}, second),
    ):
        page = client.get(ADDRESS, query)
        assert texts(page, ".checkin-card h2 > a") == ["贝易转", "DocAI", "鸿蒙"]
        assert element(page, ".checkin-open")["id"] == f"checkin_card_{is_open.pk}"
        assert len(elements(page, ".checkin-row a.opens")) == 2
    assert text(page, "#checkin_progress") == "Updated 1 / 3"


def test_htmx_gets_the_list_alone_when_another_card_opens(personas: Personas) -> None:
    page = personas.client("lead").get(ADDRESS, headers=HTMX)
    assert "<html" not in page.text
    assert element(page, "#checkin_cards .checkin-open")
    assert element(page, "#checkin_progress")["hx-swap-oob"] == "true"


def test_line_says_what_stands_there_and_card_has_one_button_that_saves(
    personas: Personas,
) -> None:
    due = date(2024, 7, 31)
    make_milestone(personas.project, "一期", percent=60, due_on=due, week=LAST_WEEK)
    make_milestone(personas.project, "方案", percent=100, week=LAST_WEEK)
    make_entry(personas.project, LAST_WEEK, "- 路由灰度中\n- 等专线", percent=50)
    make_question(personas.project, personas.manager)
    other = make_project(personas.team, "DocAI", lead=personas.lead)
    client = personas.client("lead")
    page = client.get(ADDRESS, {"open": other.pk})
    assert text(page, ".checkin-row .said") == "Last week: 路由灰度中; 等专线"
    assert texts(page, ".checkin-row .asked") == ["1 question"]
    assert texts(page, ".checkin-row .facts > *")[1:] == ["50%", "", "Due Jul 31"]
    assert text(page, ".checkin-row .acts") == "No change 贝易转 Open 贝易转"
    make_entry(personas.project, text="灰度完成", percent=55)
    page = client.get(ADDRESS, {"open": other.pk})
    assert texts(page, ".checkin-row .facts > *")[1:] == ["55%", "↑5", "Due Jul 31"]
    card = client.get(ADDRESS, {"open": personas.project.pk})
    assert texts(card, ".checkin button.primary") == ["Save and next"]
    assert text(card, ".milestones .finished") == "✓ 1 is done: 方案 (100%)"
    assert texts(card, ".milestone .name")[:1] == ["一期"]


def test_finished_week_says_what_of_it_stands_on_the_page(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=LAST_WEEK)
    ledger.move_due_date(milestone, date(2024, 7, 8), "day", week=WEEK, reason="专线")
    make_entry(personas.project)
    make_entry(
        make_project(personas.team, "DocAI", lead=personas.lead), source=EntrySource.CONFIRMED
    )
    page = personas.client("lead").get(ADDRESS)
    assert elements(page, "form.checkin") == []
    assert text(page, ".finish h2") == "All up to date"
    make_metric(personas.team, "累计户数", project=personas.project)
    make_question(personas.project, personas.manager)
    missing = personas.client("lead").get(ADDRESS, headers=HTMX)
    assert text(missing, ".finish h2") == "All projects updated"
    assert text(missing, ".finish .stale") == "Still missing: 1 answer, 1 number"
    small = text(page, ".finish .small")
    assert small.endswith("1 with news, 1 without change; 贝易转 7 days later")


def test_lead_cannot_ask_for_the_whole_team(personas: Personas) -> None:
    make_project(personas.team, "POS", lead=personas.other_lead)
    assert cards(personas, of="all") == ["贝易转"]


def test_manager_sees_the_whole_team_when_asked_or_without_projects(personas: Personas) -> None:
    assert cards(personas, "manager") == ["贝易转"]
    make_project(personas.team, "POS", lead=personas.manager)
    assert cards(personas, "manager") == ["POS"]
    assert set(cards(personas, "manager", of="all")) == {"POS", "贝易转"}


def test_paused_project_owes_nothing_but_can_be_taken_up_again(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), health=Health.PAUSED)
    make_project(personas.team, "DocAI", lead=personas.lead)
    client = personas.client("lead")
    page = client.get(ADDRESS)
    assert len(elements(page, "form.checkin")) == 1
    assert text(page, "#checkin_progress") == "Updated 0 / 1"
    data = {"text": "继续", "health": "on_track", "revision": "0"}
    address = f"/t/pay/projects/{personas.project.pk}/checkin/"
    assert text(client.post(address, data, headers=HTMX), "#checkin_progress") == "Updated 1 / 2"


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}?of=all"])
def test_manager_who_leads_nothing_is_offered_no_list_of_their_own(
    personas: Personas, address: str
) -> None:
    client = personas.client("manager")
    assert elements(client.get(address), '.head a.button[href="?"]') == []
    make_project(personas.team, "POS", lead=personas.manager)
    switches = texts(client.get(address), ".head a.button")
    assert switches == (["Only mine"] if address.endswith("all") else ["The whole team"])


def test_closed_project_owes_nothing(personas: Personas) -> None:
    personas.project.closed_on = date(2024, 6, 14)
    personas.project.save()
    assert text(personas.client("lead").get(ADDRESS), ".empty h2") == "Nothing to report"


def test_number_of_queries_does_not_grow_with_the_projects(personas: Personas) -> None:
    client = personas.client("lead")
    make_stage(personas.team)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_milestone(project, percent=10, due_on=date(2024, 7, 1))
            make_question(project, personas.manager)
            for week in (date(2024, 6, 3), LAST_WEEK):
                make_entry(project, week)

    fill(0, 2)
    few = queries()
    fill(2, 12)
    assert queries() == few
    assert few <= 16


def test_reported_percent_stands_beside_that_of_the_milestones_when_they_differ(
    personas: Personas,
) -> None:
    make_milestone(personas.project, "一期", percent=60, week=LAST_WEEK)
    make_milestone(personas.project, "二期", percent=90, weight=2, week=LAST_WEEK)
    make_entry(personas.project, LAST_WEEK, percent=72)
    client = personas.client("lead")
    both = "As you report it; by milestones 80%"
    assert text(client.get(ADDRESS), ".fields .live > .small") == both
    assert text(client.get(ADDRESS), ".fields .live > span > b") == "72%"
    sent = {"text": "联调", "health": "on_track", "revision": "0", "percent": ""}
    answer = client.post(
        f"/t/pay/projects/{personas.project.pk}/checkin/reading/", sent, headers=HTMX
    )
    assert text(answer, ".live > .small") == "Left empty: by milestones"
    assert text(answer, ".live > span > b") == "80%"


@pytest.mark.parametrize(
    ("exceptions", "idle_week", "cutoff"),
    [
        ({}, "skip", "due Friday 15:30"),
        ({22: True}, "skip", "due Saturday 15:30"),
        ({20: False, 21: False}, "skip", "due Wednesday 15:30"),
        ({19: False, 20: False, 21: False}, "skip", "past the cutoff"),
        (dict.fromkeys(range(17, 22), False), "skip", "no working day this week"),
        (
            dict.fromkeys(range(17, 22), False),
            "merge",
            "no working day this week, due together with the next",
        ),
    ],
)
def test_heading_names_the_last_working_day(
    personas: Personas, exceptions: dict[int, bool], idle_week: str, cutoff: str
) -> None:
    personas.team.cutoff_time = time(15, 30)
    personas.team.idle_week = idle_week
    personas.team.save()
    for day, is_working in exceptions.items():
        DayException.objects.create(
            team=personas.team, day=date(2024, 6, day), is_working=is_working
        )
    assert text(personas.client("lead").get(ADDRESS), "h1 small") == f"2024-W25 · {cutoff}"


def test_draft_opens_by_itself_and_is_named_on_a_line(personas: Personas) -> None:
    make_entry(personas.project)
    second = make_project(personas.team, "DocAI", lead=personas.lead)
    make_entry(second)
    drafts.save(personas.lead, second, WEEK, {"text": "打了一半"}, seen=1)
    client = personas.client("lead")
    assert text(client.get(ADDRESS), ".checkin-open [name=text]") == "打了一半"
    page = client.get(ADDRESS, {"open": personas.project.pk})
    assert text(page, ".checkin-row .draft") == "Draft not saved"


def test_folded_card_keeps_its_open_question(personas: Personas) -> None:
    question = make_question(personas.project, personas.manager, "工行联调定在哪天？")
    make_entry(personas.project)
    page = personas.client("lead").get(ADDRESS)
    assert element(page, f"#question_{question.pk} button")["formaction"] == (
        f"/t/pay/questions/{question.pk}/answer/"
    )


def test_navigation_counts_projects_questions_and_numbers_that_wait(personas: Personas) -> None:
    client = personas.client("lead")
    make_metric(personas.team, "累计户数", project=personas.project)
    make_project(personas.team, "DocAI", lead=personas.lead)
    make_project(personas.team, "POS", lead=personas.other_lead)

    def owed() -> list[str]:
        page = client.get(ADDRESS)
        return [text(page, "[data-owed]"), client.get(f"{ADDRESS}owed/").text]

    assert owed() == ["3 to do", "3"]
    make_entry(personas.project)
    assert owed() == ["2 to do", "2"]
    make_question(personas.project, personas.manager)
    assert owed() == ["3 to do", "3"]


# --- what was promised last week --------------------------------------------------------------


@pytest.fixture
def item(personas: Personas) -> PlannedItem:
    return promise(personas, "贝易转路由灰度")


def promise(personas: Personas, text: str) -> PlannedItem:
    return PlannedItem.objects.create(team=personas.team, week=LAST_WEEK, text=text)


def outcome_of(item: PlannedItem) -> str:
    return f"/t/pay/plan/{item.pk}/outcome/"


def test_lead_sees_promises_that_name_their_projects_a_manager_all(
    personas: Personas, item: PlannedItem
) -> None:
    make_project(personas.team, "POS", lead=personas.other_lead)
    promise(personas, "POS 提测")
    mine = texts(personas.client("lead").get(ADDRESS), ".promised .tick")
    assert mine == ["贝易转路由灰度: done"]
    everything = texts(personas.client("manager").get(ADDRESS, {"of": "all"}), ".promised .tick")
    assert everything == ["贝易转路由灰度: done", "POS 提测: done"]


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_outcome_is_saved_with_who_told_it(
    personas: Personas, item: PlannedItem, name: str
) -> None:
    response = personas.client(name).post(outcome_of(item), {"outcome": "done"})
    assert response["Location"] == ADDRESS
    item.refresh_from_db()
    assert item.outcome == "done"
    assert AuditRecord.objects.get().by == getattr(personas, name)


def test_lead_cannot_judge_what_names_none_of_their_projects(personas: Personas) -> None:
    item = promise(personas, "新人培训")
    assert personas.client("lead").post(outcome_of(item), {"outcome": "done"}).status_code == 403
    item.refresh_from_db()
    assert item.outcome == ""
    assert personas.client("manager").post(outcome_of(item), {"outcome": "done"}).status_code == 302


def test_for_htmx_the_line_comes_back_and_can_be_taken_back(
    personas: Personas, item: PlannedItem
) -> None:
    client = personas.client("lead")
    line = client.post(outcome_of(item), {"outcome": "done"}, headers=HTMX)
    assert element(line, ".tick")["aria-pressed"] == "true"
    line = client.post(outcome_of(item), {"outcome": ""}, headers=HTMX)
    assert element(line, ".tick")["aria-pressed"] == "false"


def test_the_other_outcomes_are_at_hand(personas: Personas, item: PlannedItem) -> None:
    line = personas.client("lead").post(outcome_of(item), {"outcome": "partly"}, headers=HTMX)
    assert text(line, "summary .chip") == "partly done"
    item.refresh_from_db()
    assert item.outcome == "partly"


def test_unknown_outcome_is_refused(personas: Personas, item: PlannedItem) -> None:
    response = personas.client("lead").post(outcome_of(item), {"outcome": "won"})
    assert response.status_code == 400
    item.refresh_from_db()
    assert item.outcome == ""

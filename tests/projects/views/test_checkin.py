from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import drafts
from projects.models import DayException, Health, PlannedItem
from tests.conftest import Personas
from tests.factories import make_entry, make_milestone, make_project, make_question, make_stage

ADDRESS = "/t/pay/checkin/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 302),
        ("outsider", 404),
        ("viewer", 403),
        ("lead", 200),
        ("other_lead", 200),
        ("manager", 200),
    ],
)
def test_who_has_something_to_report(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_a_lead_sees_their_own_projects_those_that_wait_first(personas: Personas) -> None:
    make_entry(personas.project)
    make_project(personas.team, "DocAI", lead=personas.lead)
    make_project(personas.team, "POS", lead=personas.other_lead)
    page = personas.client("lead").get(ADDRESS).content.decode()
    assert "POS" not in page
    assert page.index("DocAI") < page.index("贝易转")
    assert page.count('<form class="checkin"') == 1  # the one that waits
    assert ">Updated </span>1 / 2<" in page


def test_a_lead_cannot_ask_for_the_whole_team(personas: Personas) -> None:
    make_project(personas.team, "POS", lead=personas.other_lead)
    page = personas.client("lead").get(ADDRESS, {"of": "all"}).content.decode()
    assert "POS" not in page


def test_a_manager_sees_the_whole_team_when_asked_or_without_projects(personas: Personas) -> None:
    client = personas.client("manager")
    assert "贝易转" in client.get(ADDRESS).content.decode()
    make_project(personas.team, "POS", lead=personas.manager)
    assert "贝易转" not in client.get(ADDRESS).content.decode()
    assert "贝易转" in client.get(ADDRESS, {"of": "all"}).content.decode()


def test_a_paused_project_owes_nothing_but_can_be_taken_up_again(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), health=Health.PAUSED)
    make_project(personas.team, "DocAI", lead=personas.lead)
    client = personas.client("lead")
    page = client.get(ADDRESS).content.decode()
    assert page.index("DocAI") < page.index("贝易转")
    assert page.count('<form class="checkin"') == 1
    assert ">Updated </span>0 / 1<" in page
    data = {"text": "继续", "health": "on_track", "revision": "0"}
    address = f"/t/pay/projects/{personas.project.pk}/checkin/"
    page = client.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert ">Updated </span>1 / 2<" in page


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}?of=all"])
def test_a_manager_who_leads_nothing_is_offered_no_list_of_their_own(
    personas: Personas, address: str
) -> None:
    page = personas.client("manager").get(address).content.decode()
    assert "贝易转" in page
    assert "Only mine" not in page
    make_project(personas.team, "POS", lead=personas.manager)
    page = personas.client("manager").get(address).content.decode()
    assert ("Only mine" in page) is address.endswith("all")


def test_closed_projects_owe_nothing(personas: Personas) -> None:
    personas.project.closed_on = date(2024, 6, 14)
    personas.project.save()
    assert "Nothing to report" in personas.client("lead").get(ADDRESS).content.decode()


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("lead")
    make_stage(personas.team)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_milestone(project, percent=10, due_on=date(2024, 7, 1))
            make_question(project, personas.manager)
            for week in (date(2024, 6, 3), date(2024, 6, 10)):
                make_entry(project, week)

    fill(0, 2)
    few = queries()
    fill(2, 12)
    assert queries() == few
    assert few <= 12


def test_a_percent_that_is_not_what_the_milestones_add_up_to_stands_beside_it(
    personas: Personas,
) -> None:
    make_milestone(personas.project, "一期", percent=60, week=date(2024, 6, 10))
    make_milestone(personas.project, "二期", percent=90, weight=2, week=date(2024, 6, 10))
    make_entry(personas.project, date(2024, 6, 10), percent=72)
    client = personas.client("lead")
    both = "milestones by weight 80% · reported 72%"
    assert both in client.get(ADDRESS).content.decode()
    entry = make_entry(personas.project, percent=72)
    entry.weighted_percent = Decimal(80)
    entry.save()
    assert both in client.get(ADDRESS).content.decode()
    entry.weighted_percent = entry.percent
    entry.save()
    assert "milestones by weight" not in client.get(ADDRESS).content.decode()


def test_the_cutoff_and_what_was_promised_stand_beside_the_cards(personas: Personas) -> None:
    personas.team.cutoff_time = time(15, 30)
    personas.team.save()
    PlannedItem.objects.create(team=personas.team, week=date(2024, 6, 10), text="贝易转路由灰度")
    page = personas.client("lead").get(ADDRESS).content.decode()
    assert "due Friday 15:30" in page
    assert "贝易转路由灰度" in page


@pytest.mark.parametrize(
    ("exceptions", "idle_week", "said"),
    [
        ({}, "skip", "due Friday 16:00"),
        ({22: True}, "skip", "due Saturday 16:00"),
        ({20: False, 21: False}, "skip", "due Wednesday 16:00"),
        ({19: False, 20: False, 21: False}, "skip", "past the cutoff"),
        (dict.fromkeys(range(17, 22), False), "skip", "no working day this week<"),
        (
            dict.fromkeys(range(17, 22), False),
            "merge",
            "no working day this week, due together with the next<",
        ),
    ],
)
def test_the_head_names_the_last_working_day(
    personas: Personas, exceptions: dict[int, bool], idle_week: str, said: str
) -> None:
    personas.team.idle_week = idle_week
    personas.team.save()
    for day, is_working in exceptions.items():
        DayException.objects.create(
            team=personas.team, day=date(2024, 6, day), is_working=is_working
        )
    assert said in personas.client("lead").get(ADDRESS).content.decode()


def test_an_open_form_stands_before_the_folded_ones(personas: Personas) -> None:
    make_entry(personas.project)
    second = make_project(personas.team, "DocAI", lead=personas.lead)
    make_entry(second)
    typed = {"text": "打了一半"}
    drafts.save(
        personas.lead,
        second,
        date(2024, 6, 17),
        typed,
        seen=1,
    )
    page = personas.client("lead").get(ADDRESS).content.decode()
    assert page.index("DocAI") < page.index("贝易转")

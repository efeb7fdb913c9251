from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import drafts
from projects.models import StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_project

HTMX = {"HX-Request": "true"}
LAST_WEEK = date(2024, 6, 10)
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/confirm/"


def this_week(personas: Personas) -> StatusEntry | None:
    return StatusEntry.objects.filter(project=personas.project, week=WEEK).first()


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not(personas: Personas, name: str, status: int) -> None:
    make_entry(personas.project, LAST_WEEK)
    assert personas.client(name).post(address(personas)).status_code == status
    assert this_week(personas) is None


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_last_weeks_words_stand_for_this_week(personas: Personas, name: str) -> None:
    make_entry(personas.project, LAST_WEEK, "路由灰度中", 63)
    response = personas.client(name).post(address(personas))
    assert response["Location"] == "/t/pay/checkin/"
    entry = this_week(personas)
    assert entry is not None
    assert (entry.text, entry.percent, entry.source) == ("路由灰度中", 63, "confirmed")
    assert entry.author == getattr(personas, name)


def test_a_manager_goes_back_to_the_page_of_the_whole_team(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK)
    response = personas.client("manager").post(address(personas), {"of": "all"})
    assert response["Location"] == "/t/pay/checkin/?of=all"


def test_for_htmx_the_folded_card_comes_back_with_the_count(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK)
    make_project(personas.team, "DocAI", lead=personas.lead)
    page = personas.client("lead").post(address(personas), headers=HTMX).content.decode()
    assert "No change, confirmed" in page
    assert ">Updated </span>1 / 2<" in page
    assert "data-waiting" not in page
    assert "data-saved" in page
    assert "<textarea" not in page


def test_an_entry_of_this_week_is_left_as_it_is(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK, "上周的话")
    make_entry(personas.project, text="经理写的", author=personas.manager)
    for _ in range(2):
        assert personas.client("lead").post(address(personas)).status_code == 302
    entry = this_week(personas)
    assert entry is not None
    assert (entry.text, entry.author, entry.revision) == ("经理写的", personas.manager, 1)


def test_without_an_earlier_entry_the_form_opens_and_says_why(personas: Personas) -> None:
    response = personas.client("lead").post(address(personas), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no earlier update to confirm" in page
    assert "<textarea" in page
    assert this_week(personas) is None


def test_what_was_typed_and_not_sent_is_not_passed_over(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK)
    drafts.save(
        personas.lead,
        personas.project,
        WEEK,
        {"text": "打了一半"},
        seen=0,
    )
    response = personas.client("lead").post(address(personas), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert "打了一半" in page
    assert this_week(personas) is None
    assert personas.client("manager").post(address(personas)).status_code == 302  # has no draft


def test_the_button_is_there_only_where_there_is_something_to_confirm(personas: Personas) -> None:
    client = personas.client("lead")
    assert address(personas) not in client.get("/t/pay/checkin/").content.decode()
    make_entry(personas.project, LAST_WEEK)
    assert address(personas) in client.get("/t/pay/checkin/").content.decode()
    make_entry(personas.project)
    assert address(personas) not in client.get("/t/pay/checkin/").content.decode()


def test_no_other_method(personas: Personas) -> None:
    assert personas.client("lead").get(address(personas)).status_code == 405


@pytest.mark.parametrize("size", [1, 12])
def test_a_fixed_number_of_queries(personas: Personas, size: int) -> None:
    client = personas.client("lead")
    make_entry(personas.project, LAST_WEEK)
    for number in range(size):
        make_milestone(personas.project, f"里程碑{number}", percent=10)
        make_entry(make_project(personas.team, f"项目{number}", lead=personas.lead), LAST_WEEK)
    with CaptureQueriesContext(connection) as captured:
        assert client.post(address(personas), headers=HTMX).status_code == 200
    assert len(captured) <= 24

from __future__ import annotations

import pytest

from projects.models import AuditRecord, PlannedItem
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import WEEK, make_project

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def item(personas: Personas) -> PlannedItem:
    return promise(personas, "贝易转路由灰度")


def promise(personas: Personas, text: str) -> PlannedItem:
    return PlannedItem.objects.create(team=personas.team, week=WEEK - ONE_WEEK, text=text)


def address(item: PlannedItem) -> str:
    return f"/t/pay/plan/{item.pk}/outcome/"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 302),
        ("outsider", 404),
        ("viewer", 403),
        ("other_lead", 403),  # it names no project of theirs
    ],
)
def test_who_may_not(personas: Personas, item: PlannedItem, name: str, status: int) -> None:
    response = personas.client(name).post(address(item), {"outcome": "done"})
    assert response.status_code == status
    item.refresh_from_db()
    assert item.outcome == ""


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_who_may(personas: Personas, item: PlannedItem, name: str) -> None:
    response = personas.client(name).post(address(item), {"outcome": "done"})
    assert response["Location"] == "/t/pay/checkin/"
    item.refresh_from_db()
    assert item.outcome == "done"
    assert AuditRecord.objects.get().by == getattr(personas, name)


def test_a_lead_has_no_say_in_what_names_none_of_their_projects(personas: Personas) -> None:
    item = promise(personas, "新人培训")
    assert personas.client("lead").post(address(item), {"outcome": "done"}).status_code == 403
    assert personas.client("manager").post(address(item), {"outcome": "done"}).status_code == 302


def test_for_htmx_the_line_comes_back_and_can_be_taken_back(
    personas: Personas, item: PlannedItem
) -> None:
    client = personas.client("lead")
    page = client.post(address(item), {"outcome": "done"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in page
    page = client.post(address(item), {"outcome": ""}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' not in page


def test_the_other_outcomes_are_at_hand(personas: Personas, item: PlannedItem) -> None:
    client = personas.client("lead")
    page = client.post(address(item), {"outcome": "partly"}, headers=HTMX).content.decode()
    assert "partly done" in page
    item.refresh_from_db()
    assert item.outcome == "partly"


def test_an_unknown_outcome_is_refused(personas: Personas, item: PlannedItem) -> None:
    response = personas.client("lead").post(address(item), {"outcome": "won"})
    assert response.status_code == 400
    item.refresh_from_db()
    assert item.outcome == ""


def test_a_lead_sees_what_names_their_projects_a_manager_everything(
    personas: Personas, item: PlannedItem
) -> None:
    make_project(personas.team, "POS", lead=personas.other_lead)
    promise(personas, "POS 提测")
    page = personas.client("lead").get("/t/pay/checkin/").content.decode()
    assert "贝易转路由灰度" in page
    assert "POS 提测" not in page
    page = personas.client("manager").get("/t/pay/checkin/", {"of": "all"}).content.decode()
    assert "贝易转路由灰度" in page
    assert "POS 提测" in page


def test_no_other_method(personas: Personas, item: PlannedItem) -> None:
    assert personas.client("lead").get(address(item)).status_code == 405

"""The manager takes note of all dates that moved, and the list shows them no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projects import facts
from projects.checkin import ledger
from projects.models import AuditRecord, Milestone
from reports.models import WeeklyPage
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone
from tests.html import attribute, elements, text, texts

HTMX = {"HX-Request": "true"}
ADDRESS = "/t/pay/moves/acknowledge/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def milestone(personas: Personas) -> Milestone:
    """It moved by a week, this week."""
    last_week = WEEK - timedelta(weeks=1)
    milestone = make_milestone(
        personas.project, due_on=WEEK + timedelta(20), week=WEEK - timedelta(weeks=2)
    )
    make_entry(personas.project, last_week)
    make_entry(personas.project)
    move(milestone, 27)
    return milestone


def move(milestone: Milestone, days: int) -> None:
    ledger.move_due_date(milestone, WEEK + timedelta(days), "day", week=WEEK, reason="等专线")
    facts.announce(milestone.team, [WEEK])


def shown(personas: Personas) -> dict[str, list[str]]:
    """What the form on the dashboard sends."""
    page = personas.client("manager").get("/t/pay/")
    fields = elements(page, "#todo-moved .bulk input")
    return {
        name: [str(field["value"]) for field in fields if field["name"] == name]
        for name in ("week", "move")
    }


def test_moves_that_were_noted_are_listed_no_more_until_one_moves_again(
    personas: Personas, milestone: Milestone
) -> None:
    client = personas.client("manager")
    block = client.post(ADDRESS, shown(personas), headers=HTMX)
    assert texts(block, "#todo-moved .result") == ["✓ 10:00 acknowledged"]
    assert attribute(block, "#todo-moved .result", "title") == "林岚"
    assert text(block, ".notice") == "1 moved date acknowledged."
    assert not elements(block, "#todo-moved .bulk")
    for name in ("manager", "viewer"):
        assert not elements(personas.client(name).get("/t/pay/"), "#todo-moved")
    move(milestone, 34)
    assert len(elements(client.get("/t/pay/"), "#todo-moved .item")) == 1


def test_who_noted_what_and_when_is_kept(personas: Personas, milestone: Milestone) -> None:
    form = shown(personas)
    client = personas.client("manager")
    for sentence in ("1 moved date acknowledged.", "These dates were acknowledged already."):
        assert sentence in client.post(ADDRESS, form, follow=True).content.decode()
    page = WeeklyPage.objects.get(week=WEEK)
    (note,) = page.acknowledged.values()
    assert note["by"] == "林岚"
    assert note["at"].startswith("2024-06-19")
    record = AuditRecord.objects.get(action="move.acknowledge")
    assert (record.by, record.after) == (personas.manager, {"moves": form["move"]})


def test_only_moves_that_the_form_showed_are_noted(
    personas: Personas, milestone: Milestone
) -> None:
    form = shown(personas)
    move(milestone, 34)
    personas.client("manager").post(ADDRESS, form | {"move": [*form["move"], "x", ""]})
    assert WeeklyPage.objects.get(week=WEEK).acknowledged == {}


@pytest.mark.parametrize("name", ["lead", "viewer"])
def test_only_a_manager_takes_note(personas: Personas, milestone: Milestone, name: str) -> None:
    assert not elements(personas.client(name).get("/t/pay/"), "#todo-moved .bulk")
    assert personas.client(name).post(ADDRESS, shown(personas)).status_code == 403

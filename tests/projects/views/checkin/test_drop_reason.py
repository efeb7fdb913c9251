"""The form asks why the project's percent falls, in the check-in and in the milestone editor."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.checkin import milestones, recording
from projects.models import Milestone, StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone
from tests.html import attribute, element, elements, text, texts

HTMX = {"HX-Request": "true"}
LAST_WEEK = date(2024, 6, 10)
ASKED = ".drop-reason label"
WHY = "Completion falls from 72% to 36%: why?"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def milestone(personas: Personas) -> Milestone:
    """At 72% last week and now."""
    milestone = make_milestone(personas.project, percent=72, week=LAST_WEEK)
    make_entry(personas.project, LAST_WEEK, percent=72)
    StatusEntry.objects.update(weighted_percent=72)
    return milestone


def address(personas: Personas, path: str = "checkin/") -> str:
    return f"/t/pay/projects/{personas.project.pk}/{path}"


def typed(**fields: str) -> dict[str, str]:
    sent = {"text": "二期立项", "health": "on_track", "revision": "0", "asked_of": ""}
    return sent | fields


NEW = {"new-name": "二期", "new-percent": "0"}


@pytest.mark.parametrize("headers", [None, HTMX])
def test_form_asks_and_keeps_everything(
    personas: Personas, milestone: Milestone, headers: dict[str, str] | None
) -> None:
    client = personas.client("lead")
    answer = client.post(address(personas), typed() | NEW, headers=headers)
    assert answer.status_code == 422
    assert texts(answer, ASKED) == [WHY]
    assert attribute(answer, "[name=new-name]", "value") == "二期"
    assert text(answer, "[name=text]") == "二期立项"
    saved = client.post(address(personas), typed(drop_reason="范围扩大") | NEW, headers=headers)
    assert saved.status_code in {200, 302}
    assert StatusEntry.objects.get(week=WEEK).drop_reason == "范围扩大"


def test_form_asks_while_it_is_filled_in_and_leaves_what_is_typed_there(
    personas: Personas, milestone: Milestone
) -> None:
    client, reading = personas.client("lead"), address(personas, "checkin/reading/")
    answer = client.post(reading, typed() | NEW, headers=HTMX)
    assert texts(answer, ASKED) == [WHY]
    asked_of = attribute(answer, "[name=asked_of]", "value")
    again = client.post(reading, typed(asked_of=asked_of, drop_reason="范") | NEW, headers=HTMX)
    assert not elements(again, ".drop-reason")
    back = client.post(reading, typed(asked_of=asked_of), headers=HTMX)
    assert not elements(back, ".drop-reason .reason")
    assert attribute(back, "[name=asked_of]", "value") == ""


def test_line_that_drops_asks_for_its_own_reason_alone(
    personas: Personas, milestone: Milestone
) -> None:
    sent = typed() | {f"m{milestone.pk}-percent": "50", f"m{milestone.pk}-reason": "返工"}
    reading = address(personas, "checkin/reading/")
    answer = personas.client("lead").post(reading, sent, headers=HTMX)
    assert not elements(answer, ".drop-reason")
    assert personas.client("lead").post(address(personas), sent).status_code == 302


def test_nobody_confirms_less_in_silence(personas: Personas, milestone: Milestone) -> None:
    milestones.add(personas.project, "二期", percent=Decimal(0), by=None)
    answer = personas.client("lead").post(address(personas, "checkin/confirm/"))
    assert answer.status_code == 422
    assert texts(answer, ASKED) == [WHY]


@pytest.mark.parametrize("headers", [None, HTMX])
class TestEditor:
    @pytest.fixture(autouse=True)
    def reported(self, personas: Personas, milestone: Milestone) -> None:
        check_in = recording.CheckIn("联调", "on_track")
        recording.record(personas.project, WEEK, check_in, by=personas.lead)

    def test_new_milestone(self, personas: Personas, headers: dict[str, str] | None) -> None:
        client, sent = personas.client("lead"), {"name": "二期", "weight": "1", "percent": "0"}
        answer = client.post(address(personas, "milestones/"), sent, headers=headers)
        assert (answer.status_code, texts(answer, ASKED)) == (422, [WHY])
        assert element(answer, ".details.new [name=drop_reason]")
        assert attribute(answer, ".details.new [name=name]", "value") == "二期"
        sent["drop_reason"] = "范围扩大"
        client.post(address(personas, "milestones/"), sent, headers=headers)
        assert StatusEntry.objects.get(week=WEEK).drop_reason == "范围扩大"

    def test_brought_back(self, personas: Personas, headers: dict[str, str] | None) -> None:
        dropped = make_milestone(personas.project, "二期", percent=0)
        milestones.close(dropped, "不做了", by=None)
        client, path = personas.client("lead"), f"milestones/{dropped.pk}/reopen/"
        answer = client.post(address(personas, path), headers=headers)
        assert (answer.status_code, texts(answer, ASKED)) == (422, [WHY])
        client.post(address(personas, path), {"reason": "又要做了"}, headers=headers)
        assert StatusEntry.objects.get(week=WEEK).drop_reason == "又要做了"

    def test_removed(
        self, personas: Personas, milestone: Milestone, headers: dict[str, str] | None
    ) -> None:
        make_milestone(personas.project, "二期", percent=36)
        StatusEntry.objects.filter(week=WEEK).update(percent=54, weighted_percent=54)
        client, path = personas.client("lead"), f"milestones/{milestone.pk}/remove/"
        answer = client.post(address(personas, path), headers=headers)
        assert (answer.status_code, texts(answer, ASKED)) == (422, [WHY])
        sent = {f"milestone-{milestone.pk}-remove-drop_reason": "记错了"}
        client.post(address(personas, path), sent, headers=headers)
        assert StatusEntry.objects.get(week=WEEK).drop_reason == "记错了"

    def test_form_beside_the_editor_is_renewed_and_asks_no_more(
        self, personas: Personas, headers: dict[str, str] | None
    ) -> None:
        client, sent = personas.client("lead"), {"name": "二期", "weight": "1", "percent": "0"}
        sent["drop_reason"] = "范围扩大"
        client.post(address(personas, "milestones/"), sent, headers=headers)
        rows = client.get(address(personas, "checkin/milestones/"), headers=headers)
        assert "36%" in text(rows, "[id^=weighted]")
        reading = address(personas, "checkin/reading/")
        assert not elements(client.post(reading, typed(), headers=HTMX), ".drop-reason")

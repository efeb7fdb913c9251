"""Drafts of the check-in: kept while somebody types, shown again, discarded."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.checkin import drafts
from projects.models import Draft, StatusEntry, User
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone
from tests.html import element, text

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/draft/"


def test_htmx_is_told_that_the_session_has_ended(personas: Personas) -> None:
    response = personas.client("anonymous").post(address(personas), headers=HTMX)
    assert response.status_code == 401


def test_draft_is_kept_and_the_page_says_when(personas: Personas) -> None:
    sent = {"text": "打了一半", "revision": "0"}
    response = personas.client("lead").post(address(personas), sent, headers=HTMX)
    assert text(response, "span") == "Draft saved 10:00"  # by the team's clock
    draft = Draft.objects.get()
    assert (draft.user, draft.week, draft.field) == (personas.lead, WEEK, "text")
    assert (draft.value, draft.seen) == ("打了一半", "0")
    assert not StatusEntry.objects.exists()


def test_wrong_input_is_kept_as_it_is(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=60)
    field = f"m{milestone.pk}-percent"
    sent = {field: "七成", "percent": "120", "text": "长" * 10_001, "revision": "x"}
    assert personas.client("lead").post(address(personas), sent).status_code == 302
    kept_values = dict(Draft.objects.values_list("field", "value"))
    assert kept_values == {field: "七成", "percent": "120", "text": "长" * 10_001}


def test_only_fields_of_the_form_are_kept(personas: Personas) -> None:
    sent = {"text": "打了一半", "revision": "0", "opened": "{}", "m999-percent": "1", "x": "y"}
    personas.client("lead").post(address(personas), sent)
    assert list(Draft.objects.values_list("field", flat=True)) == ["text"]


def test_text_that_stands_there_already_needs_no_draft(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成")
    client = personas.client("lead")
    client.post(address(personas), {"text": "联调完成，待", "revision": "1"})
    response = client.post(address(personas), {"text": "联调完成", "revision": "1"}, headers=HTMX)
    assert not Draft.objects.exists()
    assert response.text.strip() == ""


def test_draft_stands_in_its_writers_form_and_in_nobody_elses(personas: Personas) -> None:
    lead, manager = personas.client("lead"), personas.client("manager")
    lead.post(address(personas), {"text": "打了一半", "revision": "0"})
    for path in ("/t/pay/checkin/", f"/t/pay/projects/{personas.project.pk}/checkin/"):
        page = lead.get(path)
        assert text(page, "[name=text]") == "打了一半"
        assert text(page, ".draft-state span") == "Draft, 10:00, not saved yet"
        assert "打了一半" not in manager.get(path, {"of": "all"}).text


def test_draft_opens_a_card_that_was_updated_already(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成")
    client = personas.client("lead")
    client.post(address(personas), {"text": "联调完成，待提测", "revision": "1"})
    assert text(client.get("/t/pay/checkin/"), "[name=text]") == "联调完成，待提测"


def test_draft_over_an_older_text_is_compared_with_the_newer_one(personas: Personas) -> None:
    client = personas.client("lead")
    make_entry(personas.project, text="经理写的", author=personas.manager)
    sent = {"text": "打了一半", "revision": "0"}
    response = client.post(address(personas), sent, headers=HTMX)
    assert text(response, ".stale").startswith("林岚 saved this project")
    page = client.get("/t/pay/checkin/")
    assert text(page, "p.theirs") == "经理写的"
    assert text(page, "[name=text]") == "打了一半"
    assert element(page, "button[value=theirs]")
    assert StatusEntry.objects.get().text == "经理写的"


def test_draft_remembers_the_older_revision_until_its_writer_has_chosen(
    personas: Personas,
) -> None:
    client = personas.client("lead")
    make_entry(personas.project, text="经理写的", author=personas.manager)
    sent = {"text": "打了一半", "health": "on_track", "revision": "0"}
    checkin = f"/t/pay/projects/{personas.project.pk}/checkin/"
    card = client.post(checkin, sent, headers=HTMX)
    assert element(card, "[name=typed_over]")["value"] == "0"
    client.post(address(personas), {"text": "打了一半，", "revision": "1", "typed_over": "0"})
    assert Draft.objects.get().seen == "0"
    assert text(client.get("/t/pay/checkin/"), "p.theirs") == "经理写的"


def test_saving_ends_the_draft(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(address(personas), {"text": "打了一半", "revision": "0"})
    sent = {"text": "打完了", "health": "on_track", "revision": "0"}
    client.post(f"/t/pay/projects/{personas.project.pk}/checkin/", sent)
    assert not Draft.objects.exists()


def test_refused_form_keeps_the_draft(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(address(personas), {"text": "打了一半", "revision": "0"})
    sent = {"text": "打了一半", "health": "on_track", "percent": "120", "revision": "0"}
    response = client.post(f"/t/pay/projects/{personas.project.pk}/checkin/", sent)
    assert response.status_code == 422
    assert Draft.objects.get().value == "打了一半"


def test_draft_of_last_week_is_not_shown_this_week(personas: Personas) -> None:
    Draft.objects.create(
        team=personas.team,
        user=personas.lead,
        project=personas.project,
        week=date(2024, 6, 10),
        field="text",
        value="上周的草稿",
    )
    assert "上周的草稿" not in personas.client("lead").get("/t/pay/checkin/").text


def test_form_of_a_past_week_is_shown_again_and_not_saved(personas: Personas) -> None:
    sent = {
        "text": "周五写的",
        "health": "on_track",
        "revision": "2",
        "week": "2024-06-10",
        "opened": json.dumps({"text": "", "health": "on_track"}),
    }
    checkin = f"/t/pay/projects/{personas.project.pk}/checkin/"
    response = personas.client("lead").post(checkin, sent)
    assert response.status_code == 422
    assert "typed in a week that is over" in text(response, "form.checkin > .notice")
    assert text(response, "[name=text]") == "周五写的"
    assert element(response, "[name=revision]")["value"] == "0"
    assert not StatusEntry.objects.exists()


@pytest.mark.parametrize("size", [1, 12])
def test_number_of_queries_does_not_grow_with_the_fields(personas: Personas, size: int) -> None:
    client = personas.client("lead")
    milestones = [make_milestone(personas.project, f"M{n}", percent=10) for n in range(size)]
    sent = {f"m{milestone.pk}-percent": "20" for milestone in milestones}
    with CaptureQueriesContext(connection) as captured:
        client.post(address(personas), {**sent, "revision": "0"}, headers=HTMX)
    assert Draft.objects.count() == size
    assert len(captured) <= 13


# --- discarded --------------------------------------------------------------------------------


def discard_address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/draft/discard/"


def keep(personas: Personas, user: User) -> None:
    drafts.save(user, personas.project, WEEK, {"text": "打了一半"}, seen=0)


def test_discarding_ends_ones_own_draft_only(personas: Personas) -> None:
    keep(personas, personas.lead)
    keep(personas, personas.manager)
    response = personas.client("lead").post(discard_address(personas))
    assert response["Location"] == (
        f"/t/pay/checkin/?open={personas.project.pk}#checkin_card_{personas.project.pk}"
    )
    assert Draft.objects.get(discarded_at=None).user == personas.manager


def test_discarding_by_htmx_gets_the_card_as_it_stands(personas: Personas) -> None:
    make_entry(personas.project, text="已存的话")
    keep(personas, personas.lead)
    card = personas.client("lead").post(discard_address(personas), headers=HTMX)
    assert text(card, "[name=text]") == "已存的话"

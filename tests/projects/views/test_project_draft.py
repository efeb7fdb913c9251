from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Draft, StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/draft/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not(personas: Personas, name: str, status: int) -> None:
    said = {"text": "打了一半", "revision": "0"}
    assert personas.client(name).post(address(personas), said).status_code == status
    assert not Draft.objects.exists()


def test_an_ended_session_is_told_to_htmx(personas: Personas) -> None:
    response = personas.client("anonymous").post(address(personas), headers=HTMX)
    assert response.status_code == 401


def test_what_was_typed_is_kept_and_the_page_says_when(personas: Personas) -> None:
    said = {"text": "打了一半", "revision": "0"}
    response = personas.client("lead").post(address(personas), said, headers=HTMX)
    assert "Draft kept 10:00" in response.content.decode()  # by the team's clock
    draft = Draft.objects.get()
    assert (draft.user, draft.week, draft.field) == (personas.lead, WEEK, "text")
    assert (draft.value, draft.seen) == ("打了一半", "0")
    assert not StatusEntry.objects.exists()


def test_wrong_input_is_kept_as_it_is(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=60)
    field = f"m{milestone.pk}-percent"
    said = {field: "七成", "percent": "120", "text": "长" * 10_001, "revision": "x"}
    assert personas.client("lead").post(address(personas), said).status_code == 302
    kept = dict(Draft.objects.values_list("field", "value"))
    assert kept == {field: "七成", "percent": "120", "text": "长" * 10_001}


def test_only_fields_of_the_form_are_kept(personas: Personas) -> None:
    said = {"text": "打了一半", "revision": "0", "opened": "{}", "m999-percent": "1", "x": "y"}
    personas.client("lead").post(address(personas), said)
    assert list(Draft.objects.values_list("field", flat=True)) == ["text"]


def test_what_stands_there_already_needs_no_draft(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成")
    client = personas.client("lead")
    client.post(address(personas), {"text": "联调完成，待", "revision": "1"})
    response = client.post(address(personas), {"text": "联调完成", "revision": "1"}, headers=HTMX)
    assert not Draft.objects.exists()
    assert "Draft" not in response.content.decode()


def test_the_draft_stands_in_the_form_and_in_nobody_elses(personas: Personas) -> None:
    lead, manager = personas.client("lead"), personas.client("manager")
    lead.post(address(personas), {"text": "打了一半", "revision": "0"})
    for path in ("/t/pay/checkin/", f"/t/pay/projects/{personas.project.pk}/checkin/"):
        page = lead.get(path).content.decode()
        assert "打了一半" in page
        assert "Draft, 10:00, not saved yet" in page
        assert "打了一半" not in manager.get(path, {"of": "all"}).content.decode()


def test_a_draft_opens_a_card_that_was_updated_already(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成")
    client = personas.client("lead")
    client.post(address(personas), {"text": "联调完成，待提测", "revision": "1"})
    page = client.get("/t/pay/checkin/").content.decode()
    assert "联调完成，待提测" in page


def test_who_types_over_an_older_text_learns_of_the_newer_one(personas: Personas) -> None:
    client = personas.client("lead")
    make_entry(personas.project, text="经理写的", author=personas.manager)
    said = {"text": "打了一半", "revision": "0"}
    page = client.post(address(personas), said, headers=HTMX).content.decode()
    assert "林岚 saved this project" in page
    page = client.get("/t/pay/checkin/").content.decode()
    assert "经理写的" in page
    assert "打了一半" in page
    assert 'value="theirs"' in page
    assert StatusEntry.objects.get().text == "经理写的"


def test_a_draft_stays_one_over_the_older_text_until_its_writer_has_chosen(
    personas: Personas,
) -> None:
    client = personas.client("lead")
    make_entry(personas.project, text="经理写的", author=personas.manager)
    said = {"text": "打了一半", "health": "on_track", "revision": "0"}
    checkin = f"/t/pay/projects/{personas.project.pk}/checkin/"
    page = client.post(checkin, said, headers=HTMX).content.decode()
    assert 'name="typed_over" value="0"' in page
    client.post(address(personas), {"text": "打了一半，", "revision": "1", "typed_over": "0"})
    assert Draft.objects.get().seen == "0"
    assert "经理写的" in client.get("/t/pay/checkin/").content.decode()


def test_saving_ends_the_draft(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(address(personas), {"text": "打了一半", "revision": "0"})
    said = {"text": "打完了", "health": "on_track", "revision": "0"}
    client.post(f"/t/pay/projects/{personas.project.pk}/checkin/", said)
    assert not Draft.objects.exists()


def test_a_refused_form_keeps_the_draft(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(address(personas), {"text": "打了一半", "revision": "0"})
    said = {"text": "打了一半", "health": "on_track", "percent": "120", "revision": "0"}
    response = client.post(f"/t/pay/projects/{personas.project.pk}/checkin/", said)
    assert response.status_code == 422
    assert Draft.objects.get().value == "打了一半"


def test_a_draft_of_last_week_is_not_shown_in_this_one(personas: Personas) -> None:
    Draft.objects.create(
        team=personas.team,
        user=personas.lead,
        project=personas.project,
        week=date(2024, 6, 10),
        field="text",
        value="上周的草稿",
    )
    assert "上周的草稿" not in personas.client("lead").get("/t/pay/checkin/").content.decode()


def test_a_form_of_a_week_that_is_over_is_shown_again_not_saved(personas: Personas) -> None:
    said = {
        "text": "周五写的",
        "health": "on_track",
        "revision": "2",
        "week": "2024-06-10",
        "opened": json.dumps({"text": "", "health": "on_track"}),
    }
    checkin = f"/t/pay/projects/{personas.project.pk}/checkin/"
    response = personas.client("lead").post(checkin, said)
    page = response.content.decode()
    assert response.status_code == 422
    assert "typed in a week that is over" in page
    assert "周五写的" in page
    assert 'name="revision" value="0"' in page
    assert not StatusEntry.objects.exists()


def test_no_other_method(personas: Personas) -> None:
    assert personas.client("lead").get(address(personas)).status_code == 405


@pytest.mark.parametrize("size", [1, 12])
def test_a_fixed_number_of_queries(personas: Personas, size: int) -> None:
    client = personas.client("lead")
    milestones = [make_milestone(personas.project, f"M{n}", percent=10) for n in range(size)]
    said = {f"m{one.pk}-percent": "20" for one in milestones}
    with CaptureQueriesContext(connection) as captured:
        client.post(address(personas), {**said, "revision": "0"}, headers=HTMX)
    assert Draft.objects.count() == size
    assert len(captured) <= 13

"""Undoing a save on the check-in, and taking up a draft that was discarded."""

from __future__ import annotations

import pytest
from django.test import Client

from projects.models import StatusEntry
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import WEEK
from tests.html import elements, text, texts

pytestmark = pytest.mark.usefixtures("now")
HTMX = {"HX-Request": "true"}


def path(personas: Personas, end: str) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/{end}"


def save(personas: Personas, client: Client, words: str, revision: int = 0) -> None:
    sent = {"revision": revision, "week": WEEK.isoformat(), "text": words, "health": "on_track"}
    assert client.post(path(personas, ""), sent).status_code == 302


def test_a_save_is_undone_from_its_card(personas: Personas) -> None:
    client = personas.client("lead")
    save(personas, client, "误存")
    form = f'form[action="{path(personas, "undo/")}"]'
    assert text(client.get("/t/pay/checkin/"), f"{form} button") == "Undo 贝易转"
    sent = {"revision": "1"}
    page = client.post(path(personas, "undo/"), sent, follow=True)
    assert "Undone. What stood there before is back." in texts(page, "[role=status]")
    assert not StatusEntry.objects.exists()
    assert not elements(page, form)
    again = client.post(path(personas, "undo/"), sent, follow=True)
    assert "There is nothing to undo" in again.text


def test_htmx_gets_the_list_with_the_form_open_again(personas: Personas) -> None:
    client = personas.client("lead")
    save(personas, client, "误存")
    answer = client.post(path(personas, "undo/"), {"revision": "1"}, headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#checkin_cards", "outerHTML")
    assert f"?open={personas.project.pk}" in answer["HX-Replace-Url"]
    assert "Undone." in text(answer, "#checkin_cards > .notice")
    assert elements(answer, ".checkin-open form.checkin")


@pytest.mark.parametrize("revision", ["", "x", "0", "9" * 30])
def test_any_revision_is_answered(personas: Personas, revision: str) -> None:
    client = personas.client("lead")
    save(personas, client, "误存")
    assert client.post(path(personas, "undo/"), {"revision": revision}).status_code == 302
    assert StatusEntry.objects.exists()


def test_what_an_edition_holds_is_not_undone(personas: Personas) -> None:
    client = personas.client("lead")
    save(personas, client, "已上线")
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    assert not elements(client.get("/t/pay/checkin/"), f'form[action="{path(personas, "undo/")}"]')
    page = client.post(path(personas, "undo/"), {"revision": "1"}, follow=True)
    assert "or is published" in page.text
    assert StatusEntry.objects.get().text == "已上线"


def test_a_discarded_draft_is_taken_up_again(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(path(personas, "draft/"), {"revision": "0", "text": "打到一半"})
    discard = path(personas, "draft/discard/")
    client.post(discard, follow=True)
    page = client.get("/t/pay/checkin/")
    assert "打到一半" not in page.text
    assert elements(page, f'button[formaction="{discard}"][name=undo]')
    client.post(discard, {"undo": "yes"})
    assert "打到一半" in client.get("/t/pay/checkin/").text

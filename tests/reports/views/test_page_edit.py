"""The editor of a field of the page: opened, saved, refused, and with both texts on a conflict."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from projects.models import Draft, PlannedItem
from reports.models import Section
from reports.pages import drafts, editing
from reports.weekly.sections import Kind
from tests.conftest import Personas
from tests.factories import WEEK, make_page, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "/t/pay/weeks/2024-W25/draft/"
EDIT = "/t/pay/weeks/2024-W25/edit/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def opened(client: Client, field: str) -> dict[str, str]:
    """What the form of the field holds when it is opened."""
    form = client.get(f"{EDIT}{field}/").context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {"anchor": "reflection"}


def test_every_empty_place_offers_to_write(manager: Client) -> None:
    page = manager.get(PAGE).content.decode()
    for field in ("reflection", "other", "plan", "new"):
        assert f'href="{EDIT}{field}/?anchor=' in page


def test_saved_without_a_script_it_leads_back_to_the_place(manager: Client) -> None:
    sent = opened(manager, "reflection") | {"text": "验收**三件**事"}
    answer = manager.post(f"{EDIT}reflection/", sent)
    assert answer["Location"] == f"{PAGE}#reflection"
    assert "验收<strong>三件</strong>事" in manager.get(PAGE).content.decode()


def test_in_place_the_section_comes_back_with_the_cursor_at_its_control(manager: Client) -> None:
    sent = opened(manager, "reflection") | {"text": "验收三件事"}
    answer = manager.post(f"{EDIT}reflection/", sent, headers=HTMX)
    section = Section.objects.get()
    text = answer.content.decode()
    assert text.strip().startswith('<section id="reflection">')
    assert f'id="open_section-{section.pk}"' in text
    assert "autofocus" in text
    assert 'id="page_said"' in text
    # A new section has no place on the page yet: the whole sheet comes.
    sent = opened(manager, "new") | {"heading": "招聘", "text": "", "anchor": ""}
    answer = manager.post(f"{EDIT}new/", sent, headers=HTMX)
    assert answer["HX-Retarget"] == "#sheet"
    assert "招聘" in answer.content.decode()
    contents = answer.content.decode().partition('id="page_contents"')[2].partition("</nav>")[0]
    assert 'hx-swap-oob="true"' in contents
    assert "招聘</a>" in contents


def test_two_tabs_show_both_texts_and_overwrite_nothing(
    manager: Client, personas: Personas
) -> None:
    mine, theirs = opened(manager, "reflection"), opened(manager, "reflection")
    manager.post(f"{EDIT}reflection/", theirs | {"text": "先存的话"})
    answer = manager.post(f"{EDIT}reflection/", mine | {"text": "后写的话"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#field_reflection"
    page = answer.content.decode()
    assert "先存的话" in page
    assert "后写的话" in page
    assert Section.objects.get().body == "先存的话"
    # What was typed is kept as a draft, and opening it again shows both once more.
    assert Draft.objects.get().value == "后写的话"
    again = manager.get(f"{EDIT}reflection/").content.decode()
    assert "先存的话" in again
    assert "后写的话" in again
    seen = answer.context["form"]["seen"].value()
    manager.post(f"{EDIT}reflection/", mine | {"text": "两段合在一起", "seen": seen})
    assert Section.objects.get().body == "两段合在一起"
    assert not Draft.objects.exists()


def test_an_own_section_needs_a_heading(manager: Client) -> None:
    sent = opened(manager, "new") | {"heading": " ", "text": "没有标题的话"}
    answer = manager.post(f"{EDIT}new/", sent)
    assert answer.status_code == 422
    assert "没有标题的话" in answer.content.decode()
    assert not Section.objects.exists()


def test_a_text_that_is_too_long_comes_back(manager: Client) -> None:
    sent = opened(manager, "other") | {"text": "长" * 20_001}
    answer = manager.post(f"{EDIT}other/", sent)
    assert answer.status_code == 422
    assert "That is 20001 characters; there is room for 20000." in answer.content.decode()
    assert "长" * 20_001 in answer.content.decode()
    assert not Section.objects.exists()
    # Nor does the browser cut off what is pasted, which it does without a word.
    assert "maxlength" not in answer.content.decode().partition("<textarea")[2].partition(">")[0]


def test_a_draft_is_offered_again_and_said_on_the_page(manager: Client) -> None:
    sent = opened(manager, "reflection") | {"text": "写到一半"}
    answer = manager.post(f"{EDIT}reflection/draft/", sent, headers=HTMX)
    assert "Draft kept" in answer.content.decode()
    assert "<p>写到一半</p>" in answer.content.decode()
    assert "not saved yet" in manager.get(PAGE).content.decode()
    assert opened(manager, "reflection")["text"] == "写到一半"
    assert not Section.objects.exists()
    # Without a script the same button shows what will be printed.
    assert "<p>写到一半</p>" in manager.post(f"{EDIT}reflection/draft/", sent).content.decode()
    answer = manager.post(f"{EDIT}reflection/draft/discard/", {"anchor": "reflection"})
    assert answer["Location"] == f"{PAGE}#reflection"
    assert opened(manager, "reflection")["text"] == ""


def test_nobody_sees_anothers_draft(manager: Client, personas: Personas) -> None:
    manager.post(f"{EDIT}other/draft/", opened(manager, "other") | {"text": "写到一半"})
    assert drafts.of(personas.lead, personas.team, WEEK) == {}


def test_closing_gives_the_section_back(manager: Client) -> None:
    answer = manager.get(f"{EDIT}reflection/?closed&anchor=reflection", headers=HTMX)
    assert answer.content.decode().strip().startswith('<section id="reflection">')
    answer = manager.get(f"{EDIT}reflection/?closed&anchor=reflection")
    assert answer["Location"] == f"{PAGE}#reflection"


def test_a_plan_of_pasted_lines(manager: Client, personas: Personas) -> None:
    lines = "1. 装修存管提测\r\n2. 路由灰度\r\n"
    manager.post(f"{EDIT}plan/", opened(manager, "plan") | {"text": lines})
    items = PlannedItem.objects.filter(team=personas.team, week=WEEK).order_by("position", "pk")
    assert [item.text for item in items] == ["装修存管提测", "路由灰度"]


@pytest.mark.parametrize("is_at_once", [False, True])
def test_what_was_typed_into_a_section_that_is_removed_is_not_lost(
    manager: Client, monkeypatch: pytest.MonkeyPatch, *, is_at_once: bool
) -> None:
    manager.post(f"{EDIT}new/", opened(manager, "new") | {"heading": "招聘", "text": "一人"})
    section = Section.objects.get()
    field, mine = f"section-{section.pk}", opened(manager, f"section-{section.pk}")
    if is_at_once:
        monkeypatch.setattr(editing, "save", remover(section))
    else:
        section.delete()
    answer = manager.post(f"{EDIT}{field}/", mine | {"text": "两人到岗"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == f"#field_{field}"
    page = answer.content.decode()
    assert "Somebody has removed this section meanwhile." in page
    assert "两人到岗" in page
    assert f'action="{EDIT}new/"' in page
    monkeypatch.undo()
    kept = opened(manager, "new")
    assert (kept["heading"], kept["text"]) == ("招聘", "两人到岗")
    manager.post(f"{EDIT}new/", kept)
    assert Section.objects.get().body == "两人到岗"
    assert not Draft.objects.exists()


def remover(section: Section) -> Callable[..., str]:
    """As ``editing.save`` when the section goes in the moment before it."""

    def save(*_args: object, **_said: object) -> str:
        section.delete()
        raise editing.UnknownField

    return save


def test_a_field_that_is_gone_is_not_there(manager: Client, personas: Personas) -> None:
    section = make_section(make_page(personas.team), Kind.CUSTOM)
    for field in (f"section-{section.pk + 1}", "focus"):
        assert manager.get(f"{EDIT}{field}/").status_code == 404
        assert manager.post(f"{EDIT}{field}/draft/", {"text": "话"}).status_code == 404


@pytest.mark.parametrize(
    ("link", "sent"),
    [
        ("metrics/?week=2024-W25&", {}),
        ("incidents/new/?", {"occurred_at": "2024-06-19T09:00", "description": "回调超时"}),
    ],
)
def test_from_the_forms_of_numbers_and_incidents_one_comes_back(
    manager: Client, link: str, sent: dict[str, str]
) -> None:
    page = manager.get(PAGE).content.decode()
    assert f"{link.replace('&', '&amp;')}back={PAGE}%23" in page
    answer = manager.post(f"/t/pay/{link}back={PAGE}%23metrics", sent)
    assert answer["Location"] == f"{PAGE}#metrics"
    elsewhere = manager.post(f"/t/pay/{link}back=https://elsewhere.example/", sent)
    assert "elsewhere" not in elsewhere["Location"]

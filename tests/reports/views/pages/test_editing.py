"""The manager edits the live page: words and their drafts, own sections, outcomes of plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from projects.models import PlannedItem
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Section
from reports.pages import drafts, editing
from reports.weekly.sections import Kind
from tests.conftest import Personas
from tests.factories import WEEK, make_page, make_section
from tests.html import attribute, element, elements, form_data, row, text, texts

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
    words = {name: form[name].value() or "" for name in form.fields}
    return words | {"opened": form.opened_json, "anchor": "reflection"}


def drafts_of(client: Client) -> dict[str, Any]:
    """The drafts that the page offers to whoever is signed in."""
    return dict(client.get(PAGE).context["editing"].drafts)


def test_empty_sections_offer_to_be_written(manager: Client) -> None:
    page = manager.get(PAGE)
    for field in ("reflection", "other", "plan", "new"):
        link = attribute(page, f"#field_{field} a.edit-open", "href")
        assert link.startswith(f"{EDIT}{field}/?anchor=")


def test_saving_without_htmx_leads_back_to_the_section(manager: Client) -> None:
    sent = opened(manager, "reflection") | {"text": "验收**三件**事"}
    response = manager.post(f"{EDIT}reflection/", sent)
    assert response["Location"] == f"{PAGE}#reflection"
    assert text(manager.get(PAGE), "#reflection strong") == "三件"


def test_saving_with_htmx_returns_the_section_with_the_focus_on_its_control(
    manager: Client,
) -> None:
    sent = opened(manager, "reflection") | {"text": "验收三件事"}
    response = manager.post(f"{EDIT}reflection/", sent, headers=HTMX)
    assert response.text.strip().startswith('<section id="reflection">')
    control = f"#reflection #open_section-{Section.objects.get().pk}"
    assert element(response, control).has_attr("autofocus")
    assert text(response, "#page_said") == "Saved."


def test_saving_a_new_section_with_htmx_returns_the_sheet_and_the_contents(
    manager: Client,
) -> None:
    sent = opened(manager, "new") | {"heading": "招聘", "text": "", "anchor": ""}
    response = manager.post(f"{EDIT}new/", sent, headers=HTMX)
    assert response["HX-Retarget"] == "#sheet"
    assert "招聘" in texts(response, "#sheet h2")
    assert "招聘" in texts(response, "#page_contents[hx-swap-oob] a")


def test_conflict_shows_both_texts_and_overwrites_nothing(manager: Client) -> None:
    mine, theirs = opened(manager, "reflection"), opened(manager, "reflection")
    manager.post(f"{EDIT}reflection/", theirs | {"text": "先存的话"})
    response = manager.post(f"{EDIT}reflection/", mine | {"text": "后写的话"}, headers=HTMX)
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#field_reflection"
    assert Section.objects.get().body == "先存的话"
    # The typed words are kept as a draft, so that opening the editor again shows both once more.
    for page in (response, manager.get(f"{EDIT}reflection/")):
        shown = row(page, "Text", "table.differences")
        assert (shown["Yours"], shown["Theirs"]) == ("后写的话", "先存的话")
        assert text(page, "textarea") == "后写的话"
    again = form_data(response, "form.page-editor")
    assert again["text"] == "后写的话"
    manager.post(f"{EDIT}reflection/", again | {"text": "两段合在一起"})
    assert Section.objects.get().body == "两段合在一起"
    assert opened(manager, f"section-{Section.objects.get().pk}")["text"] == "两段合在一起"
    assert drafts_of(manager) == {}


def test_new_section_that_is_sent_twice_is_added_once(manager: Client) -> None:
    sent = opened(manager, "new") | {"heading": "招聘", "text": "两人到岗"}
    for _ in range(2):
        assert manager.post(f"{EDIT}new/", sent).status_code == 302
    assert Section.objects.get().heading == "招聘"


def test_own_section_without_a_heading_is_refused(manager: Client) -> None:
    sent = opened(manager, "new") | {"heading": " ", "text": "没有标题的话"}
    response = manager.post(f"{EDIT}new/", sent)
    assert response.status_code == 422
    assert text(response, "textarea") == "没有标题的话"
    assert texts(response, ".errorlist") == ["Please give it a heading."]
    assert not Section.objects.exists()


def test_text_that_is_too_long_is_refused_and_kept_in_the_form(manager: Client) -> None:
    sent = opened(manager, "other") | {"text": "长" * 20_001}
    response = manager.post(f"{EDIT}other/", sent)
    assert response.status_code == 422
    errors = texts(response, ".errorlist")
    assert errors == ["That is 20001 characters; there is room for 20000."]
    field = element(response, "textarea")
    assert field.get_text().strip() == "长" * 20_001
    # With maxlength the browser would cut off what is pasted, without a word.
    assert not field.has_attr("maxlength")
    assert not Section.objects.exists()


def test_draft_is_previewed_and_offered_again(manager: Client) -> None:
    sent = opened(manager, "reflection") | {"text": "写到一半"}
    response = manager.post(f"{EDIT}reflection/draft/", sent, headers=HTMX)
    assert text(response, ".draft-state").startswith("Draft saved")
    assert text(response, ".preview p") == "写到一半"
    assert text(manager.get(PAGE), "#field_reflection .chip").startswith("not saved yet")
    assert opened(manager, "reflection")["text"] == "写到一半"
    assert not Section.objects.exists()
    # Without a script the button "Preview" sends the same.
    without_script = manager.post(f"{EDIT}reflection/draft/", sent)
    assert text(without_script, ".preview p") == "写到一半"


def test_discarding_a_draft_empties_the_editor(manager: Client) -> None:
    manager.post(f"{EDIT}other/draft/", opened(manager, "other") | {"text": "写到一半"})
    response = manager.post(f"{EDIT}other/draft/discard/", {"anchor": "other"})
    assert response["Location"] == f"{PAGE}#other"
    assert opened(manager, "other")["text"] == ""


def test_discarded_draft_is_taken_up_again_until_something_is_saved(manager: Client) -> None:
    typed = opened(manager, "new") | {"heading": "招聘", "text": "写到一半", "anchor": ""}
    manager.post(f"{EDIT}new/draft/", typed)
    discarded = manager.post(f"{EDIT}new/draft/discard/", typed, headers=HTMX)
    assert drafts_of(manager) == {}
    undo = form_data(discarded, "#field_new form.draft-undo") | {"undo": "yes"}
    back = manager.post(f"{EDIT}new/draft/discard/", undo, headers=HTMX)
    assert text(back, "#field_new .chip").startswith("not saved yet")
    shown = opened(manager, "new")
    assert (shown["heading"], shown["text"]) == ("招聘", "写到一半")
    manager.post(f"{EDIT}new/draft/discard/", typed)
    manager.post(f"{EDIT}new/", typed)
    assert elements(manager.get(PAGE), "form.draft-undo") == []


def test_drafts_are_shown_to_nobody_else(manager: Client, personas: Personas) -> None:
    manager.post(f"{EDIT}other/draft/", opened(manager, "other") | {"text": "写到一半"})
    assert drafts.of(personas.lead, personas.team, WEEK) == {}


def test_closing_the_editor_returns_the_section(manager: Client) -> None:
    response = manager.get(f"{EDIT}reflection/?closed&anchor=reflection", headers=HTMX)
    assert response.content.decode().strip().startswith('<section id="reflection"')
    response = manager.get(f"{EDIT}reflection/?closed&anchor=reflection")
    assert response["Location"] == f"{PAGE}#reflection"


def test_each_pasted_line_becomes_a_planned_item(manager: Client, personas: Personas) -> None:
    lines = "1. 装修存管提测\r\n2. 路由灰度\r\n"
    manager.post(f"{EDIT}plan/", opened(manager, "plan") | {"text": lines})
    items = PlannedItem.objects.filter(team=personas.team, week=WEEK).order_by("position", "pk")
    assert [item.text for item in items] == ["装修存管提测", "路由灰度"]


@pytest.mark.parametrize("is_removed_while_saving", [False, True])
def test_words_for_a_removed_section_become_a_new_one(
    manager: Client, monkeypatch: pytest.MonkeyPatch, *, is_removed_while_saving: bool
) -> None:
    manager.post(f"{EDIT}new/", opened(manager, "new") | {"heading": "招聘", "text": "一人"})
    section = Section.objects.get()
    field = f"section-{section.pk}"
    mine = opened(manager, field)
    if is_removed_while_saving:
        monkeypatch.setattr(editing, "save", remover(section))
    else:
        section.delete()
    response = manager.post(f"{EDIT}{field}/", mine | {"text": "两人到岗"}, headers=HTMX)
    assert response.status_code == 422
    assert response["HX-Retarget"] == f"#field_{field}"
    assert text(response, ".notice").startswith("Somebody has removed this section meanwhile.")
    assert text(response, "textarea") == "两人到岗"
    assert attribute(response, "form.page-editor", "action") == f"{EDIT}new/"
    monkeypatch.undo()
    opened_form = opened(manager, "new")
    assert (opened_form["heading"], opened_form["text"]) == ("招聘", "两人到岗")
    manager.post(f"{EDIT}new/", opened_form)
    assert Section.objects.get().body == "两人到岗"
    assert drafts_of(manager) == {}


def remover(section: Section) -> Callable[..., str]:
    """Acts as ``editing.save`` does when the section is deleted just before it."""

    def save(*_args: object, **_options: object) -> str:
        section.delete()
        raise editing.UnknownField

    return save


def test_unknown_field_is_not_found(manager: Client, personas: Personas) -> None:
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
def test_forms_of_numbers_and_incidents_lead_back_to_the_page(
    manager: Client, link: str, sent: dict[str, str]
) -> None:
    assert elements(manager.get(PAGE), f'a[href^="/t/pay/{link}back={PAGE}%23"]')
    response = manager.post(f"/t/pay/{link}back={PAGE}%23metrics", sent)
    assert response["Location"] == f"{PAGE}#metrics"
    elsewhere = manager.post(f"/t/pay/{link}back=https://elsewhere.example/", sent)
    assert "elsewhere" not in elsewhere["Location"]


# --- own sections ---------------------------------------------------------------------------


@pytest.fixture
def sections(personas: Personas) -> list[Section]:
    page = make_page(personas.team)
    return [make_section(page, heading=heading, body="话") for heading in ("招聘", "培训")]


def section_url(section: Section, verb: str) -> str:
    return f"/t/pay/weeks/2024-W25/sections/{section.pk}/{verb}/"


def headings(client: Client) -> list[str]:
    return [heading for heading in texts(client.get(PAGE), "#sheet h2") if len(heading) == 2]


def test_section_moves_up_and_not_beyond_the_first(
    manager: Client, sections: list[Section]
) -> None:
    for _ in range(2):
        response = manager.post(section_url(sections[1], "move"), {"way": "up"})
        assert response["Location"] == f"{PAGE}#sheet"
    assert headings(manager) == ["培训", "招聘"]
    response = manager.post(section_url(sections[1], "move"), {"way": "down"}, headers=HTMX)
    assert response["HX-Retarget"] == "#sheet"
    assert headings(manager) == ["招聘", "培训"]


def test_section_is_removed_after_a_confirmation(manager: Client, sections: list[Section]) -> None:
    form = f'form[action="{section_url(sections[0], "remove")}"]'
    asked = "Remove “招聘” and its text from this page?"
    assert text(manager.get(PAGE), f"details.confirm {form} span") == asked
    manager.post(section_url(sections[0], "remove"))
    assert headings(manager) == ["培训"]
    assert manager.post(section_url(sections[0], "remove")).status_code == 404


# --- outcomes of last week's plan -----------------------------------------------------------


@pytest.fixture
def item(personas: Personas) -> PlannedItem:
    return PlannedItem.objects.create(team=personas.team, week=WEEK - ONE_WEEK, text="路由灰度")


def outcome_url(item: PlannedItem) -> str:
    return f"/t/pay/weeks/2024-W25/outcomes/{item.pk}/"


def test_outcome_is_saved_with_its_note(manager: Client, item: PlannedItem) -> None:
    assert "1 planned line without an outcome" in text(manager.get(PAGE), "#review_count")
    response = manager.post(outcome_url(item), {"outcome": "partly", "note": " 还差 两城 "})
    assert response["Location"] == f"{PAGE}#outcome_{item.pk}"
    item.refresh_from_db()
    assert (item.outcome, item.outcome_note) == ("partly", "还差 两城")
    page = manager.get(PAGE)
    assert "without an outcome" not in page.text
    assert attribute(page, f"#outcome_{item.pk}_note", "value") == "还差 两城"


def test_item_that_is_carried_on_stands_in_the_plan_at_once(
    manager: Client, item: PlannedItem
) -> None:
    sent = {"outcome": "carried_on", "note": ""}
    response = manager.post(outcome_url(item), sent, headers=HTMX)
    assert text(response, f"#outcome_{item.pk} > div") == "路由灰度"
    assert texts(response, "section#plan[hx-swap-oob] li") == ["路由灰度"]
    taken_back = manager.post(outcome_url(item), {"outcome": "done", "note": ""}, headers=HTMX)
    assert not PlannedItem.objects.filter(week=WEEK).exists()
    assert texts(taken_back, "section#plan[hx-swap-oob] li") == []


def test_unknown_outcome_and_item_of_another_week_are_refused(
    manager: Client, item: PlannedItem
) -> None:
    assert manager.post(outcome_url(item), {"outcome": "perhaps"}).status_code == 400
    PlannedItem.objects.filter(pk=item.pk).update(week=WEEK)
    assert manager.post(outcome_url(item), {"outcome": "done"}).status_code == 404

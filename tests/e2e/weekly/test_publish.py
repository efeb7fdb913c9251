"""A manager publishes a week's page and corrects it, in a real browser; others read it."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from projects import facts
from projects.models import StatusEntry
from reports.models import Digest, Edition
from reports.pages import publish
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, HOSTILE, follow, press, sign_in
from tests.factories import WEEK, make_entry, make_project, make_question

PAGE: Final = "/t/pay/weeks/2024-W25/"
DRAFT, FORM, EDITIONS = f"{PAGE}draft/", f"{PAGE}publish/", f"{PAGE}editions/"
NOTE: Final = "进度写错了，按联调结果更正"

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def entry(site: Site) -> StatusEntry:
    """The only project has reported."""
    entry = make_entry(site.personas.project)
    facts.announce(site.personas.team, [WEEK])
    return entry


@pytest.fixture
def corrected(site: Site, entry: StatusEntry) -> Edition:
    """The page was published, and its facts have changed since."""
    first = publish.publish_week(
        site.personas.team, WEEK, publish.Publication(by=site.personas.manager, mails=False)
    )
    change(entry, "联调完成，待上线")
    return first


def change(entry: StatusEntry, text: str) -> None:
    StatusEntry.objects.filter(pk=entry.pk).update(text=text)
    facts.announce(entry.team, [WEEK])


def expect_notice(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def test_from_the_draft_to_the_published_page(site: Site) -> None:
    page = site.page("manager", DRAFT, **ENGLISH)
    follow(page, "Publish…")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    looks_well(page)
    press(page, "Publish Edition 1")
    expect(page).to_have_url(f"{site.address}{PAGE}")
    expect_notice(page, "Edition 1 is published.")
    expect(page.locator(".week-line .chip")).to_contain_text("published · Edition 1")
    expect(page.locator(".sheet")).to_contain_text("联调进行中")
    looks_well(page)
    assert Edition.objects.get().published_by == site.personas.manager
    assert Digest.objects.get().prepared_at is None


def test_what_the_page_lacks_is_listed(site: Site) -> None:
    personas = site.personas
    StatusEntry.objects.update(text="已上线", percent=60)
    make_question(personas.project, personas.manager)
    make_project(personas.team, "装修存管", lead=personas.lead)
    facts.announce(personas.team, [WEEK])
    page = site.page("manager", FORM, **ENGLISH)
    for heading in ("Open findings", "Not updated", "Open questions"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    looks_well(page)
    follow(page, "装修存管")
    page.wait_for_url(f"**{DRAFT}#project-*")


def test_by_the_keyboard_and_without_the_mail(site: Site) -> None:
    page = site.page("manager", DRAFT, **ENGLISH)
    page.get_by_role("link", name="Publish…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Send it by mail").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("This edition is final")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Publish Edition 1")).to_be_focused()
    page.keyboard.press("Enter")
    expect_notice(page, "Edition 1 is published.")
    assert not Digest.objects.exists()


def test_the_second_of_two_tabs_is_told(site: Site) -> None:
    page, other = (site.page("manager", FORM, **ENGLISH) for _ in range(2))
    press(other, "Publish Edition 1")
    expect_notice(other, "Edition 1 is published.")
    press(page, "Publish Edition 1")
    expect_notice(page, "Nothing has changed: this page is published as edition 1.")
    expect(page).to_have_url(f"{site.address}{PAGE}")
    assert Edition.objects.count() == 1


def test_the_second_of_two_tabs_sees_what_has_changed_since(
    site: Site, corrected: Edition, entry: StatusEntry
) -> None:
    page, other = (site.page("manager", FORM, **ENGLISH) for _ in range(2))
    press(other, "Publish Edition 2")
    change(entry, "已上线")
    page.get_by_label("What is corrected, and why").fill(NOTE)
    press(page, "Publish Edition 2")
    expect(page.get_by_role("alert")).to_contain_text("林岚 has published edition 2 meanwhile.")
    expect(page.get_by_label("What is corrected, and why")).to_have_value(NOTE)
    expect(page.locator("main")).to_contain_text("Changed since Edition 2")
    looks_well(page)
    assert Edition.objects.count() == 2
    press(page, "Publish Edition 3")
    expect_notice(page, "Edition 3 is published.")
    assert Edition.objects.get(number=3).note == NOTE


def test_a_double_click_publishes_once(site: Site) -> None:
    page = site.page("manager", FORM, **ENGLISH)
    page.get_by_role("button", name="Publish Edition 1").dblclick()
    expect(page).to_have_url(f"{site.address}{PAGE}")
    expect(page.locator(".week-line .chip")).to_contain_text("published · Edition 1")
    assert Edition.objects.count() == 1


def test_form_has_no_button_after_going_back(site: Site) -> None:
    page = site.page("manager", FORM, **ENGLISH)
    press(page, "Publish Edition 1")
    expect_notice(page, "Edition 1 is published.")
    page.go_back()
    expect(page.locator("main")).to_contain_text("Nothing has changed since Edition 1.")
    assert page.locator("main form[method=post]").count() == 0
    looks_well(page)


def test_a_correction_says_what_it_changed_and_why(site: Site, corrected: Edition) -> None:
    page = site.page("manager", PAGE, **ENGLISH)
    expect(page.locator(".sheet")).to_contain_text("联调进行中")
    follow(page, "See what has changed")
    expect(page.locator(".changes").first).to_contain_text("联调完成，待上线")
    page.get_by_label("What is corrected, and why").fill(f"{NOTE} {HOSTILE}")
    looks_well(page)
    press(page, "Publish Edition 2")
    expect_notice(page, "Edition 2 is published.")
    expect(page.locator(".sheet")).to_contain_text("联调完成，待上线")
    page.goto(EDITIONS)
    newest = page.locator(".edition").first
    expect(newest).to_contain_text(f"{NOTE} {HOSTILE}")
    expect(newest.locator(".changes")).to_contain_text("联调完成，待上线")
    looks_well(page)
    follow(page, "Edition 1")
    expect(page.locator(".edition-bar")).to_contain_text("Edition 2 has taken its place")
    expect(page.locator(".sheet")).not_to_contain_text("联调完成，待上线")
    looks_well(page)


def sign_in_again(page: Page) -> None:
    """From the page that keeps a form whose session has ended, which the form goes along with."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Not saved yet")
    press(page, "Sign in")
    sign_in(page, "manager")
    expect(page.locator("main")).to_contain_text("Signed in: 林岚")


def test_an_ended_session_keeps_the_note(site: Site, corrected: Edition) -> None:
    page = site.page("manager", FORM, **ENGLISH)
    page.get_by_label("What is corrected, and why").fill(NOTE)
    page.context.clear_cookies(name="sessionid")
    press(page, "Publish Edition 2")
    sign_in_again(page)
    press(page, "Send it again")
    expect_notice(page, "Edition 2 is published.")
    assert Edition.objects.get(number=2).note == NOTE
    # It is the note of that correction, not of the next.
    change(StatusEntry.objects.get(), "已上线")
    page.goto(FORM)
    expect(page.get_by_label("What is corrected, and why")).to_have_value("")


def test_an_ended_session_publishes_after_signing_in_again_without_javascript(
    site: Site, corrected: Edition
) -> None:
    page = site.page("manager", FORM, java_script_enabled=False, **ENGLISH)
    page.context.clear_cookies(name="sessionid")
    press(page, "Publish Edition 2")
    sign_in_again(page)
    assert Edition.objects.count() == 1
    press(page, "Send it again")
    expect_notice(page, "Edition 2 is published.")
    assert Edition.objects.count() == 2


def test_an_edition_is_downloaded(site: Site, corrected: Edition) -> None:
    page = site.page("manager", f"{EDITIONS}1/", **ENGLISH)
    page.locator("details.menu summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown", exact=True).click()
    assert download.value.suggested_filename == "pay-2024-W25-edition-1.md"
    assert "联调进行中" in download.value.path().read_text()

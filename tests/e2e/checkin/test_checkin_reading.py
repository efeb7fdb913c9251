"""Taking over what the text says, in a browser: how many interactions, and where the cursor is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from projects.models import Milestone, StatusEntry
from tests.e2e.conftest import Hand, Site
from tests.e2e.looks import faults
from tests.factories import make_milestone

TEXT = "textarea[name=text]"
FOUND = ".checkin-reading"
TAKE = f"{FOUND} li button"
# What was taken is kept as a draft. A test that saves waits for it: of a request that goes with the
# saved card, htmx complains on the console.
DRAFT = "**/draft/"


@pytest.fixture
def link(site: Site) -> Milestone:
    make_milestone(site.personas.project, "收银台 2.0", 60, date(2090, 7, 20))
    return make_milestone(site.personas.project, "工行直联", 40, date(2090, 7, 24))


def opened(site: Site, **options: Any) -> Page:
    return site.page("lead", "/t/pay/checkin/", **options)


def field(page: Page, milestone: Milestone, name: str) -> str:
    return page.locator(f"[name=m{milestone.pk}-{name}]").input_value()


def test_an_ordinary_update_takes_three_interactions(
    site: Site, link: Milestone, hand: Callable[[Page], Hand]
) -> None:
    used = hand(opened(site))
    used.click(TEXT)
    used.type("联调过半，工行直联进度55%")
    used.page.wait_for_selector(TAKE)
    with used.page.expect_response(DRAFT):
        used.click(TAKE)
    expect(used.page.locator(f"[name=m{link.pk}-percent]")).to_have_value("55")
    used.press("Control+Enter")
    expect(used.page.locator("[role=status]").first).to_be_attached()
    used.page.wait_for_selector(TEXT, state="detached")
    assert used.interactions <= 4
    link.refresh_from_db()
    assert link.percent == 55
    assert StatusEntry.objects.get().text == "联调过半，工行直联进度55%"


def test_text_and_cursor_stay_and_the_reason_takes_it_when_it_is_wanted(
    site: Site, link: Milestone
) -> None:
    page = opened(site)
    page.click(TEXT)
    page.keyboard.insert_text("整体进度72%，工行直联推迟到2090年7月底上线")
    page.wait_for_selector(TAKE)
    page.locator(TEXT).evaluate("area => area.setSelectionRange(2, 2)")
    page.locator(TAKE).first.click()
    expect(page.locator("[name=percent]")).to_have_value("72")
    page.keyboard.insert_text("的")
    expect(page.locator(TEXT)).to_have_value("整体的进度72%，工行直联推迟到2090年7月底上线")
    page.locator(TAKE, has_text="2090").click()
    expect(page.locator(f"[name=m{link.pk}-reason]")).to_be_focused()
    assert field(page, link, "due_on") == "2090-07-31"
    assert field(page, link, "said_due") == "2090-07-31/month"


def test_with_the_keyboard_the_next_offer_comes_next(site: Site, link: Milestone) -> None:
    page = opened(site)
    page.click(TEXT)
    page.keyboard.insert_text("工行直联进度55%，收银台进度70%")
    page.wait_for_selector(TAKE)
    page.keyboard.press("Tab")  # to the button that takes both
    page.keyboard.press("Tab")
    with page.expect_response(DRAFT):
        page.keyboard.press("Enter")
    expect(page.locator(TAKE)).to_have_count(1)
    expect(page.locator(TAKE)).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(TEXT, state="detached")
    link.refresh_from_db()
    assert link.percent == Decimal(55)


def test_an_old_answer_never_replaces_a_newer_one(site: Site, link: Milestone) -> None:
    page = opened(site, is_changed=True)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/reading/", hold_the_first)
    page.click(TEXT)
    with page.expect_request("**/reading/"):
        page.keyboard.insert_text("工行直联进度55%")
    with page.expect_response(DRAFT):  # the draft waits longer than the reading does
        page.keyboard.insert_text("，收银台进度70%")
    held[0].continue_()
    expect(page.locator(TAKE)).to_have_count(2)


def test_the_box_is_easy_to_use_and_fits(site: Site, link: Milestone) -> None:
    page = opened(site)
    page.click(TEXT)
    page.keyboard.insert_text("已上线。工行直联推迟到2090年8月底上线\n交行直联进度20%，整体进度90%")
    page.wait_for_selector(TAKE)
    assert not faults(page)


def test_without_javascript_the_form_comes_back_filled_in(site: Site, link: Milestone) -> None:
    page = opened(site, java_script_enabled=False)
    page.fill(TEXT, "工行直联进度55%，交行直联进度20%")
    page.click("noscript button")
    page.click(f"{FOUND} button[value=all]")
    assert field(page, link, "percent") == "55"
    assert page.locator("[name=new-name]").input_value() == "交行直联"
    assert page.locator(TEXT).input_value() == "工行直联进度55%，交行直联进度20%"
    assert not StatusEntry.objects.exists()

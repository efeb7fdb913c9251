"""Comments in a browser: written, refused and taken back in place, under the entry."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from projects.models import Comment, StatusEntry
from projects.weeks import monday_of
from tests.e2e.chromium import PHONE
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, HOSTILE
from tests.factories import make_entry


@pytest.fixture
def entry(site: Site) -> StatusEntry:
    week = monday_of(timezone.localdate())
    return make_entry(site.personas.project, week, author=site.personas.lead)


def test_comment_is_written_and_taken_back_in_place(site: Site, entry: StatusEntry) -> None:
    path = f"/t/pay/projects/{entry.project_id}/"
    page = site.page("viewer", path, viewport=PHONE, **ENGLISH)
    card = page.locator("section[aria-labelledby=entries] article.entry")
    card.locator(".comment-open").click()
    field = card.locator("textarea")
    expect(field).to_be_focused()
    field.fill(" ")
    card.get_by_role("button", name="Send").click()
    expect(card.locator(".errorlist")).to_have_text("A comment has words.")
    card.locator("textarea").fill(f"{HOSTILE} @林岚")
    expect(card.locator(".names")).to_be_hidden()
    card.get_by_role("button", name="Send").click()
    written = card.locator(".comments ol > li")
    expect(written).to_be_focused()
    expect(written.locator(".prose")).to_have_text(f"{HOSTILE} @林岚")
    expect(written).to_contain_text("Notifies: 林岚")
    expect(card.locator("summary")).to_have_text("1 comment")
    looks_well(page)
    written.get_by_role("button").click()
    expect(card.locator(".comments ol > li")).to_contain_text("Removed by 高远")
    expect(card.locator(".comments ol > li")).to_be_focused()
    assert Comment.objects.get().removed_by == site.personas.viewer


def test_name_behind_an_at_is_chosen_with_keys_or_the_mouse(site: Site, entry: StatusEntry) -> None:
    page = site.page("viewer", f"/t/pay/projects/{entry.project_id}/", **ENGLISH)
    page.locator(".entry .comment-open").first.click()
    field, names = page.locator(".comments textarea"), page.locator(".comments .names")
    expect(field).to_be_focused()
    page.keyboard.type("see @")
    expect(names.get_by_role("option", selected=True)).to_be_visible()
    looks_well(page)
    page.keyboard.type("linl")
    expect(names.get_by_role("option")).to_have_text(["林岚"])
    page.keyboard.press("Enter")
    expect(field).to_have_value("see @林岚 ")
    expect(names).to_be_hidden()
    page.keyboard.type("and @")
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    expect(field).to_have_value("see @林岚 and @")
    page.keyboard.type("林")
    names.get_by_role("option", name="林岚").click()
    expect(field).to_have_value("see @林岚 and @林岚 ")
    expect(field).to_be_focused()


def test_comment_on_the_check_in_leaves_the_form_beside_it_alone(
    site: Site, entry: StatusEntry
) -> None:
    page = site.page("lead", f"/t/pay/checkin/?open={entry.project_id}", **ENGLISH)
    page.locator("form.checkin textarea[name=text]").fill("还没有保存的话")
    card = page.locator(".checkin-open")
    card.locator(".comment-open").click()
    card.locator(".comments textarea").fill("自己补一句")
    card.get_by_role("button", name="Send").click()
    expect(card.locator(".comments .prose")).to_have_text("自己补一句")
    expect(page.locator("form.checkin textarea[name=text]")).to_have_value("还没有保存的话")
    looks_well(page)

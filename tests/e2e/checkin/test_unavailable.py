"""The database goes away while somebody types."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from projects.models import StatusEntry
from tests.e2e.conftest import Site

TYPED = "写了很久的话"


def _away(route: Route) -> None:
    if route.request.method == "POST":
        route.fulfill(status=503, body="<!doctype html><h1>away</h1>", content_type="text/html")
    else:
        route.continue_()


def test_what_was_typed_stays_and_can_be_sent_again(site: Site) -> None:
    page = site.page("lead", "/t/pay/checkin/", is_changed=True)
    text = page.locator("form.checkin textarea[name=text]")
    page.route("**/*", _away)
    text.fill(TYPED)
    page.locator("form.checkin button.primary").first.click()
    expect(page.locator("#unavailable")).to_be_visible()
    expect(page.locator("#request-failed")).to_be_hidden()
    expect(text).to_have_value(TYPED)

    page.reload()  # what was typed is kept in the browser, too
    expect(text).to_have_value(TYPED)
    page.unroute("**/*")
    page.locator("form.checkin button.primary").first.click()
    expect(page.locator(".checkin-card.done")).to_be_visible()
    expect(page.locator("#unavailable")).to_be_hidden()
    assert StatusEntry.objects.get().text == TYPED

"""A session ends while a form is filled in; its reader signs in again in another tab."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from projects.models import Incident, StatusEntry
from tests.e2e.conftest import Site
from tests.factories import PASSWORD

FORM = "/t/pay/incidents/new/"


def sign_in_elsewhere(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/accounts/login/")
    other.locator("[name=username]").fill("lead")
    other.locator("[name=password]").fill(PASSWORD)
    other.locator("[name=password]").press("Enter")
    expect(other.locator("header.bar details.menu")).to_be_visible()


def test_the_first_press_saves(site: Site) -> None:
    page = site.page("lead", FORM, locale="en")
    updates = page.context.new_page()
    updates.goto("/t/pay/checkin/")
    text = updates.locator("form.checkin textarea[name=text]")
    text.fill("联调完成两家银行")
    token = updates.locator("form.checkin [name=csrfmiddlewaretoken]")
    token_before = token.input_value()
    page.locator("[name=description]").fill("对账任务超时")
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button.primary").click()
    expect(page.locator("h1")).to_have_text("Not saved yet")
    sign_in_elsewhere(page)
    expect(page.locator("[role=status]")).to_have_text("Signed in: 许澄")
    expect(page.get_by_role("button", name="Sign in")).to_be_hidden()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url(lambda url: "/new/" not in url)
    assert Incident.objects.get().description == "对账任务超时"
    expect(token).not_to_have_value(token_before)
    updates.locator("form.checkin button.primary").first.click()
    expect(updates.locator(".checkin-card.done")).to_be_visible()
    assert StatusEntry.objects.get().text == "联调完成两家银行"

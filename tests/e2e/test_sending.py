"""Forms on their way: words that were not sent do not go away unasked, nor go twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from projects.models import Incident, Metric
from tests.e2e.conftest import Site

FORM = "/t/pay/incidents/new/"


@pytest.fixture
def page(site: Site) -> Page:
    page = site.page("lead", FORM, locale="en")
    page.locator("[name=description]").press_sequentially("对账超时")
    return page


def asked_by(page: Page) -> list[str]:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.type))
    return dialogs


@pytest.mark.parametrize("selector", ["form[action*=setlang] button", "nav a[href$='/projects/']"])
def test_leaving_a_form_with_words_in_it_asks_first(page: Page, selector: str) -> None:
    dialogs = asked_by(page)
    if "setlang" in selector:
        page.locator("header details.menu summary").last.click()
    with page.expect_navigation():
        page.locator(selector).first.click()
    assert dialogs == ["beforeunload"]


def test_sending_it_or_taking_the_words_back_asks_nothing(page: Page) -> None:
    dialogs = asked_by(page)
    page.locator("[name=description]").fill("")
    page.locator("nav a[href$='/projects/']").first.click()
    page.wait_for_url("**/projects/")
    page.goto(page.url.replace("/projects/", "/incidents/new/"))
    page.locator("[name=description]").press_sequentially("对账超时")
    page.locator("main form button.primary").click()
    page.wait_for_url(lambda url: "/new/" not in url)
    assert (dialogs, Incident.objects.count()) == ([], 1)


def test_two_clicks_send_a_form_once(site: Site) -> None:
    page = site.page("manager", "/t/pay/metrics/new/", locale="en")
    page.locator("[name=name]").fill("退款笔数")
    page.locator("main form button.primary").dblclick()
    page.wait_for_url("**/metrics/")
    expect(page.locator("main")).to_contain_text("退款笔数")
    assert Metric.objects.filter(name="退款笔数").count() == 1

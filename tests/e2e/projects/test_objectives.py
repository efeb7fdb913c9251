"""Objectives in a browser: put in order with the keyboard, edited, their key results read."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.models import KeyResult, Objective, Reading
from tests.e2e.conftest import Site
from tests.e2e.looks import fits, looks_well
from tests.e2e.using import (
    ENGLISH,
    HOSTILE,
    PLAIN_PHONE,
    as_text,
    follow,
    marked,
    press,
)
from tests.factories import make_cycle, make_key_result, make_metric, make_objective

LIST = "/t/pay/objectives/"


@pytest.fixture
def objective(site: Site) -> Objective:
    """The first of two, with one key result, in a cycle that holds today."""
    today = timezone.localdate()
    half = timedelta(days=90)
    cycle = make_cycle(site.personas.team, "现在", today - half, today + half)
    first = make_objective(cycle, "O1", "业务服务")
    make_objective(cycle, "O2", "能力升级")
    make_key_result(first, make_metric(site.personas.team, "占比"), 20, 60)
    return first


def address(objective: Objective, rest: str = "edit/") -> str:
    return f"{LIST}{objective.pk}/{rest}"


def test_objectives_are_moved_with_the_keyboard(site: Site, objective: Objective) -> None:
    page = site.page("manager", LIST, **ENGLISH)
    headings = page.locator(".objective-state h2")
    expect(headings).to_have_text(["O1 业务服务", "O2 能力升级"])
    page.get_by_role("button", name="O1 业务服务: move down").focus()
    page.keyboard.press("Enter")
    expect(headings).to_have_text(["O2 能力升级", "O1 业务服务"])
    expect(page).to_have_url(re.compile(f"#o{objective.pk}$"))
    page.get_by_role("button", name="O1 业务服务: move up").focus()
    page.keyboard.press("Enter")
    expect(headings).to_have_text(["O1 业务服务", "O2 能力升级"])


class TestEdit:
    @pytest.fixture
    def page(self, site: Site, objective: Objective) -> Page:
        return site.page("manager", address(objective), **ENGLISH)

    def test_changed_objective_is_shown(self, site: Site, objective: Objective) -> None:
        page = site.page("manager", address(objective), **PLAIN_PHONE, **ENGLISH)
        page.get_by_label("Name").fill("服务好业务")
        page.get_by_label("Owner").select_option(label="林岚")
        press(page, "Save")
        expect(page.get_by_role("heading", level=1)).to_contain_text("服务好业务")
        expect(page.get_by_role("heading", level=1)).to_contain_text("林岚")
        follow(page, "Edit")
        expect(page.get_by_label("Name")).to_have_value("服务好业务")

    def test_a_reading_changes_the_score(self, page: Page) -> None:
        row = page.locator(".readings li")
        row.locator("input:not([type=hidden])").fill("40")
        press(page, "Save readings")
        expect(page.get_by_role("status")).to_contain_text("are saved")
        follow(page, "Cancel")
        expect(page.locator(".key-result-table")).to_contain_text("0.50")

    def test_a_wrong_reading_comes_back(self, page: Page) -> None:
        as_text(page)
        field = page.locator(".readings input:not([type=hidden])")
        field.fill("many")
        name = field.get_attribute("name") or ""
        press(page, "Save readings")
        as_text(page)
        comes_back(page, name, "many")
        assert not Reading.objects.exists()

    def test_a_wrong_key_result_comes_back(self, page: Page) -> None:
        follow(page, "Add a key result")
        as_text(page)
        page.get_by_label("New metric").fill("耗时")
        page.get_by_label("Baseline").fill("9" * 10_000)
        page.get_by_label("Target").fill("")
        press(page, "Save")
        as_text(page)
        comes_back(page, "target", "")
        comes_back(page, "baseline", "9" * 10_000)
        assert page.get_by_label("New metric").input_value() == "耗时"
        follow(page, "Cancel")
        expect(page.locator("#key-results")).to_be_visible()


def comes_back(page: Page, name: str, typed: str) -> None:
    marked(page, name, typed)
    expect(
        page.locator(f".field:has([name={name}]) .errorlist, li .errorlist").first
    ).to_be_visible()


def test_a_hostile_name_is_only_a_name(site: Site, objective: Objective) -> None:
    Objective.objects.update(name=HOSTILE)
    site.personas.team.metrics.update(name=HOSTILE, unit="<b>")
    page = site.page("manager", **ENGLISH)
    result = KeyResult.objects.get()
    for path in (
        *(LIST, address(objective, ""), address(objective)),
        *(address(objective, f"key-results/{result.pk}/"), "/t/pay/cycles/new/", "/t/pay/metrics/"),
        "/t/pay/",
    ):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(HOSTILE)
        assert page.locator("main script, main b b").count() == 0
        fits(page)


def test_open_details_are_easy_to_use(site: Site, objective: Objective) -> None:
    for path in (LIST, address(objective, ""), address(objective)):
        page = site.page("manager", path, **ENGLISH)
        for details in page.locator("details:not([open]) > summary").all():
            details.click()
        looks_well(page)

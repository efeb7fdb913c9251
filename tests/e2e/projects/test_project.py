"""A project's page and its settings in a browser: what it tells, and what is done there."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.checkin import ledger
from projects.models import Project, StatusEntry
from projects.weeks import WEEK, monday_of
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
    without_limit,
)
from tests.factories import make_entry, make_milestone, make_project

WEEKS = 30


@pytest.fixture
def project(site: Site) -> Project:
    """Thirty weeks of entries that go on two points a week, and a date moved every week."""
    project = site.personas.project
    first = monday_of(timezone.localdate()) - (WEEKS - 1) * WEEK
    milestone = make_milestone(project, "一期上线", 0, first + 40 * WEEK, week=first)
    for number in range(WEEKS):
        week = first + number * WEEK
        make_entry(project, week, f"第{number}周进展", percent=20 + 2 * number)
        ledger.move_due_date(
            milestone,
            first + 40 * WEEK + timedelta(days=number + 1),
            "day",
            week=week,
            at=timezone.now(),
            reason="联调环境没有到位",
        )
        ledger.change_percent(milestone, Decimal(number + 1), week=week, at=timezone.now())
    return project


def address(project: Project, rest: str = "") -> str:
    return f"/t/pay/projects/{project.pk}/{rest}"


class TestPage:
    @pytest.fixture
    def page(self, site: Site, project: Project) -> Page:
        return site.page("viewer", address(project), **ENGLISH)

    def test_the_chart_says_in_words_what_it_shows(self, page: Page) -> None:
        chart = page.locator("section[aria-labelledby=progress] svg").first
        expect(chart.locator("> title")).to_have_text("贝易转: progress over time")
        assert "78" in (chart.locator("> desc").text_content() or "")
        expect(page.locator(".outlook")).to_contain_text("at the earliest")
        page.locator("details.as-text summary").click()
        rows = page.locator("details.as-text tbody tr")
        expect(rows.first).to_be_visible()
        words = "".join(rows.all_inner_texts())
        assert all(f"{20 + 2 * number}%" in words for number in range(WEEKS))
        for details in page.locator("main details:not([open]) > summary").all():
            details.click()
        looks_well(page)

    def test_entries_are_paged_by_links(self, page: Page) -> None:
        pages = page.get_by_role("navigation", name="Pages of the entries")
        expect(page.locator("article.entry")).to_have_count(12)
        for number, count in ((17, 12), (5, WEEKS - 24)):
            pages.get_by_role("link", name="Older").click()
            expect(page.locator("article.entry").first).to_contain_text(f"第{number}周进展")
            expect(page.locator("article.entry")).to_have_count(count)
        expect(page.locator("article.entry").last).to_contain_text("第0周进展")
        pages.get_by_role("link", name="Newer").click()
        expect(page.locator("article.entry").first).to_contain_text("第17周进展")
        pages.get_by_role("link", name="Newer").click()
        expect(page.locator("article.entry").first).to_contain_text("第29周进展")

    def test_the_ledger_is_filtered_and_paged_by_links(self, site: Site, project: Project) -> None:
        page = site.page("viewer", address(project), **PLAIN_PHONE, **ENGLISH)
        rows = page.locator("[aria-labelledby=ledger] tbody tr")
        pages = page.get_by_role("navigation", name="Pages of changes")
        for count in (20, 20, 20, 2 * WEEKS + 2 - 60):
            expect(rows).to_have_count(count)
            if count == 20:
                pages.get_by_role("link", name="Older").click()
        filters = page.get_by_role("navigation", name="What the list shows")
        filters.get_by_role("link").nth(1).click()
        expect(filters.locator("[aria-current]")).to_have_count(1)
        expect(rows).to_have_count(20)
        pages.get_by_role("link", name="Older").click()
        expect(rows).to_have_count(WEEKS + 1 - 20)
        rows.first.get_by_role("link").click()
        expect(page).to_have_url(re.compile("/weeks/"))


class TestSettings:
    @pytest.fixture
    def page(self, site: Site) -> Page:
        path = address(site.personas.project, "settings/")
        return site.page("manager", path, **ENGLISH)

    def test_settings_are_saved_and_shown(self, site: Site, page: Page) -> None:
        page.get_by_label("Name", exact=True).fill("易转")
        page.get_by_label("Focus project").check()
        press(page, "Save")
        expect(page.get_by_role("status")).to_have_text("Saved")
        expect(page.locator("[aria-labelledby=names]")).to_contain_text("贝易转")
        follow(page, "易转")
        expect(page.get_by_role("heading", level=1)).to_contain_text("易转")
        expect(page.locator("dl.facts")).to_contain_text("贝易转")

    def test_another_name_is_added_unless_it_is_taken(self, site: Site, page: Page) -> None:
        make_project(site.personas.team, "装修存管")
        alias = page.get_by_label("Another name")
        alias.fill("BYZ")
        press(page, "Add")
        expect(page.locator("[aria-labelledby=names]")).to_contain_text("BYZ")
        without_limit(page)
        alias.fill("长" * 10_000)
        press(page, "Add")
        expect(alias).to_have_attribute("aria-invalid", "true")
        expect(alias).to_have_value("长" * 10_000)
        alias.fill("装修存管项目")
        press(page, "Add")
        expect(alias).to_have_attribute("aria-invalid", "true")
        expect(alias).to_have_value("装修存管项目")
        expect(page.locator("main")).to_contain_text("already is a name of 装修存管")
        looks_well(page)
        page.get_by_role("button", name="Remove BYZ").click()
        expect(page.locator("[aria-labelledby=names]")).not_to_contain_text("BYZ")

    def test_project_is_merged_and_the_merge_undone(self, site: Site, page: Page) -> None:
        other = make_project(site.personas.team, "贝易转二期")
        make_entry(other, text="二期开工")
        follow(page, "Merge another project into this one")
        page.locator("select[name=other]").select_option(label="贝易转二期")
        press(page, "Preview")
        expect(page.locator("[aria-labelledby=preview]")).to_contain_text("1 update moves")
        looks_well(page)
        press(page, "Merge")
        expect(page.get_by_role("status")).to_contain_text("Merged")
        assert StatusEntry.objects.get().project == site.personas.project
        page.get_by_role("button", name="Undo 贝易转二期").click()
        expect(page.get_by_role("status")).to_contain_text("Split again")
        assert StatusEntry.objects.get().project.name == "贝易转二期"

    def test_project_is_closed_and_opened_again(self, site: Site) -> None:
        path = address(site.personas.project, "settings/")
        page = site.page("manager", path, **PLAIN_PHONE, **ENGLISH)
        press(page, "Close the project")
        marked(page, "reason", "")
        page.get_by_label("Why?").fill("已移交运营")
        press(page, "Close the project")
        expect(page.locator(".head .chip")).to_contain_text("closed")
        page.goto("/t/pay/projects/")
        follow(page, "贝易转")
        expect(page.locator(".project-head")).to_contain_text("closed")
        follow(page, "Settings")
        page.get_by_label("Why?").fill("还有尾巴")
        press(page, "Open again")
        expect(page.locator(".head .chip")).to_have_count(0)
        site.personas.project.refresh_from_db()
        assert site.personas.project.closed_on is None


def test_wrong_percent_comes_back(site: Site, project: Project) -> None:
    percent = "many"
    page = site.page("lead", address(project, "checkin/"), **ENGLISH)
    name = f"m{project.milestones.get().pk}-percent"
    page.locator("textarea[name=text]").fill("提测")
    as_text(page)
    page.locator(f"[name={name}]").fill(percent)
    page.locator(".foot-row button.primary").click()
    expect(page.locator(f"[name={name}]")).to_have_attribute("aria-invalid", "true")
    as_text(page)
    marked(page, name, percent)
    expect(page.locator("textarea[name=text]")).to_have_value("提测")


def test_a_hostile_name_is_only_a_name(site: Site, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(name=HOSTILE)
    project.milestones.update(name=HOSTILE)
    project.entries.update(text=HOSTILE, risks=HOSTILE)
    page = site.page("manager", **ENGLISH)
    for path in ("", "settings/", "settings/merge/", "milestones/", "checkin/"):
        page.goto(address(project, path))
        assert page.locator("main script").count() == 0
        assert HOSTILE in page.locator("main").inner_text() or path == "milestones/"
        fits(page)
    page.goto(address(project))
    title = page.locator("section[aria-labelledby=progress] svg > title").first
    assert title.text_content() == f"{HOSTILE}: progress over time"
    page.goto("/t/pay/")
    expect(page.get_by_role("link", name=HOSTILE, exact=True).first).to_be_visible()
    assert page.locator("main script").count() == 0
    sheet = page.request.get(page.get_by_role("link", name="CSV").get_attribute("href") or "")
    assert any(HOSTILE in row for row in csv.reader(io.StringIO(sheet.text())))

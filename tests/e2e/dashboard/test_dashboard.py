"""The dashboard's table as its readers use it: filtered, sorted, compared, shared, taken along."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from projects import facts
from projects.models import Health, StatusEntry
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.e2e.chromium import PHONE, WIDE
from tests.e2e.conftest import Site
from tests.factories import make_cycle, make_entry, make_objective, make_project, make_stage
from tests.html import element, elements, texts

HOME = "/t/pay/"

# In the order of the page: O1, O2, without an objective.
GATEWAY, OVERSEAS, CUSTODY, POS = "贝易转", "海外版", "装修存管", "POS收单"
ALL = [GATEWAY, OVERSEAS, CUSTODY, POS]


@pytest.fixture
def board(site: Site) -> Site:
    """Four projects that differ in each thing to filter by; one of them is not updated."""
    _four_projects(site.personas)
    return site


def _four_projects(personas: Personas) -> None:
    team, week = personas.team, personas.team.this_week()
    cycle = make_cycle(team, "今年", week.replace(month=1, day=1), week.replace(month=12, day=31))
    first, second = make_objective(cycle, "O1", "业务服务"), make_objective(cycle, "O2", "稳定性")
    building, testing = make_stage(team, "研发"), make_stage(team, "测试", 1)
    gateway = personas.project
    gateway.objective = first
    gateway.save()
    overseas = make_project(team, OVERSEAS, first, personas.lead)
    custody = make_project(team, CUSTODY, second, personas.other_lead)
    pos = make_project(team, POS)
    make_entry(overseas, week - ONE_WEEK, "版权协议在谈", 20, health=Health.AT_RISK)
    for project, stage, health, before, now, text in (
        (gateway, building, Health.ON_TRACK, 63, 72, "网关改造完成"),
        (custody, testing, Health.OFF_TRACK, 80, 60, "对账返工"),
        (pos, None, Health.ON_TRACK, 10, 15, "终端选型"),
    ):
        for told_in, percent in ((week - 2 * ONE_WEEK, before - 10), (week - ONE_WEEK, before)):
            make_entry(project, told_in, "上周的话", percent)
        entry = make_entry(project, week, text, now, health=health)
        StatusEntry.objects.filter(pk=entry.pk).update(stage=stage)
    facts.announce(team, [week - 2 * ONE_WEEK, week - ONE_WEEK, week])


def names(page: Page) -> Locator:
    return page.locator("#projects_table td.col-project > a")


def query_of(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query)


@dataclass(frozen=True, slots=True)
class Use:
    """One control of the filter: what it is set to, the rows that then show, the address."""

    name: str
    value: str
    rows: list[str]

    def apply(self, page: Page) -> None:
        control = page.locator(f"form#filter [name={self.name}]").first
        match self.name:
            case "text":
                control.press_sequentially(self.value)
            case "stale":
                control.check()
            case _:
                control.select_option(self.value)

    def expect_set(self, page: Page) -> None:
        control = page.locator(f"form#filter [name={self.name}]").first
        if self.name == "stale":
            expect(control).to_be_checked()
        else:
            expect(control).to_have_value(self.value)

    def expect_unset(self, page: Page) -> None:
        control = page.locator(f"form#filter [name={self.name}]").first
        if self.name == "stale":
            expect(control).not_to_be_checked()
        else:
            expect(control).to_have_value("")


USES = [
    Use("objective", "O1", [GATEWAY, OVERSEAS]),
    Use("objective", "-", [POS]),
    Use("health", "off_track", [CUSTODY]),
    Use("stage", "研发", [GATEWAY]),
    Use("lead", "陈默", [CUSTODY]),
    Use("stale", "1", [OVERSEAS]),
    Use("text", "返工", [CUSTODY]),
]
# One control of each sort: a list, a box to tick, a text. The others' pages are asked without a
# browser.
TRIED = [use for use in USES if use.name in ("health", "stale", "text")]


def unfold(page: Page) -> None:
    """On a phone the filter is folded up."""
    summary = page.locator("details.filters > summary")
    if summary.is_visible() and page.locator("details.filters[open]").count() == 0:
        summary.click()


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_each_control_filters_and_the_address_tells_it(board: Site, viewport: ViewportSize) -> None:
    page = board.page("viewer", viewport=viewport)
    opened_anew = board.page("lead", viewport=viewport)
    for use in TRIED:
        page.goto(HOME)
        expect(names(page)).to_have_text(ALL)
        unfold(page)
        use.apply(page)
        expect(names(page)).to_have_text(use.rows)
        assert query_of(page) == [(use.name, use.value)]

        page.go_back()
        expect(names(page)).to_have_text(ALL)
        use.expect_unset(page)
        page.go_forward()
        expect(names(page)).to_have_text(use.rows)
        use.expect_set(page)

        opened_anew.goto(page.url)
        expect(names(opened_anew)).to_have_text(use.rows)
        use.expect_set(opened_anew)


@pytest.mark.django_db
def test_each_address_shows_its_rows_and_sets_its_control(personas: Personas) -> None:
    _four_projects(personas)
    client = personas.client("lead")
    for use in USES:
        response = client.get(HOME, {use.name: use.value})
        assert texts(response, "#projects_table td.col-project > a") == use.rows
        name = f"form#filter [name={use.name}]"
        if use.name == "text":
            assert element(response, name)["value"] == use.value
        else:
            chosen = name if use.name == "stale" else f"{name} option"
            (control,) = elements(response, f"{chosen}[selected], {chosen}[checked]")
            assert control["value"] == use.value


def test_controls_add_up_and_back_undoes_them_one_by_one(board: Site) -> None:
    page = board.page("viewer", HOME)
    page.select_option("[name=health]", "on_track")
    expect(names(page)).to_have_text([GATEWAY, POS])
    page.select_option("[name=objective]", "O1")
    expect(names(page)).to_have_text([GATEWAY])
    page.go_back()
    expect(names(page)).to_have_text([GATEWAY, POS])
    expect(page.locator("[name=health]")).to_have_value("on_track")
    expect(page.locator("[name=objective]")).to_have_value("")
    page.go_back()
    expect(names(page)).to_have_text(ALL)
    expect(page.locator("[name=health]")).to_have_value("")


def test_back_from_a_project_finds_the_filter_as_it_was(board: Site) -> None:
    page = board.page("viewer", HOME)
    page.select_option("[name=health]", "off_track")
    names(page).get_by_text(CUSTODY).click()
    page.wait_for_url("**/projects/*/")
    page.go_back()
    expect(names(page)).to_have_text([CUSTODY])
    expect(page.locator("[name=health]")).to_have_value("off_track")


def test_an_empty_result_offers_to_clear(board: Site) -> None:
    page = board.page("viewer", f"{HOME}?sort=project", viewport=PHONE)
    unfold(page)
    page.locator("#filter-text").press_sequentially("没有这个")
    expect(page.locator("#projects_table .empty")).to_be_visible()
    page.click("#projects_table .empty a")
    expect(names(page)).to_have_count(4)
    expect(page.locator("#filter-text")).to_have_value("")
    assert query_of(page) == [("sort", "project")]


def test_a_column_sorts_up_down_and_not(board: Site) -> None:
    page = board.page("viewer", HOME)
    page.click("#sort-percent")
    expect(names(page)).to_have_text([POS, OVERSEAS, CUSTODY, GATEWAY])
    expect(page.locator("th.col-percent")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#sort-percent")).to_be_focused()
    page.click("#sort-percent")
    expect(names(page)).to_have_text([GATEWAY, CUSTODY, OVERSEAS, POS])
    expect(page.locator("th.col-percent")).to_have_attribute("aria-sort", "descending")
    assert query_of(page) == [("sort", "-percent")]
    page.select_option("[name=health]", "on_track")
    expect(names(page)).to_have_text([GATEWAY, POS])
    assert query_of(page) == [("health", "on_track"), ("sort", "-percent")]
    page.go_back()
    expect(names(page)).to_have_text([GATEWAY, CUSTODY, OVERSEAS, POS])
    page.click("#sort-percent")
    expect(names(page)).to_have_text(ALL)
    assert query_of(page) == []


def test_columns_are_chosen_and_shared(board: Site) -> None:
    page = board.page("viewer", HOME)
    page.click("details.menu summary.button")
    page.uncheck("[name=columns][value=stage]")
    expect(page.locator("#sort-stage")).to_have_count(0)
    page.uncheck("[name=columns][value=lead]")
    expect(page.locator("#sort-lead")).to_have_count(0)
    expect(page.locator("th.col-percent")).to_have_count(1)
    again = board.page("viewer", page.url)
    expect(again.locator("th.col-percent")).to_have_count(1)
    expect(again.locator("#sort-stage, #sort-lead")).to_have_count(0)
    page.go_back()
    expect(page.locator("#sort-lead")).to_have_count(1)
    expect(page.locator("[name=columns][value=lead]")).to_be_checked()
    expect(page.locator("[name=columns][value=stage]")).not_to_be_checked()


def test_table_has_pages(site: Site) -> None:
    for number in range(60):
        make_project(site.personas.team, f"渠道{number:02}")
    page = site.page("viewer", HOME, viewport=PHONE)
    expect(names(page)).to_have_count(50)
    page.click("#page-2")
    expect(names(page)).to_have_count(11)
    assert query_of(page) == [("page", "2")]
    page.go_back()
    expect(names(page)).to_have_count(50)
    page.select_option("#size", "25")
    expect(names(page)).to_have_count(25)
    assert query_of(page) == [("size", "25")]
    unfold(page)
    page.locator("#filter-text").press_sequentially("渠道5")
    expect(names(page)).to_have_count(10)
    assert dict(query_of(page)) == {"text": "渠道5", "size": "25"}


COLUMNS = ["分组", "项目", "完成度 %", "上次所报", "较上周"]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_a_file_holds_what_is_shown(board: Site) -> None:
    page = board.page("viewer", f"{HOME}?sort=-percent&columns=stage&columns=percent")
    page.select_option("[name=health]", "on_track")
    expect(names(page)).to_have_text([GATEWAY, POS])
    page.click("details.menu summary.button")
    page.uncheck("[name=columns][value=stage]")
    expect(page.locator("#sort-stage")).to_have_count(0)
    page.keyboard.press("Escape")  # the menu lies over the table
    with page.expect_download() as download:
        page.click("#projects_table a[download][href*='.csv']")
    rows = rows_of(Path(download.value.path()))
    assert [list(row) for row in rows] == [COLUMNS] * 2
    assert [row["项目"] for row in rows] == [GATEWAY, POS]
    assert [row["完成度 %"] for row in rows] == ["72", "15"]


def test_another_week_to_compare_with(board: Site) -> None:
    team = board.personas.team
    label = team.week_label(team.this_week() - 2 * ONE_WEEK)
    page = board.page("viewer", f"{HOME}?health=off_track")
    cell = page.locator("td.col-percent")
    expect(cell).to_contain_text("20")  # 80 → 60 since last week
    page.select_option("#against", label)
    page.wait_for_url("**against=*")
    expect(page.locator("#against")).to_have_value(label)
    expect(names(page)).to_have_text([CUSTODY])
    expect(cell).to_contain_text("10")  # 70 → 60 since the week before
    expect(page.locator("thead")).to_contain_text(label)
    page.go_back()
    expect(page.locator("#against")).to_have_value("")
    expect(cell).to_contain_text("20")


def test_a_past_week_stands_as_it_was(board: Site) -> None:
    team = board.personas.team
    label = team.week_label(team.this_week() - ONE_WEEK)
    page = board.page("manager", f"{HOME}weeks/{label}/dashboard/")
    expect(names(page)).to_have_count(4)
    expect(page.locator("tr", has_text=CUSTODY).locator("td.col-percent")).to_contain_text("80%")
    expect(page.locator(f"form[action='{HOME}remind/']")).to_have_count(0)
    page.select_option("[name=health]", "at_risk")
    expect(names(page)).to_have_text([OVERSEAS])
    assert urlsplit(page.url).path == f"{HOME}weeks/{label}/dashboard/"
    with page.expect_download() as download:
        page.click("#projects_table a[download][href*='.csv']")
    (row,) = rows_of(Path(download.value.path()))
    assert (row["项目"], row["完成度 %"]) == (OVERSEAS, "20")


class TestWithoutJavaScript:
    @pytest.fixture
    def page(self, board: Site) -> Page:
        return board.page("viewer", HOME, viewport=PHONE, java_script_enabled=False)

    def test_columns_order_and_comparison_are_one_state(self, board: Site, page: Page) -> None:
        team = board.personas.team
        label = team.week_label(team.this_week() - 2 * ONE_WEEK)
        page.goto(f"{HOME}?sort=-percent")
        page.click("details.menu summary.button")
        page.uncheck("[name=columns][value=lead]")
        page.click("form#filter > button[type=submit]")
        expect(names(page)).to_have_text([GATEWAY, CUSTODY, OVERSEAS, POS])
        page.select_option("#against", label)
        page.click(".against button")
        expect(page.locator("#against")).to_have_value(label)
        expect(page.locator("#sort-lead")).to_have_count(0)
        expect(names(page)).to_have_text([GATEWAY, CUSTODY, OVERSEAS, POS])

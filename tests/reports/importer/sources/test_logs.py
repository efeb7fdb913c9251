"""One long log with many weeks becomes many pages; one week's page stays whole."""

from __future__ import annotations

from datetime import date

from projects.weeks import Numbering
from reports.importer.dating.week import week_of_page
from reports.importer.source import PageWeek, SourcePage
from reports.importer.sources.logs import split_log
from reports.importer.sources.paths import source_lines
from tests.tables import each_row

TODAY = date(2024, 7, 1)
BODY = """
- 【收银台】
    1. 联调完成，进度85%，预计7月23日上线

### 生产事件

1. 生产事件 06/18 12:03 网关超时
"""


def parts(
    text: str, name: str = "log.md", *, numbering: Numbering = "iso", modified: date | None = None
) -> list[SourcePage]:
    page = SourcePage(name, source_lines(text), modified=modified)
    return split_log(page, numbering=numbering, today=TODAY)


def dated(text: str, name: str = "log.md", *, modified: date | None = None) -> list[PageWeek]:
    pages = parts(text, name, modified=modified)
    return [week_of_page(page, numbering="iso", today=TODAY) for page in pages]


def log(*headings: str, title: str = "# 支付组周报汇总\n\n欢迎补充。\n") -> str:
    return "\n".join([title, *(f"{heading}\n{BODY}" for heading in headings)])


W24, W25, W26 = date(2024, 6, 10), date(2024, 6, 17), date(2024, 6, 24)


@each_row(
    ("headings", "starts"),
    [
        (["## 2024-W26", "## 2024-W25", "## 2024-W24"], [W26, W25, W24]),
        (["# 2024-W24", "# 2024-W25"], [W24, W25]),
        (["**2024.6.10-6.14**", "**2024.6.17-6.21**"], [W24, W25]),
        (["2024年第25周", "2024年第24周"], [W25, W24]),
        (["## 支付组周报（2024.6.17-6.21）", "## 支付组周报（2024.6.10-6.14）"], [W25, W24]),
        (["### Week of June 24, 2024", "### Week of June 17, 2024"], [W26, W25]),
        (["## 2024-06-14", "## 2024-06-21"], [W24, W25]),
        (["## 第25週", "## 第24週"], [W25, W24]),
        (["## [2024-W25](w25.md)", "## [2024-W24](w24.md)"], [W25, W24]),
    ],
)
def test_a_log_is_cut_at_week_headings(headings: list[str], starts: list[date]) -> None:
    pages = parts(log(*headings))
    assert [page.part for page in pages] == list(range(1, len(starts) + 1))
    assert [page.before for page in pages] == [None, *starts[:-1]]
    assert [week.start for week in dated(log(*headings))] == starts


def test_no_line_is_lost_and_the_preface_goes_with_the_first_page() -> None:
    text = log("## 2024-W26", "## 2024-W25")
    pages = parts(text)
    assert tuple(line for page in pages for line in page.lines) == source_lines(text)
    assert pages[0].lines[0].text == "# 支付组周报汇总"
    assert [page.heading for page in pages] == [5, 14]
    assert pages[1].lines[0].text == "## 2024-W25"


@each_row(
    "text",
    [
        "# 2024-W25\n" + BODY,
        "# 支付组周报\n\n## 本周工作（6.17-6.21）\n- 甲\n\n## 下周计划（6.24-6.28）\n- 乙\n",
        "# 支付组周报\n\n## 6.17-6.21\n- 甲\n\n## 上周遗留（6.10-6.14）\n- 乙\n",
        "# 2024-W25\n\n## 2024-06-18 网关超时\n- 甲\n\n## 2024-06-10 对账延迟\n- 乙\n",
        "# 2024-W25\n\n### 6月14日\n- 甲\n\n### 6月17日\n- 乙\n\n### 6月24日\n- 丙\n",
        "# 日报合集\n\n### 6月14日\n- 甲\n\n### 6月17日\n- 乙\n\n### 6月18日\n- 丙\n",
        "# 迭代\n\n## 6.17 收银台联调\n- 甲\n\n## 7.13 work items\n- 乙\n",
        "# 2024-W25\n\n- 2024-W24\n- 2024-W23\n- [2024-W22](w22.md)\n",
        "# 2024-W25\n\n| 2024-W24 | 甲 |\n| 2024-W23 | 乙 |\n",
        "# 2024-W25\n\n```\n## 2024-W24\n## 2024-W23\n## 2024-W22\n```\n",
        "# 2024-W25\n\n### 第1周\n- 甲\n\n### 第2周\n- 乙\n\n### 第3周\n- 丙\n",
        "# 2024-W25\n\n## 6.24-6.28\n- 甲\n\n## 7.1-7.5\n- 乙\n\n## 7.8-7.12\n- 丙\n",
        "# 2024-W25 支付组\n- 甲\n\n# 2024-W25 清算组\n- 乙\n",
        "# 2024-W25\n\n1. POS：复盘\n   **2024-W24**\n   **2024-W23**\n   > ● 正常\n",
    ],
)
def test_one_page_is_not_cut(text: str) -> None:
    (page,) = parts(text)
    assert page.part == 0
    assert page.lines == source_lines(text)


def test_a_file_named_after_a_week_is_not_cut_for_two_periods() -> None:
    text = "# 排期\n\n**6.17-6.21**\n- 甲\n\n**6.24-6.28**\n- 乙\n"
    assert len(parts(text, "2024-W25.md")) == 1
    assert len(parts(text, "排期.md")) == 2


def test_daily_notes_over_many_weeks_become_a_page_a_week() -> None:
    days = [3, 4, 5, 6, 7, 11, 12, 13, 14, 17, 18]
    text = log(*(f"## 2024-06-{day:02d}" for day in days), title="# 日报")
    assert [week.start for week in dated(text)] == [date(2024, 6, 3), W24, W25]


def test_a_log_is_cut_at_the_highest_heading_that_names_weeks() -> None:
    inner = "\n### 6月17日\n- 甲\n\n### 6月18日\n- 乙\n"
    text = f"# 周报\n\n## 2024-W25\n{inner}\n## 2024-W24\n- 丙\n"
    assert [week.start for week in dated(text)] == [W25, W24]


def test_a_heading_of_another_form_fills_a_gap() -> None:
    text = log("## 2024-W26", "**2024-W25**", "## 2024-W24")
    assert [week.start for week in dated(text)] == [W26, W25, W24]


def test_a_log_whose_newest_heading_ranks_highest_is_cut() -> None:
    text = log("# 2024-W26", "## 2024-W25", "## 2024-W24", title="")
    assert [week.start for week in dated(text)] == [W26, W25, W24]


def test_a_table_of_contents_is_not_cut() -> None:
    text = log("## 2024-W26", "## 2024-W25", title="# 目录\n\n2024-W26\n\n2024-W25\n")
    assert [page.heading for page in parts(text)] == [7, 16]


def test_a_file_named_after_the_day_of_its_export_is_cut() -> None:
    text = log("## 6.24-6.28", "## 6.17-6.21", "## 6.10-6.14", title="# 周报")
    assert [week.start for week in dated(text, "周报-20240701.md")] == [W26, W25, W24]


def test_a_heading_with_a_year_gives_it_to_its_weeks() -> None:
    text = "# 2024\n\n## W02\n- 甲\n\n## W01\n- 乙\n\n# 2023年\n\n## W52\n- 丙\n"
    pages = parts(text)
    assert [week.start for week in dated(text)] == [
        date(2024, 1, 8),
        date(2024, 1, 1),
        date(2023, 12, 25),
    ]
    assert pages[2].lines[0].text == "# 2023年"
    assert {week.warnings for week in dated(text)} == {()}


def test_weeks_of_a_month_count_under_its_heading() -> None:
    text = "# 2024年6月\n\n## 第2周\n- 甲\n\n## 第1周\n- 乙\n\n# 2024年5月\n\n## 第4周\n- 丙\n"
    assert [week.start for week in dated(text)] == [W24, date(2024, 6, 3), date(2024, 5, 20)]


@each_row("newest_first", [True, False])
def test_a_year_in_one_heading_serves_them_all(newest_first: bool) -> None:
    headings = ["## 2019.12.23-12.27", "## 12.30-1.3", "## 1.6-1.10"]
    starts = [date(2019, 12, 23), date(2019, 12, 30), date(2020, 1, 6)]
    step = -1 if newest_first else 1
    weeks = dated(log(*headings[::step]))
    assert [week.start for week in weeks] == starts[::step]
    assert {week.warnings for week in weeks} == {()}


@each_row("newest_first", [True, False])
def test_without_any_year_the_newest_week_is_near_today(newest_first: bool) -> None:
    days = ["6.17-6.21", "4.15-4.19", "2.19-2.23", "12.18-12.22", "10.16-10.20", "8.14-8.18"]
    days += ["6.12-6.16", "4.17-4.21"]
    weeks = dated(log(*(f"## {day}" for day in days[:: 1 if newest_first else -1])))
    years = [week.start.year for week in weeks]
    assert years[:: 1 if newest_first else -1] == [2024] * 3 + [2023] * 5
    assert {week.warnings for week in weeks} == {("week_guessed",)}


def test_the_year_of_the_first_heading_is_not_the_files() -> None:
    weeks = dated(log("## 2024.1.2-1.5", "## 12.25-12.29", "## 12.18-12.22", title=""))
    assert [week.start.year for week in weeks] == [2024, 2023, 2023]


@each_row(("title", "name"), [("# 支付组2024年6月周报", "a.md"), ("# 支付组", "2024年6月.md")])
def test_weeks_of_the_month_that_the_title_names(title: str, name: str) -> None:
    weeks = dated(log("## 第二周", "## 第一周", title=title), name)
    assert [week.start for week in weeks] == [W24, date(2024, 6, 3)]


def test_the_year_of_the_file_name_serves_them_all() -> None:
    weeks = dated(log("## 6.17-6.21", "## 6.10-6.14"), "2021周报.md")
    assert [week.start for week in weeks] == [date(2021, 6, 14), date(2021, 6, 7)]
    assert {week.warnings for week in weeks} == {()}


def test_pages_pasted_together_keep_their_own_created_lines() -> None:
    text = (
        f"# 2024-W25\n\nCreated: 2024年6月27日 07:52\n{BODY}\n"
        f"# 2024-W24\n\nCreated: 2024年6月15日 08:00\n{BODY}"
    )
    assert dated(text) == [
        PageWeek(W25, "2024-W25", ("label_mismatch",)),
        PageWeek(W24, "2024-W24"),
    ]


def test_the_created_line_of_a_log_does_not_date_its_weeks() -> None:
    text = log("## 2024-W26", "## 2024-W25", title="# 周报\n\nCreated: 2023年1月3日 10:00\n")
    assert {week.warnings for week in dated(text)} == {()}


@each_row("while_reading", ["iso", "calendar"])
def test_the_team_s_numbering_decides_even_when_it_is_known_later(
    while_reading: Numbering,
) -> None:
    pages = parts(log("## 2023-W16", "## 2023-W15"), numbering=while_reading)
    weeks = [week_of_page(page, numbering="calendar", today=TODAY).start for page in pages]
    assert weeks == [date(2023, 4, 10), date(2023, 4, 3)]

"""Which week a page is of: the rule, and every place that may name the week."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import weeks
from projects.weeks import Numbering
from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.source import PageWeek, SourcePage
from reports.importer.sources.paths import source_lines
from tests.reports.importer.pages import EXAMPLE_WEEKS, EXAMPLES
from tests.tables import each_row

TODAY = date(2024, 7, 1)
BODY = "\n- 【收银台】\n    1. 联调完成，进度85%，预计7月23日上线\n"


def week(
    text: str,
    name: str = "page.md",
    *,
    numbering: Numbering = "iso",
    modified: date | None = None,
    before: date | None = None,
) -> PageWeek:
    page = SourcePage(name, source_lines(text + BODY), modified=modified, before=before)
    return week_of_page(page, numbering=numbering, today=TODAY)


# ---- title, label and Created


def test_a_plain_label_is_the_week_in_the_teams_numbering() -> None:
    assert week("# 2023-w16") == PageWeek(date(2023, 4, 17), "2023-W16")
    assert week("# 2023-w16", numbering="calendar") == PageWeek(date(2023, 4, 10), "2023-W16")


def test_created_within_the_week_agrees() -> None:
    result = week("# 2024-W25\n\nCreated: 2024年6月22日 07:52\n")
    assert result == PageWeek(date(2024, 6, 17), "2024-W25")


@each_row(
    ("days_late", "start"),
    [
        (0, date(2024, 6, 17)),
        (1, date(2024, 6, 17)),
        (7, date(2024, 6, 17)),
        (8, date(2024, 7, 1)),
        (30, date(2024, 7, 22)),
    ],
)
def test_the_label_wins_up_to_seven_days_after_its_week(days_late: int, start: date) -> None:
    created = date(2024, 6, 23) + timedelta(days=days_late)
    result = week(f"# 2024-W25\n\nCreated: {created:%Y年%m月%d日} 10:00\n")
    assert result.start == start
    assert result.warnings == (("label_mismatch",) if days_late else ())


def test_a_page_created_before_its_week_keeps_its_label() -> None:
    result = week("# 2024-W25\n\nCreated: 2024年6月14日 17:00\n")
    assert result == PageWeek(date(2024, 6, 17), "2024-W25", ("label_mismatch",))


def test_a_date_in_the_title_wins_over_created() -> None:
    result = week("# 第16周 2023-04-14\n\nCreated: 2023年8月1日 10:00\n", numbering="calendar")
    assert result == PageWeek(date(2023, 4, 10), "第16周 2023-04-14")


def test_a_date_in_the_title_wins_over_its_number_and_says_so() -> None:
    result = week("# 2024-W30（6.17-6.21）")
    assert result == PageWeek(date(2024, 6, 17), "2024-W30（6.17-6.21）", ("label_mismatch",))
    assert week("# 2024-W25（6.17-6.21）").warnings == ()


def test_a_number_without_a_year_beside_dates_is_not_a_mismatch() -> None:
    result = week("# WEEK 5: October 7-13, 2025")
    assert result == PageWeek(date(2025, 10, 6), "WEEK 5: October 7-13, 2025")


def test_without_a_label_the_week_of_created_counts() -> None:
    assert week("# 支付组周报\n\nCreated: 2024年6月22日 07:52") == PageWeek(
        date(2024, 6, 17), "2024-W25"
    )


@each_row(
    "line",
    [
        "Created: June 22, 2024 7:52 AM",
        "Created time: 2024/06/22 07:52",
        "创建时间: 2024年6月22日 07:52",
        "创建日期：2024-06-22",
        "建立時間：2024/6/22",
        "| Created | @June 22, 2024 7:52 AM |",
        "Created by Lin Lan on Jun 22, 2024",
        "日期：2024.6.22",
        "**填报日期**：2024-06-22",
        "Date: 2024-06-22",
        "---\ntitle: 团队周报\ndate: 2024-06-22\n---",
    ],
)
def test_lines_with_the_day_of_creation(line: str) -> None:
    assert week(f"# 团队周报\n\n{line}\n").start == date(2024, 6, 17)


# ---- the places that may name the week


@each_row(
    "title",
    [
        "支付组周报（6.17-6.21）2024",
        "**2024年第25周**",
        "【周报】2024.06.17~06.23",
        "Weekly report, Jun 17 - 21, 2024",
        "title: 2024-W25",
        "團隊週報 2024年第25週",
        "周报\n\n汇报周期：2024年6月17日-6月21日",
        "周报\n\n## 2024-W25",
        "汇报人：林岚\n周次：2024年第25周",
    ],
)
def test_title_and_head_of_the_page(title: str) -> None:
    assert week(f"{title}\n").start == date(2024, 6, 17)


@each_row(
    "name",
    [
        "周报-20240617.md",
        "Weekly 2024-06-21.docx",
        "2024W25周报.html",
        "2024/支付组周报（6.17-6.21）.md",
        "周报_2024-06-17_2024-06-21.txt",
        "export.zip/2024-W25 0123456789abcdef0123456789abcdef.md",
        "2024-W25/支付组.md",
        "2024年/第25周/周报.md",
        "2024/周报0621.md",
    ],
)
def test_file_and_folder_names(name: str) -> None:
    result = week("团队工作情况", name)
    assert result.start == date(2024, 6, 17)
    assert result.warnings == ()


def test_the_title_wins_over_the_file_name() -> None:
    assert week("# 2024-W25", "2024-W30.md").start == date(2024, 6, 17)


@each_row("signature", ["支付组 林岚\n2024年6月21日", "—— 林岚 2024.6.21", "2024-W25"])
def test_a_signature(signature: str) -> None:
    page = SourcePage("page.md", source_lines(f"# 支付组周报\n{BODY}\n{signature}\n"))
    assert week_of_page(page, numbering="iso", today=TODAY).start == date(2024, 6, 17)


@each_row("ending", ["1. 2024年6月30日提测", "2024年6月30日前完成上线", "计划2024-06-30发布"])
def test_a_plan_at_the_end_is_not_a_signature(ending: str) -> None:
    page = SourcePage("page.md", source_lines(f"# 支付组周报\n{BODY}\n{ending}\n"))
    with pytest.raises(NoWeek):
        week_of_page(page, numbering="iso", today=TODAY)


def test_a_heading_further_down() -> None:
    filler = "\n".join(f"前言第{sign}句没有日期。" for sign in "一二三四五六七八九十")
    assert week(f"# 团队周报\n{filler}\n\n## 2024-W25\n").start == date(2024, 6, 17)


def test_daily_notes_belong_to_the_week_of_most_of_their_days() -> None:
    days = "".join(f"\n### 2024年6月{day}日\n- 跟进联调\n" for day in (14, 17, 18, 19))
    assert week(f"# 日报合集\n{days}").start == date(2024, 6, 17)


def test_a_page_that_names_no_week_is_refused() -> None:
    with pytest.raises(NoWeek, match="names a week"):
        week("# 会议纪要\n\n讨论了方案，7.13 work items 待确认")


def test_an_impossible_label_is_passed_over() -> None:
    assert week("# 2024-W53", "2024-06-21.md").start == date(2024, 6, 17)


# ---- a year that is not named


def test_the_year_comes_from_the_page_before() -> None:
    result = week("## 12.30-1.3", before=date(2024, 1, 8))
    assert result == PageWeek(date(2024, 1, 1), "12.30-1.3")


def test_the_year_comes_from_created() -> None:
    result = week("# 12月25日-12月29日\n\nCreated: 2024年1月2日 10:00")
    assert result == PageWeek(date(2023, 12, 25), "12月25日-12月29日")


def test_the_year_comes_from_the_folder() -> None:
    assert week("周报", "2021/12.27-12.31.md") == PageWeek(date(2021, 12, 27), "12.27-12.31")


def test_the_year_comes_from_the_files_own_date() -> None:
    result = week("# 6.17-6.21", modified=date(2019, 6, 21))
    assert result == PageWeek(date(2019, 6, 17), "6.17-6.21")


def test_a_day_that_ends_the_week_names_it() -> None:
    page = week("# Payments – update\n_Week ending Friday, 21 June 2024_")
    assert page.start == date(2024, 6, 17)


def test_the_title_gives_the_year_of_the_days_below() -> None:
    assert week("**风控周报 | 2021年第33期**\n\n统计区间：8.16 - 8.20").start == date(2021, 8, 16)


def test_a_guessed_week_is_not_to_come() -> None:
    assert week("# 12.16-12.20").start == date(2023, 12, 18)
    assert week("# 周报 第40周").start == weeks.monday_of_number(2023, 40, "iso")


def test_a_date_in_the_text_gives_the_year_of_a_guess() -> None:
    page = week("# 6.18-6.22\n\n- 合同 2021-06-20 已签\n- 2021年6月21日验收")
    assert page == PageWeek(date(2021, 6, 21), "6.18-6.22", ("week_guessed",))


def test_a_page_that_names_no_week_can_be_given_one() -> None:
    page = SourcePage("page.md", source_lines(BODY))
    with pytest.raises(NoWeek):
        week_of_page(page, numbering="iso", today=TODAY)
    given_week = week_of_page(page, numbering="iso", today=TODAY, given=date(2024, 6, 17))
    assert given_week == PageWeek(date(2024, 6, 17), "2024-W25")


def test_a_guessed_year_gives_a_warning() -> None:
    assert week("# 6.17-6.21") == PageWeek(date(2024, 6, 17), "6.17-6.21", ("week_guessed",))


# ---- the real pages


@pytest.mark.skipif(EXAMPLES is None, reason="WEEKLY_EXAMPLES names no folder")
@pytest.mark.parametrize("name", EXAMPLE_WEEKS)
def test_the_examples(name: str) -> None:
    assert EXAMPLES is not None
    expected = json.loads((EXAMPLES / f"{name}.expected.json").read_text("utf-8"))["week"]
    text = (EXAMPLES / f"{name}.md").read_text("utf-8")
    result = week_of_page(
        SourcePage(f"{name}.md", source_lines(text)), numbering="iso", today=TODAY
    )
    assert result.start.isoformat() == expected["start"]
    assert list(result.warnings) == expected["warnings"]
    assert result.label == expected["label"]


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_gives_a_monday_or_no_week(text: str, name: str) -> None:
    page = SourcePage(name, source_lines(text))
    try:
        result = week_of_page(page, numbering="calendar", today=TODAY)
    except NoWeek:
        return
    assert result.start.weekday() == 0
    assert result.label

"""Week labels in every form that people use, and what only looks like one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import weeks
from projects.weeks import Numbering
from reports.importer.dating.labels import Days, decisive, resolve, scan, years_in
from tests.tables import each_row

NEAR = date(2024, 6, 20)


def monday(text: str, numbering: Numbering = "iso", near: date = NEAR) -> date:
    return resolve(decisive(scan(text)), numbering, near=near)


@each_row(
    ("text", "start"),
    [
        ("2024-w26", date(2024, 6, 24)),
        ("2024-W20", date(2024, 5, 13)),
        ("2024W20", date(2024, 5, 13)),
        ("2024_W20", date(2024, 5, 13)),
        ("24W20", date(2024, 5, 13)),
        ("W25 2024", date(2024, 6, 17)),
        ("Week 25, 2024", date(2024, 6, 17)),
        ("KW25 2024", date(2024, 6, 17)),
        ("2024年第25周", date(2024, 6, 17)),
        ("24年第25周", date(2024, 6, 17)),
        ("2024年25周周报", date(2024, 6, 17)),
        ("2024年第二十五周", date(2024, 6, 17)),
        ("第25周", date(2024, 6, 17)),
        ("第25週週報", date(2024, 6, 17)),
        ("2024-W53", None),
    ],
)
def test_week_number(text: str, start: date | None) -> None:
    if start is None:
        with pytest.raises(ValueError, match="week"):
            monday(text)
    else:
        assert monday(text) == start


def test_a_week_number_follows_the_teams_numbering() -> None:
    assert monday("2023年第16周", "calendar") == date(2023, 4, 10)
    assert monday("2023年第16周", "iso") == date(2023, 4, 17)


def test_a_weekday_beside_a_day_tells_the_year() -> None:
    for text in ("9/22（周一）~ 9/26（周五）", "9月22日 星期一", "Sep 22 (Mon)"):
        assert monday(text, near=date(2026, 12, 1)) == date(2025, 9, 22)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 20)), st.sampled_from(["iso", "calendar"]))
def test_every_label_that_the_tool_writes_is_read_back(day: date, numbering: Numbering) -> None:
    start = weeks.monday_of(day)
    assert monday(f"周报 {weeks.label(start, numbering)}", numbering) == start


@each_row(
    ("text", "start"),
    [
        ("2018年08月27日 - 2018年08月31日", date(2018, 8, 27)),
        ("20171218-20171222", date(2017, 12, 18)),
        ("20171218-1222", date(2017, 12, 18)),
        ("2017.05.14~05.22", date(2017, 5, 15)),
        ("2024/6/17-2024/6/21", date(2024, 6, 17)),
        ("2024-06-17-06-21", date(2024, 6, 17)),
        ("2024-06-17至21", date(2024, 6, 17)),
        ("24.6.17-24.6.21", date(2024, 6, 17)),
        ("17.06.2024 - 21.06.2024", date(2024, 6, 17)),
        ("06/17/2024-06/21/2024", date(2024, 6, 17)),
        ("6/17-6/21", date(2024, 6, 17)),
        ("6.17—21日", date(2024, 6, 17)),
        ("0617-0621", date(2024, 6, 17)),
        ("6月17日-6月21日", date(2024, 6, 17)),
        ("6月17日~21日", date(2024, 6, 17)),
        ("6月17日（周一）至6月21日（周五）", date(2024, 6, 17)),
        ("２０２４年６月１７日～６月２１日", date(2024, 6, 17)),
        ("WEEK 5: October 7-13, 2025", date(2025, 10, 6)),
        ("Jun 17 - 21, 2024", date(2024, 6, 17)),
        ("17-21 June 2024", date(2024, 6, 17)),
        ("Dec 30 - Jan 3, 2025", date(2024, 12, 30)),
        ("2024年12月30日-1月3日", date(2024, 12, 30)),
    ],
)
def test_range_of_days(text: str, start: date) -> None:
    label = decisive(scan(text))
    assert isinstance(label, Days)
    assert label.is_range
    assert monday(text) == start


@each_row(
    ("text", "start"),
    [
        ("第16周 2023-04-14", date(2023, 4, 10)),
        ("2022年4月2周报", date(2022, 3, 28)),
        ("Week of June 17, 2024", date(2024, 6, 17)),
        ("17th June 2024", date(2024, 6, 17)),
        ("周报-20240617", date(2024, 6, 17)),
        ("6月21号", date(2024, 6, 17)),
    ],
)
def test_single_day(text: str, start: date) -> None:
    assert monday(text) == start


@each_row(
    ("text", "start"),
    [
        ("2022年4月第2周", date(2022, 4, 11)),
        ("2022年4月第1周", date(2022, 4, 4)),
        ("6月第三周", date(2024, 6, 17)),
        ("2024.06 第3周", date(2024, 6, 17)),
        ("4月2周", date(2024, 4, 8)),
    ],
)
def test_a_week_of_a_month_has_its_wednesday_there(text: str, start: date) -> None:
    assert monday(text) == start


@each_row(
    ("text", "start"),
    [
        ("2024.6.16-6.24", date(2024, 6, 17)),  # Sunday to Monday
        ("2024.6.14-6.20", date(2024, 6, 17)),  # Friday to Thursday
        ("2024.6.10-6.21", date(2024, 6, 17)),  # two full weeks: the later
        ("2024.6.15-6.16", date(2024, 6, 10)),  # a weekend is of the week that it ends
    ],
)
def test_a_range_is_of_the_week_with_most_of_its_working_days(text: str, start: date) -> None:
    assert monday(text) == start


@each_row(
    "text",
    [
        "支付网关v1.2.3发布",
        "10.0.0.1",
        "成功率99.996%，涨幅13.5%-14.6%",
        "430故障复盘与618大促",
        "2024年H1规划",
        "2024年6月",
        "2024.01.01-2024.06.30",
        "值班 12:30-13:30",
        "5G与W3C标准",
        "成立30周年",
        "2024-13-45",
        "2月30日",
        "贝易转1.1版本",
    ],
)
def test_words_that_only_look_like_a_label(text: str) -> None:
    assert scan(text) == []


def test_a_number_with_a_dot_is_a_faint_day() -> None:
    (label,) = scan("周报 6.21")
    assert isinstance(label, Days)
    assert label.is_faint


def test_a_date_without_a_year_is_the_nearest_one() -> None:
    assert monday("12.30-1.3", near=date(2024, 2, 1)) == date(2024, 1, 1)
    assert monday("12.30-1.3", near=date(2024, 11, 1)) == date(2024, 12, 30)
    assert monday("2月29日", near=date(2025, 3, 1)) == date(2024, 2, 26)


def test_years_in() -> None:
    assert years_in("2023年周报 W12") == {2023}
    assert years_in("24年第3周") == {2024}
    assert years_in("周报（20240617）") == {2024}
    assert years_in("累计12024笔") == set()


@given(st.text(max_size=200))
def test_scan_never_raises_and_gives_places_in_the_text(text: str) -> None:
    for label in scan(text):
        assert text[label.start : label.end] == label.text


@given(
    st.dates(date(2001, 1, 1), date(2099, 12, 1)),
    st.integers(0, 4),
    st.sampled_from(
        [
            "{a:%Y}年{a.month}月{a.day}日-{b.month}月{b.day}日",
            "{a:%Y%m%d}-{b:%Y%m%d}",
            "{a:%Y}.{a.month}.{a.day}~{b.month}.{b.day}",
            "{a:%Y-%m-%d} 至 {b:%Y-%m-%d}",
        ]
    ),
)
def test_working_weeks_are_read_back(day: date, length: int, form: str) -> None:
    start = weeks.monday_of(day)
    text = form.format(a=start, b=start + timedelta(days=length))
    assert monday(text) == start

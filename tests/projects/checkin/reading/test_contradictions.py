"""What one entry says against itself; the page's own cases are in test_findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from projects.checkin.reading.contradictions import (
    ReportedMilestone,
    Statement,
    before_saving,
    printed,
)
from tests.factories import WEEK
from tests.tables import each_row

FRIDAY = date(2024, 6, 21)
OPEN = ReportedMilestone("工行直联", Decimal(60), date(2024, 6, 14), "day", is_open=True)
DONE = ReportedMilestone("一期上线", Decimal(100), None, "day", is_open=False)


def statement(text: str = "联调继续", percent: int | None = 60, **more: Any) -> Statement:
    percent_value = None if percent is None else Decimal(percent)
    entry = Statement(
        text, WEEK, FRIDAY, ("贝易转",), "on_track", percent_value, None, percent_value
    )
    return replace(entry, **more)


def codes(entry: Statement) -> list[str]:
    return [contradiction.code for contradiction in before_saving(entry)]


def test_no_contradiction_gives_no_code() -> None:
    assert before_saving(statement("整体进度60%，下周上线")) == ()
    assert before_saving(statement("", None)) == ()


@each_row(
    ("entry", "code"),
    [
        (statement("已上线"), "launched_below_100"),
        (statement("贝易转已完成"), "finished_below_100"),
        (statement(health="done"), "done_below_100"),
        (statement(percent=100, milestones=(OPEN, DONE)), "open_milestone"),
        (statement(milestones=(OPEN,)), "past_due_on_track"),
        (statement("整体进度72%"), "text_differs"),
        (statement("进度60%。进度65%"), "said_twice"),
        (statement(reported=Decimal(80), weighted=Decimal(60)), "milestones_differ"),
    ],
)
def test_each_contradiction_has_its_code(entry: Statement, code: str) -> None:
    assert codes(entry) == [code]


@each_row(
    "entry",
    [
        statement("已上线", 100),
        statement("工行直联已完成"),
        statement("测试已完成"),
        statement("尚未完成"),
        statement(health="done", percent=100),
        statement(health="at_risk", milestones=(OPEN,)),
        statement(milestones=(replace(OPEN, due_on=FRIDAY),)),
        statement(percent=100, milestones=(DONE,)),
    ],
)
def test_allowed_statements_give_no_code(entry: Statement) -> None:
    assert codes(entry) == []


def test_the_page_leaves_out_what_only_the_form_shows() -> None:
    entry = statement("贝易转已完成", health="done")
    assert codes(entry) == ["done_below_100", "finished_below_100"]
    assert printed(entry) == ()


def test_the_figures_fill_the_sentence() -> None:
    (late,) = before_saving(statement(milestones=(OPEN,)))
    assert late.params == {
        "milestone": "工行直联",
        "due": "2024-06-14",
        "precision": "day",
        "days": "7",
    }

"""Rows for the pure tests of the weekly page: what is not named is as plain as can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from reports.weekly.document import Block, IncidentState, PlanState
from reports.weekly.rows import (
    DropRow,
    EntryRow,
    FactRow,
    MilestoneRow,
    MoveRow,
    ObjectiveRow,
    ProjectRow,
    ReadingRow,
    SectionRow,
    WeekRows,
)
from reports.weekly.sections import Kind

WEEK: Final = date(2024, 6, 17)
FRIDAY: Final = date(2024, 6, 21)
AT: Final = datetime(2024, 6, 20, 10, 0, tzinfo=UTC)
#: What it takes to load a week, however much there is. A section with its own facts adds one.
QUERIES: Final = 11


def weeks_ago(number: int) -> date:
    return WEEK - timedelta(weeks=number)


def entry(text: str = "联调进行中", percent: Decimal | int | None = None, **more: Any) -> EntryRow:
    plain = EntryRow(
        week=WEEK,
        text=text,
        health="on_track",
        stage="",
        risks="",
        percent=None if percent is None else Decimal(percent),
        weighted_percent=None,
        source="reported",
        author="",
        reported_at=AT,
        objective_id=1,
        is_focus=False,
        name="",
        section="",
        position=0,
    )
    return replace(plain, **more)


def project(
    name: str = "农行存管", entry: EntryRow | None = None, *, pk: int = 1, **more: Any
) -> ProjectRow:
    plain = ProjectRow(
        id=pk,
        name=name,
        lead="",
        objective_id=1,
        is_focus=False,
        position=pk,
        entry=entry,
        previous=None,
        last_percent=None,
    )
    return replace(plain, **more)


def milestone(
    name: str = "一期上线", percent: int | None = None, due_on: date | None = None, **more: Any
) -> MilestoneRow:
    plain = MilestoneRow(
        name=name,
        percent=None if percent is None else Decimal(percent),
        due_on=due_on,
        due_precision="day",
        weight=1,
        is_closed=False,
        first_due_on=due_on,
    )
    return replace(plain, **more)


def move(old: date, new: date, week: date = WEEK, reason: str = "") -> MoveRow:
    return MoveRow(week, old, new, "day", reason, "许澄")


def drop(old: int, new: int, reason: str = "") -> DropRow:
    return DropRow(Decimal(old), Decimal(new), reason, "许澄")


def history(*percents: int | None) -> tuple[tuple[date, Decimal], ...]:
    """One percent a week, this week's last; ``None`` for a week without one."""
    last = len(percents) - 1
    return tuple(
        (weeks_ago(last - index), Decimal(percent))
        for index, percent in enumerate(percents)
        if percent is not None
    )


def objective(code: str = "O1", name: str = "业务服务", *, pk: int = 1) -> ObjectiveRow:
    return ObjectiveRow(pk, code, name, position=pk)


def reading(metric: str = "入金有效成功率", value: str | None = "99.99", **more: Any) -> ReadingRow:
    plain = ReadingRow(
        metric=metric,
        unit="%",
        value=None if value is None else Decimal(value),
        last_value=None,
        target=None,
        direction="up",
        note="",
        text="",
        position=0,
    )
    return replace(plain, **more)


def incident(description: str = "", *, position: int = 0, **more: Any) -> FactRow:
    plain = IncidentState(AT, "", "", description, "", "", None, "", "")
    return FactRow(Kind.INCIDENTS, Block(incident=replace(plain, **more)), position)


def planned(text: str, position: int = 0) -> FactRow:
    """A line of the plan for the next week."""
    return FactRow(Kind.PLAN, Block(plan=(PlanState(text, "", ""),)), position)


def planned_before(text: str, outcome: str = "", note: str = "") -> FactRow:
    """A line of last week's plan for this one."""
    return FactRow(Kind.LAST_PLAN, Block(last_plan=(PlanState(text, outcome, note),)))


def section(kind: str, heading: str = "", body: str = "", **more: Any) -> SectionRow:
    return replace(SectionRow(kind, heading, 2, body, None, 0), **more)


def week_rows(projects: Iterable[ProjectRow] = (), **more: Any) -> WeekRows:
    plain = WeekRows(
        team_slug="pay",
        team_name="支付产研",
        numbering="calendar",
        week=WEEK,
        title="",
        today=FRIDAY,
        objectives=(objective(),),
        projects=tuple(projects),
    )
    return replace(plain, **more)

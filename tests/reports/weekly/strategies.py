"""Weeks of every kind for property tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from projects.weeks import monday_of
from reports.weekly.rows import EntryRow, IncidentCountRow, ProjectRow, SectionRow, WeekRows
from reports.weekly.sections import STORED
from tests.reports.weekly.builders import (
    WEEK,
    entry,
    incident,
    milestone,
    objective,
    planned,
    planned_before,
    project,
    reading,
    section,
    week_rows,
    weeks_ago,
)

_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["已上线，整体进度60%", "\n- a\n    - b", "| a |\n|---|", "", "1. x\n2. y", "14/44=31.8%"]
    ),
)
_PERCENTS = st.none() | st.decimals(0, 100, places=2)
_LINES = st.integers(0, 30)
_DAYS = st.dates(date(2023, 1, 1), date(2026, 1, 1))
_HEALTHS = st.sampled_from(["", "on_track", "at_risk", "off_track", "done", "paused"])


@st.composite
def _entries(draw: st.DrawFn, week: date) -> EntryRow:
    return entry(
        draw(_TEXTS),
        week=week,
        percent=draw(_PERCENTS),
        weighted_percent=draw(_PERCENTS),
        health=draw(_HEALTHS),
        is_focus=draw(st.booleans()),
        objective_id=draw(st.sampled_from([None, 1, 2, 9])),
        position=draw(_LINES),
        name=draw(st.text(max_size=6)),
        section=draw(st.sampled_from(["", "【O1】"])),
    )


@st.composite
def _projects(draw: st.DrawFn, number: int) -> ProjectRow:
    due = draw(st.none() | _DAYS)
    return project(
        draw(st.text(min_size=1, max_size=6)),
        pk=number,
        entry=draw(_entries(WEEK)) if draw(st.booleans()) else None,
        previous=draw(_entries(weeks_ago(2))) if draw(st.booleans()) else None,
        last_percent=draw(_PERCENTS),
        history=tuple((weeks_ago(n), Decimal(50)) for n in range(draw(st.integers(0, 8)))),
        milestones=(replace(milestone(draw(_TEXTS), None, due), percent=draw(_PERCENTS)),),
    )


@st.composite
def _sections(draw: st.DrawFn) -> SectionRow:
    return section(
        draw(st.sampled_from([section.kind.value for section in STORED])),
        draw(st.sampled_from(["", "【O1】", "其他"])),
        draw(_TEXTS),
        position=draw(_LINES),
        level=draw(st.integers(1, 6)),
        objective_id=draw(st.sampled_from([None, 1, 9])),
    )


@st.composite
def any_rows(draw: st.DrawFn) -> WeekRows:
    """A week of the kind the database can hold, sensible or not."""
    projects = [draw(_projects(number)) for number in range(1, draw(st.integers(1, 5)))]
    at = datetime(2024, 6, 18, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 99)))
    return week_rows(
        projects,
        week=monday_of(WEEK),
        today=draw(_DAYS),
        title=draw(_TEXTS),
        sections=tuple(draw(st.lists(_sections(), max_size=5))),
        objectives=(objective(), objective("O2", pk=2)),
        readings=(reading(text=draw(_TEXTS), position=draw(_LINES), target=draw(_PERCENTS)),),
        incident_counts=(IncidentCountRow("C", Decimal("0.5"), draw(_TEXTS), draw(_LINES)),),
        facts=(
            incident(draw(_TEXTS), occurred_at=at, text=draw(_TEXTS), position=draw(_LINES)),
            planned_before("y", draw(st.sampled_from(["", "done"]))),
            planned(draw(_TEXTS) or "x", draw(_LINES)),
        ),
    )

"""From a project's rows to its place on the page: percent and change, due date and slips. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from projects.reported import FURTHER_TEXTS
from projects.standing import HUNDRED, is_dropped
from projects.weeks import WEEK, friday, last_day
from reports.weekly.document import (
    AnsweredQuestion,
    Entry,
    MilestoneState,
    Move,
    OpenQuestion,
)
from reports.weekly.rows import EntryRow, MilestoneRow, MoveRow, ProjectRow, WeekRows


def entry_of(row: ProjectRow, week: date) -> Entry:
    """The project's entry of the week, or what was last known when there is none."""
    known = row.entry or row.previous
    percent = _percent(row)
    milestones = tuple(_milestone(milestone) for milestone in row.milestones)
    due = _deciding(milestones)
    return Entry(
        project_id=row.id,
        project=row.name,
        name=(row.entry and row.entry.name) or row.name,
        lead=row.lead,
        health=known.health if known else "",
        stage=known.stage if known else "",
        is_focus=row.entry.is_focus if row.entry else row.is_focus,
        is_updated=row.entry is not None,
        is_confirmed=row.entry is not None and row.entry.source == "confirmed",
        text=row.entry.text if row.entry else "",
        **_further_texts(known),
        percent=percent,
        weighted_percent=known.weighted_percent if known else None,
        last_percent=row.last_percent,
        change=_difference(percent, row.last_percent) if row.entry else None,
        due_on=due.due_on if due else None,
        due_precision=due.due_precision if due else "day",
        first_due_on=due.first_due_on if due else None,
        slips=due.slips if due else 0,
        slip_days=due.slip_days if due else 0,
        last_week=row.previous.week if row.previous and not row.entry else None,
        last_text=row.previous.text if row.previous and not row.entry else "",
        weeks_silent=(week - row.previous.week) // WEEK if row.previous and not row.entry else 0,
        reported_at=known.reported_at if known else None,
        history=row.history,
        milestones=milestones,
        moves=_moves(row, week),
        questions=tuple(
            OpenQuestion(q.text, q.asked_by, q.asked_at, q.id)
            for q in row.questions
            if q.answered_at is None
        ),
        answers=tuple(
            AnsweredQuestion(q.text, q.asked_by, q.asked_at, q.answer, q.answered_by, q.answered_at)
            for q in row.questions
            if q.answered_at is not None
        ),
        drop_reason=_drop_reason(row),
        last_reported_on=_day_of(row.previous) if row.previous and not row.entry else None,
        last_percent_week=row.last_percent_week,
        was_done=bool(row.entry and row.previous and row.previous.health == "done"),
    )


def _further_texts(known: EntryRow | None) -> dict[str, Any]:
    return {name: getattr(known, name) if known else "" for name in FURTHER_TEXTS}


def is_expected(row: ProjectRow) -> bool:
    """Whether the project counts among those that owe an entry: not while it is paused."""
    return row.entry is not None or row.previous is None or row.previous.health != "paused"


def objective_of(row: ProjectRow, rows: WeekRows) -> int | None:
    """The objective that the project stands under on this page.

    The entry's own, if there is one. Else the project's; where that is of a cycle to come, the one
    it was carried over from; where the project has moved on since, the one that its latest entry
    stood under.
    """
    if row.entry:
        candidates = [row.entry.objective_id]
    else:
        last = row.previous.objective_id if row.previous else None
        candidates = [row.objective_id, row.carried_from_id, last]
    known = {objective.id for objective in rows.objectives}
    return next((candidate for candidate in candidates if candidate in known), None)


def _percent(row: ProjectRow) -> Decimal | None:
    """The percent that is printed: as reported, else by milestones, else the last known."""
    if row.entry is None:
        return row.last_percent
    return row.entry.weighted_percent if row.entry.percent is None else row.entry.percent


def _difference(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    return None if new is None or old is None else new - old


def _milestone(row: MilestoneRow) -> MilestoneState:
    days = 0
    if row.due_on is not None and row.first_due_on is not None:
        days = max((row.due_on - row.first_due_on).days, 0)
    return MilestoneState(
        name=row.name,
        percent=row.percent,
        due_on=row.due_on,
        due_precision=row.due_precision,
        first_due_on=row.first_due_on,
        slips=sum(move.new > move.old for move in row.moves),
        slip_days=days,
        is_closed=row.is_closed,
    )


def is_open(milestone: MilestoneState) -> bool:
    return not milestone.is_closed and milestone.percent != HUNDRED


def counts(milestone: MilestoneState) -> bool:
    """Whether the milestone still says something of its project: open or done, not dropped."""
    return not is_dropped(milestone.percent, is_closed=milestone.is_closed)


def _deciding(milestones: tuple[MilestoneState, ...]) -> MilestoneState | None:
    """The open milestone that is due last; when none is open, the one that was."""
    dated = [one for one in milestones if one.due_on is not None and counts(one)]
    candidates = [milestone for milestone in dated if is_open(milestone)] or dated
    return max(candidates, key=lambda milestone: milestone.due_on or date.min, default=None)


def _moves(row: ProjectRow, week: date) -> tuple[Move, ...]:
    return tuple(
        _move(milestone.name, number, move)
        for milestone in row.milestones
        for number, move in enumerate(milestone.moves, 1)
        if move.week == week
    )


def _move(milestone: str, number: int, move: MoveRow) -> Move:
    return Move(
        milestone=milestone,
        old=move.old,
        new=move.new,
        precision=move.precision,
        days=(move.new - move.old).days,
        number=number,
        reason=move.reason,
        by=move.by,
    )


def _drop_reason(row: ProjectRow) -> str:
    reasons = (
        change.reason
        for milestone in row.milestones
        for change in milestone.percent_changes
        if change.new < change.old and change.reason
    )
    return "；".join(dict.fromkeys(reasons))


def _day_of(entry: EntryRow) -> date:
    """The day of its week on which an entry was told; of an imported one, the Friday."""
    if entry.source == "imported":
        return friday(entry.week)
    return min(entry.reported_at.date(), last_day(entry.week))

"""From rows to what the page prints: projects, readings, counts, key results. Pure.

Functions that give pairs give (position, state): the position is the line of an imported page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from projects.objectives import scores
from projects.reported import FURTHER_TEXTS
from projects.standing import deciding, printed_percent, slips_of, told_percent
from projects.weeks import WEEK, friday, last_day
from reports.weekly.document import (
    AnsweredQuestion,
    Entry,
    Finished,
    IncidentCountState,
    KeyResultState,
    MetricState,
    MilestoneState,
    Move,
    OpenQuestion,
)
from reports.weekly.rows import (
    EntryRow,
    FinishedRow,
    IncidentCountRow,
    KeyResultRow,
    MilestoneRow,
    MoveRow,
    ProjectRow,
    ReadingRow,
    WeekRows,
)


def entry_of(row: ProjectRow, week: date) -> Entry:
    """The project's entry of the week, or what was last known when there is none."""
    latest = row.entry or row.previous
    entry = Entry(
        project_id=row.id,
        project=row.name,
        name=row.name,
        lead=row.lead,
        health=latest.health if latest else "",
        stage=latest.stage if latest else "",
        is_focus=row.is_focus,
        is_updated=row.entry is not None,
        is_confirmed=False,
        text="",
        **_further_texts(latest),
        percent=row.last_percent,
        weighted_percent=latest.weighted_percent if latest else None,
        last_percent=row.last_percent,
        change=None,
        reported_at=latest.reported_at if latest else None,
        history=row.history,
        gains=row.gains,
        moves=_moves(row, week),
        drop_reason=_drop_reason(row),
        last_percent_week=row.last_percent_week,
        closed_on=row.closed_on,
        close_reason=row.close_reason,
    )
    if row.entry:
        entry = _reported(entry, row, row.entry)
    elif row.previous:
        entry = _silent(entry, row.previous, week)
    elif (last := row.last_of_history) is not None:
        # Nobody is reproached for weeks before the start; what was known then is told.
        entry = replace(entry, last_text=last.text, last_reported_on=_day_of(last))
    entry = replace(entry, duty=entry.duty_by_facts.value)
    return _with_questions(_with_milestones(entry, row), row)


def _reported(entry: Entry, row: ProjectRow, reported: EntryRow) -> Entry:
    """With what the week's own entry says."""
    reported_percent = told_percent(reported.percent, reported.weighted_percent)
    last_known = (
        None if row.is_last_of_history and reported_percent is not None else row.last_percent
    )
    percent = printed_percent(reported_percent, last_known)
    return replace(
        entry,
        last_percent=last_known,
        name=reported.name or row.name,
        is_focus=reported.is_focus,
        is_confirmed=reported.source == "confirmed",
        text=reported.text,
        percent=percent.percent,
        change=percent.change,
        was_done=row.previous is not None and row.previous.health == "done",
        author=reported.author,
        author_for=reported.author_for,
    )


def _silent(entry: Entry, last: EntryRow, week: date) -> Entry:
    """With the day and the text of the latest entry."""
    return replace(
        entry,
        last_week=last.week,
        last_text=last.text,
        weeks_silent=(week - last.week) // WEEK,
        last_reported_on=_day_of(last),
    )


def _with_milestones(entry: Entry, row: ProjectRow) -> Entry:
    """With the milestones, and the due date of the one that decides."""
    milestones = tuple(map(_milestone, row.milestones))
    entry = replace(entry, milestones=milestones)
    due = deciding(milestones)
    if due is None:
        return entry
    return replace(
        entry,
        due_on=due.due_on,
        due_precision=due.due_precision,
        first_due_on=due.first_due_on,
        first_precision=due.first_precision,
        slips=due.slips,
        slip_days=due.slip_days,
    )


def _with_questions(entry: Entry, row: ProjectRow) -> Entry:
    return replace(
        entry,
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
    )


def _further_texts(entry: EntryRow | None) -> dict[str, Any]:
    return {name: getattr(entry, name) if entry else "" for name in FURTHER_TEXTS}


def objective_of(row: ProjectRow, rows: WeekRows) -> int | None:
    """The objective that the project stands under on this page.

    That of the entry, if there is one. Else the project's; if its cycle has not begun, the one it
    was carried over from; if the project has moved since, the one of its latest entry.
    """
    if row.entry:
        candidates = [row.entry.objective_id]
    else:
        last = row.previous.objective_id if row.previous else None
        candidates = [row.objective_id, row.carried_from_id, last]
    objectives = {objective.id for objective in rows.objectives}
    return next((candidate for candidate in candidates if candidate in objectives), None)


def _milestone(row: MilestoneRow) -> MilestoneState:
    first = () if row.first_due_on is None else (row.first_due_on,)
    slips = slips_of([*first, *(move.new for move in row.moves)], row.first_precision)
    return MilestoneState(
        name=row.name,
        percent=row.percent,
        due_on=row.due_on,
        due_precision=row.due_precision,
        first_due_on=row.first_due_on,
        first_precision=row.first_precision,
        slips=slips.times if slips else 0,
        slip_days=slips.days if slips else 0,
        is_closed=row.is_closed,
    )


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
    """What the entry says of the project's own percent, then what was said of its milestones'."""
    of_milestones = (
        change.reason
        for milestone in row.milestones
        for change in milestone.percent_changes
        if change.new < change.old and change.reason
    )
    own = [row.entry.drop_reason] if row.entry and row.entry.drop_reason else []
    return "；".join(dict.fromkeys([*own, *of_milestones]))


def _day_of(entry: EntryRow) -> date:
    """The day in its week on which an entry was reported; for an imported one, the Friday."""
    if entry.source == "imported":
        return friday(entry.week)
    return min(entry.reported_at.date(), last_day(entry.week))


def metrics(rows: Iterable[ReadingRow]) -> list[tuple[int, MetricState]]:
    return [(row.position, _metric(row, is_told)) for row, is_told in _marked(rows)]


def counts(rows: Iterable[IncidentCountRow]) -> list[tuple[int, IncidentCountState]]:
    return [
        (
            row.position,
            IncidentCountState(
                *(row.severity, row.count, row.text, is_told, row.history, row.course)
            ),
        )
        for row, is_told in _marked(rows)
    ]


def _marked[R: (ReadingRow, IncidentCountRow)](rows: Iterable[R]) -> list[tuple[R, bool]]:
    """Each row, and whether another row of its imported line holds the text of that line."""
    lines_with_words: set[int] = set()
    marked = []
    for row in sorted(rows, key=lambda row: (row.position, not row.text)):
        marked.append((row, row.position in lines_with_words and not row.text))
        if row.position and row.text:
            lines_with_words.add(row.position)
    return marked


def _metric(row: ReadingRow, is_told: bool) -> MetricState:
    change = None
    if row.value is not None and row.last_value is not None:
        change = row.value - row.last_value
    return MetricState(
        metric=row.metric,
        unit=row.unit,
        value=row.value,
        last_value=row.last_value,
        change=change,
        is_better=(change > 0) is (row.direction == "up") if change else None,
        target=row.target,
        misses_target=_misses(row),
        note=row.note,
        text=row.text,
        history=row.history,
        is_told=is_told,
        course=row.course,
    )


def _misses(row: ReadingRow) -> bool:
    if row.value is None or row.target is None:
        return False
    return row.value < row.target if row.direction == "up" else row.value > row.target


def finished(row: FinishedRow) -> Finished:
    return Finished(row.id, row.name, row.percent, row.week, row.lead)


def key_result(row: KeyResultRow) -> KeyResultState:
    """With its score: how far it is from the baseline, 0.0, to the target, 1.0."""
    score = scores.score(row.value, row.baseline, row.target)
    return KeyResultState(row.metric, row.unit, row.baseline, row.target, row.value, score)

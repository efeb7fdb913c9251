"""Readings, counts and key results: from rows to what the page prints. Pure.

Functions that give pairs give (position, state): the position is the line of an imported page.
"""

from __future__ import annotations

from collections.abc import Iterable

from projects.objectives import scores
from reports.weekly.document import (
    Finished,
    IncidentCountState,
    KeyResultState,
    MetricState,
)
from reports.weekly.rows import (
    FinishedRow,
    IncidentCountRow,
    KeyResultRow,
    ReadingRow,
)


def metrics(rows: Iterable[ReadingRow]) -> list[tuple[int, MetricState]]:
    return [(row.position, _metric(row, is_told)) for row, is_told in _marked(rows)]


def counts(rows: Iterable[IncidentCountRow]) -> list[tuple[int, IncidentCountState]]:
    return [
        (
            row.position,
            IncidentCountState(row.severity, row.count, row.text, is_told, row.history),
        )
        for row, is_told in _marked(rows)
    ]


def _marked[R: (ReadingRow, IncidentCountRow)](rows: Iterable[R]) -> list[tuple[R, bool]]:
    """Each row, and whether another of its imported line holds the words of that line."""
    told: set[int] = set()
    marked = []
    for row in sorted(rows, key=lambda row: (row.position, not row.text)):
        marked.append((row, row.position in told and not row.text))
        if row.position and row.text:
            told.add(row.position)
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

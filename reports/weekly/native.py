"""The layout of a page that is kept here: the order of DESIGN §3. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reports.weekly import states
from reports.weekly.document import Block, Entry, Kind, PageSection
from reports.weekly.entries import objective_of
from reports.weekly.rows import SectionRow, WeekRows

_BEFORE_OBJECTIVES: Final = (Kind.PREAMBLE, Kind.FOCUS)
_AFTER_OBJECTIVES: Final = (
    Kind.WORK,
    Kind.METRICS,
    Kind.INCIDENTS,
    Kind.OTHER,
    Kind.CUSTOM,
    Kind.DAILY,
    Kind.REFLECTION,
    Kind.LAST_PLAN,
    Kind.PLAN,
)
# Printed only where somebody made them: a team without focus projects has no empty section.
_OPTIONAL: Final = (Kind.PREAMBLE, Kind.FOCUS, Kind.WORK, Kind.DAILY)

# A section's kind, and for an objective's section which.
type _Place = tuple[Kind, int | None]


def sections(rows: WeekRows, entries: Sequence[Entry]) -> list[PageSection]:
    """The page's sections, those that nobody filled included.

    ``entries`` are those of ``rows.projects``, in their order. A project stands once: a focus
    project before the objectives, the others under theirs.
    """
    blocks: dict[_Place, list[Block]] = {}
    for place, block in (*_facts(rows, entries), *_words(rows)):
        blocks.setdefault(place, []).append(block)
    objectives = [
        PageSection(
            Kind.OBJECTIVE,
            anchor="",
            heading="",
            code=objective.code,
            name=objective.name,
            objective_id=objective.id,
            blocks=tuple(blocks.get((Kind.OBJECTIVE, objective.id), ())),
        )
        for objective in rows.objectives
    ]
    return [
        *_of_kinds(_BEFORE_OBJECTIVES, rows, blocks),
        *objectives,
        *_of_kinds(_AFTER_OBJECTIVES, rows, blocks),
    ]


def _facts(rows: WeekRows, entries: Sequence[Entry]) -> Iterator[tuple[_Place, Block]]:
    for row, entry in zip(rows.projects, entries, strict=True):
        objective = objective_of(row, rows)
        place = (Kind.OBJECTIVE if objective else Kind.WORK, objective)
        yield (Kind.FOCUS, None) if entry.is_focus else place, Block(entry=entry)
    if metrics := tuple(state for _, state in states.metrics(rows.readings)):
        yield (Kind.METRICS, None), Block(metrics=metrics)
    if counts := tuple(state for _, state in states.counts(rows.incident_counts)):
        yield (Kind.METRICS, None), Block(incident_counts=counts)
    for incident in rows.incidents:
        yield (Kind.INCIDENTS, None), Block(incident=states.incident(incident))
    if last_plan := tuple(map(states.planned, rows.last_plan)):
        yield (Kind.LAST_PLAN, None), Block(last_plan=last_plan)
    if plan := tuple(map(states.planned, rows.plan)):
        yield (Kind.PLAN, None), Block(plan=plan)


def _words(rows: WeekRows) -> Iterator[tuple[_Place, Block]]:
    """The manager's words, each in the section it was written for."""
    known = {objective.id for objective in rows.objectives}
    for row in rows.sections:
        kind = Kind(row.kind)
        objective = row.objective_id if kind is Kind.OBJECTIVE else None
        if kind is Kind.OBJECTIVE and objective not in known:
            kind, objective = Kind.WORK, None
        if kind is not Kind.CUSTOM and row.body.strip():
            yield (kind, objective), Block(text=row.body, section_id=row.id)


def _of_kinds(
    kinds: Iterable[Kind], rows: WeekRows, blocks: dict[_Place, list[Block]]
) -> Iterator[PageSection]:
    for kind in kinds:
        if kind is Kind.CUSTOM:
            yield from (_custom(row) for row in rows.sections if row.kind == kind)
            continue
        filled = tuple(blocks.get((kind, None), ()))
        if filled or kind not in _OPTIONAL:
            headings = (row.heading for row in rows.sections if row.kind == kind and row.heading)
            yield PageSection(kind, anchor="", heading=next(headings, ""), blocks=filled)


def _custom(row: SectionRow) -> PageSection:
    blocks = (Block(text=row.body, section_id=row.id),) if row.body.strip() else ()
    return PageSection(
        Kind.CUSTOM, "", row.heading, level=row.level, blocks=blocks, section_id=row.id
    )

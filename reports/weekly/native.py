"""The layout of a page that is kept here: the sections in the order of their table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reports.weekly import states
from reports.weekly.document import Block, Entry, PageSection
from reports.weekly.entries import objective_of
from reports.weekly.rows import ObjectiveRow, SectionRow, WeekRows
from reports.weekly.sections import SECTIONS, Kind, SectionType

# A section's kind, and for an objective's section which.
type _Place = tuple[Kind, int | None]


def sections(rows: WeekRows, entries: Sequence[Entry]) -> list[PageSection]:
    """The page's sections, those that nobody filled included.

    ``entries`` are those of ``rows.projects``, in their order. A project stands once: a focus
    project before the objectives, the others under theirs.
    """
    blocks: dict[_Place, list[Block]] = {}
    for place, block in (*_facts(rows, entries), *_words(rows)):
        here = blocks.setdefault(place, [])
        if here and (joined := block.joined_to(here[-1])):
            here[-1] = joined
        else:
            here.append(block)
    return [section for kind in SECTIONS for section in _of_kind(kind, rows, blocks)]


def _facts(rows: WeekRows, entries: Sequence[Entry]) -> Iterator[tuple[_Place, Block]]:
    for row, entry in zip(rows.projects, entries, strict=True):
        objective = objective_of(row, rows)
        place = (Kind.OBJECTIVE if objective else Kind.WORK, objective)
        yield (Kind.FOCUS, None) if entry.is_focus else place, Block(entry=entry)
    if metrics := tuple(state for _, state in states.metrics(rows.readings)):
        yield (Kind.METRICS, None), Block(metrics=metrics)
    if counts := tuple(state for _, state in states.counts(rows.incident_counts)):
        yield (Kind.METRICS, None), Block(incident_counts=counts)
    for fact in rows.facts:
        yield (fact.kind, None), fact.block


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


def _of_kind(
    section_type: SectionType, rows: WeekRows, blocks: Mapping[_Place, Sequence[Block]]
) -> Iterator[PageSection]:
    kind = section_type.kind
    if kind is Kind.OBJECTIVE:
        for objective in rows.objectives:
            yield _of_objective(objective, blocks.get((kind, objective.id), ()))
        return
    here = [row for row in rows.sections if row.kind == kind]
    if kind is Kind.CUSTOM:
        yield from map(_custom, here)
        return
    filled = tuple(blocks.get((kind, None), ()))
    if filled or not section_type.is_optional:
        heading = next((row.heading for row in here if row.heading), "")
        yield PageSection(kind, anchor="", heading=heading, blocks=filled)


def _of_objective(objective: ObjectiveRow, blocks: Sequence[Block]) -> PageSection:
    return PageSection(
        Kind.OBJECTIVE,
        anchor="",
        heading="",
        code=objective.code,
        name=objective.name,
        objective_id=objective.id,
        blocks=tuple(blocks),
    )


def _custom(row: SectionRow) -> PageSection:
    blocks = (Block(text=row.body, section_id=row.id),) if row.body.strip() else ()
    return PageSection(
        Kind.CUSTOM, "", row.heading, level=row.level, blocks=blocks, section_id=row.id
    )

"""In which order the sections and their contents stand on a page. Pure.

A page that is kept here has the sections in the order of their table. An imported page keeps
everything in the place where its source had it: ``position`` of a row is its line on the source
page (from ``ADDED_FROM`` on, and 0, on none: what was added here stands at the end of its section).
A section begins where a heading stood; what the importer understood (entries, readings, incidents,
plan items) and what it did not (runs of text) follow each other by line, so the page reads like its
source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

from projects.checkin.plan_lines import ADDED_FROM
from reports.weekly import states
from reports.weekly.document import Block, Entry, PageSection
from reports.weekly.lines import name_and_text
from reports.weekly.rows import ObjectiveRow, SectionRow, WeekRows
from reports.weekly.sections import BY_KIND, SECTIONS, Kind, SectionType
from reports.weekly.states import objective_of

# --- a page that is kept here ------------------------------------------------------------------

# A section's kind, and for an objective's section which.
type _Place = tuple[Kind, int | None]


def sections_kept_here(rows: WeekRows, entries: Sequence[Entry]) -> list[PageSection]:
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
    """The manager's texts, each with the section that it was written for."""
    own_objectives = {objective.id for objective in rows.objectives}
    for row in rows.sections:
        kind = Kind(row.kind)
        objective = row.objective_id if kind is Kind.OBJECTIVE else None
        if kind is Kind.OBJECTIVE and objective not in own_objectives:
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


# --- a page that was imported ------------------------------------------------------------------


@dataclass(slots=True)
class _Section:
    """A section while it is being filled."""

    kind: Kind
    heading: str = ""
    level: int = 2
    objective_id: int | None = None
    section_id: int = 0
    blocks: list[Block] = field(default_factory=list)

    def is_headed(self, heading: str) -> bool:
        return BY_KIND[self.kind].holds_projects and self.heading == heading

    def add(self, block: Block) -> None:
        """Put the block at the end; numbers and plan items that follow each other are one block."""
        if self.blocks and (joined := block.joined_to(self.blocks[-1])):
            self.blocks[-1] = joined
        else:
            self.blocks.append(block)


@dataclass(frozen=True, slots=True)
class _Own:
    """A focus project's heading on the page: its name, and the heading it stands under."""

    name: str
    under: str

    @property
    def heading(self) -> str:
        return self.name if "【" in self.name else f"【{self.name}】"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands on a line of the page: a section's beginning, a block, or both.

    Line 0 and lines from ``ADDED_FROM`` on are not of the source.
    """

    line: int
    kind: Kind  # of the section it belongs to if it has no line
    block: Block | None = None
    opens: _Section | None = None
    own: _Own | None = None  # of a focus project, which is a section of its own
    objective_id: int | None = None  # likewise

    @property
    def is_of_source(self) -> bool:
        return 0 < self.line < ADDED_FROM


def imported_sections(rows: WeekRows, entries: Sequence[Entry]) -> list[PageSection]:
    """The page's sections; ``entries`` are those of ``rows.projects``, in their order."""
    page: list[_Section] = []
    pieces = sorted(_pieces(rows, entries), key=lambda piece: piece.line)
    for piece in (piece for piece in pieces if piece.is_of_source):
        _put_in_place(page, piece)
    for piece in (piece for piece in pieces if not piece.is_of_source):
        _put_where_it_belongs(page, piece)
    codes = {objective.id: (objective.code, objective.name) for objective in rows.objectives}
    sections = [_finished(section, codes) for section in page]
    for place, (section, below) in enumerate(pairwise(sections)):
        sections[place] = replace(section, has_parts=below.level > section.level)
    return sections


def _pieces(rows: WeekRows, entries: Sequence[Entry]) -> Iterator[_Piece]:
    """Everything on the page; within one line the heading comes first."""
    for row in rows.sections:
        kind = Kind(row.kind)
        block = Block(text=row.body, section_id=row.id) if row.body.strip() else None
        opens = None
        if row.heading:
            opens = _Section(kind, row.heading, row.level, row.objective_id, row.id)
        yield _Piece(row.position, kind, block, opens)
    yield from _entry_pieces(rows, entries)
    told_lines = _lines_of_tables(rows.sections, frozenset({Kind.METRICS, Kind.INCIDENTS}))
    for line, metric in states.metrics(row for row in rows.readings if row.value is not None):
        is_told = metric.is_told or (line in told_lines and not metric.text)
        yield _Piece(line, Kind.METRICS, Block(metrics=(replace(metric, is_told=is_told),)))
    for line, count in states.counts(rows.incident_counts):
        is_told = count.is_told or (line in told_lines and not count.text)
        yield _Piece(line, Kind.METRICS, Block(incident_counts=(replace(count, is_told=is_told),)))
    tables = lines_of_plan_tables(rows.sections)
    for fact in rows.facts:
        is_in_table = bool(fact.block.plan) and fact.position in tables
        is_without_outcome = any(not item.outcome for item in fact.block.last_plan)
        if not (is_in_table or is_without_outcome):
            block = _told_in_table(fact.block) if fact.position in told_lines else fact.block
            yield _Piece(fact.position, fact.kind, block)


def _told_in_table(block: Block) -> Block:
    """The block with its incidents marked as told by the table of the page that holds them."""
    if block.incident is None or block.incident.text:
        return block
    return replace(block, incident=replace(block.incident, is_told=True))


class SectionLike(Protocol):
    """A section's row, as ``WeekRows`` or the database has it."""

    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def position(self) -> int: ...


def lines_of_plan_tables(sections: Iterable[SectionLike]) -> set[int]:
    """The lines of tables that plan the next week, whose items the page already shows."""
    return _lines_of_tables(sections, frozenset({Kind.PLAN}))


def _lines_of_tables(sections: Iterable[SectionLike], kinds: frozenset[Kind]) -> set[int]:
    """The lines of tables in sections of these kinds: the page shows them as they stand."""
    return {
        row.position + below
        for row in sections
        if row.kind in kinds and row.body.lstrip().startswith("|")
        for below in range(row.body.count("\n") + 1)
    }


def _entry_pieces(rows: WeekRows, entries: Sequence[Entry]) -> Iterator[_Piece]:
    """The projects, each on the line where the page reports on it; else on no line."""
    for row, entry in zip(rows.projects, entries, strict=True):
        reported = row.entry
        line, kind = (reported.position, Kind.WORK) if reported else (0, Kind.SILENT)
        own = _Own(entry.name, reported.section) if reported and entry.is_focus else None
        objective = objective_of(row, rows)
        yield _Piece(line, kind, Block(entry=entry), own=own, objective_id=objective)
        for repeat in reported.repeats if reported else ():
            own = _Own(repeat.name, repeat.section) if repeat.is_focus else None
            text = "\n".join(name_and_text("" if own else repeat.name, repeat.text))
            block = Block(text=text, repeat_of=entry.project)
            yield _Piece(repeat.position, Kind.WORK, block, own=own)


def _put_in_place(page: list[_Section], piece: _Piece) -> None:
    if piece.opens:
        page.append(piece.opens)
    elif piece.own and not (page and page[-1].is_headed(piece.own.under)):
        page.append(_Section(Kind.FOCUS, piece.own.heading))
    elif not page:
        page.append(_Section(Kind.PREAMBLE))
    if piece.block:
        page[-1].add(piece.block)


def _put_where_it_belongs(page: list[_Section], piece: _Piece) -> None:
    """Put the piece into its objective's section, else into that of its kind, made if needed."""
    objective = piece.objective_id
    fitting = [s for s in page if objective is not None and s.objective_id == objective] or [
        section for section in page if section.kind is piece.kind
    ]
    if piece.opens or not fitting:
        fitting = [piece.opens or _Section(piece.kind)]
        page.extend(fitting)
    if piece.block:
        fitting[-1].add(piece.block)


def _finished(section: _Section, codes: dict[int, tuple[str, str]]) -> PageSection:
    code, name = codes.get(section.objective_id or 0, ("", ""))
    return PageSection(
        section.kind,
        anchor="",
        heading=section.heading,
        code=code,
        name=name,
        level=section.level,
        blocks=tuple(section.blocks),
        objective_id=section.objective_id if code else None,
        section_id=section.section_id,
    )

"""Sections of work: the items of an objective or a list of work, as projects and text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from reports.importer import tables
from reports.importer.facts import Facts, read_cells, read_facts
from reports.importer.headings import Kind, objective_of
from reports.importer.heads import Head, is_generic, is_short_name, project_head
from reports.importer.outline import PARAGRAPH, Item, Line, dedented, items, nest
from reports.importer.page import ObjectiveHeading, ProjectMention, SectionText

_MAX_NESTING: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lines stand: what every mention of the section shares."""

    kind: Kind
    heading: str
    code: str | None
    is_focus: bool
    week: date
    known: tuple[str, ...]


@dataclass(slots=True)
class Work:
    """What a section gave: mentions, and the runs of lines between them."""

    projects: list[ProjectMention] = field(default_factory=list)
    objectives: list[ObjectiveHeading] = field(default_factory=list)
    runs: list[list[Line]] = field(default_factory=list)
    _last: object = None

    def add_project(self, mention: ProjectMention) -> None:
        self.projects.append(mention)
        self._last = mention

    def add_lines(self, lines: Iterable[Line]) -> None:
        """Lines that are no project continue the run just before them."""
        if self._last is None or self._last is not (self.runs[-1] if self.runs else None):
            self.runs.append([])
        self.runs[-1].extend(lines)
        self._last = self.runs[-1]


def read_work(lines: list[Line], place: Place) -> Work:
    """The section's items. Every non-blank line ends in a mention's text or in a run."""
    work = Work()
    for block in _blocks(lines):
        if block[0].is_table_row:
            _read_table(work, block, place)
        else:
            _read_items(work, nest(block), place, nesting=0)
    return work


def text_of(lines: list[Line], kind: Kind) -> SectionText:
    """A run of lines as a text without heading, at the place of its first line."""
    numbers = tuple(line.number for line in lines if not line.is_blank)
    return SectionText(kind, "", 2, dedented(lines), numbers[0], first_lines=numbers)


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Runs of outermost table rows, and runs of other lines."""
    block: list[Line] = []
    for line in lines:
        is_row = line.is_table_row and line.indent <= 1
        if block and not line.is_blank and is_row != block[0].is_table_row:
            yield block
            block = []
        if block or not line.is_blank:
            block.append(line)
    if block:
        yield block


def _read_items(work: Work, lines: list[Line], place: Place, *, nesting: int) -> None:
    for item in _with_followers(_with_continuations(items(lines))):
        head = _head(item, place)
        if head is not None:
            work.add_project(_mention(item, head, place))
        elif item.children and nesting < _MAX_NESTING and _is_group(item):
            work.add_lines([item.line])
            _read_items(work, nest(item.children), place, nesting=nesting + 1)
        else:
            work.add_lines(item.lines)


def _head(item: Item, place: Place) -> Head | None:
    line = item.line
    head = project_head(line, known=place.known)
    if head is not None:
        return head
    alone = line.plain.rstrip("：:").strip()
    if line.level and alone and not is_generic(alone):
        return Head(alone, "")
    is_item = bool(item.children) or (place.kind == Kind.OBJECTIVE and line.rank != PARAGRAPH)
    return Head(alone, "") if is_item and is_short_name(line) else None


def _is_group(item: Item) -> bool:
    """Whether the line only labels the items below it: 本周进展：, KR1：…, 一、已完成."""
    label, _, rest = item.line.plain.replace(":", "：").partition("：")
    return is_generic(label) or (not rest and len(label) <= 20)


def _with_continuations(found: Iterable[Item]) -> Iterator[Item]:
    """A paragraph right after an item, that names nothing, continues the item."""
    previous: Item | None = None
    for item in found:
        line = item.line
        continues = (
            previous is not None
            and line.rank == PARAGRAPH
            and not line.after_blank
            and not line.is_table_row
            and project_head(line) is None
            and not is_short_name(line)
        )
        if continues and previous is not None:
            previous.children.extend(item.lines)
            continue
        if previous is not None:
            yield previous
        previous = item
    if previous is not None:
        yield previous


def _with_followers(found: Iterable[Item]) -> Iterator[Item]:
    """A name alone on its line owns the list items after it, up to the next paragraph."""
    owner: Item | None = None
    for item in found:
        if owner is not None and item.line.rank != PARAGRAPH and not item.line.level:
            for line in item.lines:
                line.depth += 1
            owner.children.extend(item.lines)
            continue
        if owner is not None:
            yield owner
        if item.line.rank == PARAGRAPH and (is_short_name(item.line) or _is_name_alone(item.line)):
            owner = item
        else:
            owner = None
            yield item
    if owner is not None:
        yield owner


def _is_name_alone(line: Line) -> bool:
    head = project_head(line, strict=True)
    return head is not None and not head.rest


def _mention(item: Item, head: Head, place: Place) -> ProjectMention:
    line = item.line
    facts = read_facts((line.number, head.rest), item.children, week=place.week)
    below = dedented(item.children) if item.children else ""
    text = "\n".join(part for part in (head.rest, below) if part)
    written = f"{line.kept_mark} {head.name}".strip()
    bare = ProjectMention(
        head.name, written, place.code, place.is_focus, line.number, place.heading, text
    )
    return _with_facts(bare, facts)


def _with_facts(mention: ProjectMention, facts: Facts) -> ProjectMention:
    return replace(
        mention,
        progress=tuple(facts.progress),
        dates=tuple(facts.dates),
        readings=tuple(facts.readings),
        states=tuple(facts.states),
        owners=tuple(dict.fromkeys(facts.owners)),
    )


def _read_table(work: Work, lines: list[Line], place: Place) -> None:
    """Each project of a table becomes a mention whose text is its rows below the table's head."""
    table = tables.read_table(lines)
    column = tables.name_column(table)
    taken: set[int] = set()
    for found in tables.projects_of(table):
        facts = Facts()
        for row in found.rows:
            cells = tables.cells_of(table, row, without=column)
            facts.extend(read_cells(row.line.number, cells, week=place.week))
        shown = [*table.head, *(row.line for row in found.rows)]
        taken.update(line.number for line in shown)
        code = found.code or place.code
        _note_objective(work, found, code)
        line = found.rows[0].line.number
        text = dedented(shown)
        bare = ProjectMention(
            found.name, found.name, code, place.is_focus, line, place.heading, text
        )
        work.add_project(_with_facts(bare, facts))
    left = [line for line in lines if line.number not in taken]
    if any(not line.is_blank for line in left):
        work.add_lines(left)


def _note_objective(work: Work, found: tables.ProjectRows, code: str | None) -> None:
    if code is None or any(known.code == code for known in work.objectives):
        return
    for cell in found.rows[0].cells:
        named = objective_of(cell)
        if named is not None and named[0] == code:
            line = found.rows[0].line.number
            work.objectives.append(ObjectiveHeading(code, named[1], line))
            return

"""One worksheet as the lines of a page: titles, sections, and tables in Markdown. Pure.

People use sheets as forms: a title across the columns, a few facts about it, one table below the
other, groups between the rows. Each row becomes one line that bears its number; a line that has no
row of its own (the rule below the headings) shares that of the row it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reports.importer.column_mapping import ColumnMappings, TableColumns
from reports.importer.columns import ColumnRole, is_heading_row, is_total, roles_of
from reports.importer.dating.headings import title_labels
from reports.importer.formats.grids import CellGrid, Merged
from reports.importer.reading.headings import kind_of, objective_of
from reports.importer.source import SourceLine
from reports.weekly.sections import Kind

_LONGEST_HEADING: Final = 30
_LONGEST_LABEL: Final = 12
_MOST_MERGED: Final = 100_000  # rows that cells are merged down to
_ORDINAL: Final = re.compile(r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[（(]\d{1,2}[)）])[.、]?")
_MARKED: Final = re.compile(r"[#\-*+>|]|\d{1,3}[.、)）]")
_PAIR: Final = re.compile(r"[^：:\n]{1,12}[：:]\s*[^\n]+")  # 汇报人：林夏
_VALUE: Final = re.compile(r"\d|%")
# Columns that a cell merged over several projects is of all of them.
_SHARED: Final = frozenset(
    {ColumnRole.OBJECTIVE, ColumnRole.OWNER, ColumnRole.WEEK, ColumnRole.TEXT, None}
)
_SECTIONS: Final = frozenset({Kind.PLAN, Kind.WORK, Kind.CUSTOM, Kind.OTHER, Kind.REFLECTION})


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet as lines, with the tables that stand in it."""

    lines: tuple[SourceLine, ...]
    tables: tuple[TableColumns, ...] = ()


@dataclass(slots=True)
class _SheetWriter:
    """Writes the rows of a grid, one after the other."""

    grid: CellGrid
    mappings: ColumnMappings
    lines: list[SourceLine] = field(default_factory=list)
    tables: list[TableColumns] = field(default_factory=list)
    headings: tuple[str, ...] = ()  # of the table that the rows belong to; empty outside of one
    is_open: bool = False  # whether the line before belongs to that table
    is_new: bool = False  # whether the headings stand nowhere yet
    heading_index: int = 0  # of their row
    heading_number: int = 0
    number: int = 0  # of the row that is being written
    wide: set[tuple[int, int]] = field(default_factory=set)  # cells merged over columns
    tall: dict[int, list[Merged]] = field(default_factory=dict)  # by the rows they reach down to

    def write(self) -> Worksheet:
        self._note_merged()
        for index, row in enumerate(self.grid.rows):
            self.number = max(self.grid.number(index), self.number + 1)
            self._row(index, row)
        if self.is_new:
            self._heading_lines(len(self.grid.rows) - 1)
        return Worksheet(tuple(self.lines), tuple(self.tables))

    def _note_merged(self) -> None:
        room = _MOST_MERGED
        for merged in self.grid.merged:
            if merged.last_column > merged.first_column:
                self.wide.add((merged.first_row, merged.first_column))
            room -= merged.last_row - merged.first_row
            if room > 0:
                for index in range(merged.first_row + 1, merged.last_row + 1):
                    self.tall.setdefault(index, []).append(merged)

    # ---- what a row is

    def _row(self, index: int, row: tuple[str, ...]) -> None:
        filled = [column for column, cell in enumerate(row) if cell]
        if not filled:
            self._add(index, 0, "")
            self.is_open = False
        elif (headings := self._headings(index, row)) is not None:
            self._begin_table(index, headings)
        elif self.headings and self._is_of_table(index, row, filled):
            self._table_row(index, list(row))
        elif len(filled) == 1:
            self._single(index, filled[0], row[filled[0]])
        else:
            self.headings = ()
            self._words(index, [(column, row[column]) for column in filled])

    def _headings(self, index: int, row: tuple[str, ...]) -> tuple[str, ...] | None:
        flat = tuple(map(_flat, row))
        if (mapped := self.mappings.named(flat)) is not None:
            return mapped
        if is_heading_row(flat):
            return flat
        if not self.headings and self._begins_plain_table(index, row):
            return flat
        return None

    def _begins_plain_table(self, index: int, row: tuple[str, ...]) -> bool:
        """Whether rows of the same width follow below words: a table with unknown headings."""
        cells = [cell for cell in row if cell]
        below = self.grid.rows[index + 1] if index + 1 < len(self.grid.rows) else None
        if not below or len(cells) < 2 or len(set(cells)) < len(cells):
            return False
        is_words = all(len(c) <= _LONGEST_LABEL * 2 and not _VALUE.search(c) for c in cells)
        count = sum(map(bool, below))
        labels = [below[0], row[0] if len(cells) == 2 else ""]
        is_form = any(kind_of(label) for label in labels if label)
        return is_words and 2 <= count <= len(cells) and not is_form and not is_heading_row(below)

    def _is_of_table(self, index: int, row: tuple[str, ...], filled: Sequence[int]) -> bool:
        """False for a title or the label of a group between the rows."""
        column, cell = filled[0], row[filled[0]]
        if len(filled) > 1:
            return True
        roles = roles_of(self.headings)
        is_wide = (index, column) in self.wide
        is_named = column < len(roles) and roles[column] in {ColumnRole.NAME, ColumnRole.KEY_RESULT}
        is_heading = len(cell) <= _LONGEST_HEADING and (kind_of(cell) or objective_of(cell))
        return not is_wide and not is_heading and (is_named or self._continues(index, column))

    def _continues(self, index: int, column: int) -> bool:
        """Whether a cell alone in its row is the rest of the table's row above it."""
        above = self.grid.rows[index - 1] if index else None
        return self.is_open and bool(above) and column > 0

    def _goes_on(self, index: int) -> bool:
        """Whether the row below the label of a group is one of the table's."""
        below = next((row for row in self.grid.rows[index + 1 :] if any(row)), ())
        roles = roles_of(self.headings)
        name = below[roles.index(ColumnRole.NAME)] if _reaches(roles, below) else ""
        is_named = bool(name) and not _ORDINAL.fullmatch(name)
        return is_named and sum(map(bool, below)) * 2 > sum(map(bool, self.headings))

    # ---- tables

    def _begin_table(self, index: int, headings: tuple[str, ...]) -> None:
        if self.is_new:
            self._heading_lines(index)
        self.headings = headings
        first = next(column for column, heading in enumerate(headings) if heading)
        self.tables.append(TableColumns(self.grid.cell(index, first), headings, roles_of(headings)))
        self.is_open, self.is_new = False, True
        self.heading_index, self.heading_number = index, self.number

    def _heading_lines(self, index: int) -> None:
        written = self.number
        if self.is_new:
            last = self.lines[-1].number if self.lines else 0
            self.number = max(last, self.heading_number)
            index = self.heading_index
        if self.lines and self.lines[-1].text and not self.is_open:
            self._add(index, 0, "")
        self._add(index, 0, _as_row(self.headings))
        self._add(index, 0, "|" + " --- |" * len(self.headings))
        self.number = written
        self.is_open, self.is_new = True, False

    def _table_row(self, index: int, row: list[str]) -> None:
        roles = roles_of(self.headings)
        name = roles.index(ColumnRole.NAME) if ColumnRole.NAME in roles else None
        for column, cell in enumerate(row[: name or 0]):
            # The first column says which part of the report the rows below are: 下周计划.
            if roles[column] in {None, ColumnRole.TEXT} and kind_of(cell) in _SECTIONS:
                self._section(index, column, cell)
                row[column] = ""
        if not self.is_open:
            self._heading_lines(index)
        for column, cell in self._shared(index, row, roles, name):
            row[column] = cell
        width = max(len(self.headings), len(row))
        cells = [*row, *([""] * (width - len(row)))]
        self._add(index, next((c for c, cell in enumerate(row) if cell), 0), _as_row(cells))

    def _shared(
        self, index: int, row: Sequence[str], roles: Sequence[ColumnRole | None], name: int | None
    ) -> Iterator[tuple[int, str]]:
        """The cells above that were merged down to this row, where it is a project of its own."""
        if name is None or name >= len(row) or not row[name] or is_total(row[name]):
            return
        for merged in self.tall.get(index, ()):
            column = merged.first_column
            if column != name and column < len(row) and column < len(roles) and not row[column]:
                above = self.grid.rows[merged.first_row]
                if roles[column] in _SHARED and column < len(above) and not kind_of(above[column]):
                    yield column, above[column]

    # ---- words

    def _single(self, index: int, column: int, cell: str) -> None:
        """A title, a heading, or a text of many lines in one cell."""
        self.is_open = False
        lines = cell.split("\n")
        is_first = not any(line.text for line in self.lines)
        if len(lines) > 1 or _MARKED.match(cell):
            self.headings = ()
            self._text(index, column, lines)
        elif is_first and (title_labels(cell) or len(cell) <= _LONGEST_HEADING):
            self._add(index, column, f"# {cell}")
        elif len(cell) <= _LONGEST_HEADING and (
            kind_of(cell) or objective_of(cell) or self._heads_a_table(index)
        ):
            self._section(index, column, cell)
            self.headings = self.headings if self._goes_on(index) else ()
        else:
            self._add(index, column, cell)

    def _heads_a_table(self, index: int) -> bool:
        """Whether rows of a table come next: the words label a group of them."""
        below = next((row for row in self.grid.rows[index + 1 :] if any(row)), ())
        return sum(map(bool, below)) > 1 and (bool(self.headings) or is_heading_row(below))

    def _section(self, index: int, column: int, heading: str) -> None:
        if self.lines and self.lines[-1].text:
            self._add(index, column, "")
        self._add(index, column, f"## {_flat(heading).replace('<br>', ' ')}")
        self._add(index, column, "")
        self.is_open = False

    def _words(self, index: int, cells: Sequence[tuple[int, str]]) -> None:
        """A row outside of any table: a label with its text, or pairs of them."""
        self.is_open = False
        (first, label), *others = cells
        if len(others) == 1 and len(label) <= _LONGEST_HEADING and kind_of(label):
            self._section(index, first, label)
            self._text(index, others[0][0], others[0][1].split("\n"))
        elif _ORDINAL.fullmatch(label):
            words = "，".join(cell for _, cell in others).split("\n")
            self._text(index, first, [f"{label.rstrip('.、')}. {words[0]}", *words[1:]])
        elif all(_PAIR.fullmatch(cell) for _, cell in cells):
            for column, cell in cells:
                self._add(index, column, cell)
        elif len(cells) % 2 == 0 and all(len(cell) <= _LONGEST_LABEL for _, cell in cells[::2]):
            for at in range(0, len(cells), 2):
                (column, name), (_, text) = cells[at : at + 2]
                lines = text.split("\n")
                self._text(index, column, [f"{name.rstrip(':： ')}：{lines[0]}", *lines[1:]])
        else:
            self._text(index, first, "，".join(cell for _, cell in cells).split("\n"))

    def _text(self, index: int, column: int, lines: Sequence[str]) -> None:
        """The lines of one cell, each with a number of its own."""
        for further, line in enumerate(lines):
            self.number += bool(further)
            self._add(index, column, line)

    def _add(self, index: int, column: int, text: str) -> None:
        self.lines.append(SourceLine(self.number, text, self.grid.cell(index, column)))


def lines_of(grid: CellGrid, mappings: ColumnMappings) -> Worksheet:
    """The lines of a worksheet."""
    return _SheetWriter(grid, mappings).write()


def _reaches(roles: Sequence[ColumnRole | None], row: Sequence[str]) -> bool:
    return ColumnRole.NAME in roles and roles.index(ColumnRole.NAME) < len(row)


def _flat(cell: str) -> str:
    """A cell on one line, as the cell of a Markdown table."""
    return "<br>".join(filter(None, (line.strip() for line in cell.splitlines())))


def _as_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_flat(cell).replace("|", "\\|") for cell in cells) + " |"

"""The sheets of one file as weekly pages: one sheet a week, one column a week, or a row for each.

Where no sheet, column or row names a week, all sheets are the sections of one page, whose week the
file's name says. Beside sheets of weeks each other sheet is a page of its own, which names no week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from projects.weeks import Numbering
from reports.importer.column_mapping import ColumnMappings
from reports.importer.columns import ColumnRole, is_heading_row, role_of, roles_of, spelled
from reports.importer.dating.headings import StandingOut, is_day, title_labels, week_labels
from reports.importer.dating.labels import Label, decisive, resolve, years_in
from reports.importer.formats.grids import CellGrid
from reports.importer.source import SourceLine, SourcePage
from reports.importer.sources.worksheets import Worksheet, lines_of

_DEFAULT_NAME: Final = re.compile(r"(?:sheet|工作表|表)\s?\d*", re.IGNORECASE)
_DAY_COLUMN: Final = re.compile(r"周|日期|时间|date|time|period", re.IGNORECASE)
_TITLE_ROWS: Final = 4
_MOSTLY: Final = 0.8
_BARE_PERCENT: Final = re.compile(r"\d{1,3}(?:\.\d+)?\s*[%％]?")


@dataclass(frozen=True, slots=True)
class _Part:
    """What becomes a page: a sheet or some of its columns or rows, and the week they name."""

    grid: CellGrid
    label: str = ""  # of the week, where it does not stand in the sheet itself


@dataclass(frozen=True, slots=True)
class Era:
    """What tells the year of a week that names none."""

    numbering: Numbering
    latest: date | None  # the file's own day, else today
    is_guess: bool  # whether that is today
    modified: date | None


def pages_of(
    name: str,
    grids: Sequence[CellGrid],
    mappings: ColumnMappings,
    *,
    modified: date | None,
    numbering: Numbering,
    today: date | None,
) -> list[SourcePage]:
    """The pages in the sheets of the file ``name``, in their order."""
    era = Era(numbering, modified or today, modified is None, modified)
    parts = [part for grid in grids for part in _parts(grid, mappings)]
    if not any(part.label for part in parts):
        return [_joined(name, grids, mappings, modified)]
    mondays = _mondays(name, parts, era)
    return [
        _page(name, part, monday, mappings, era)
        for part, monday in zip(parts, mondays, strict=True)
    ]


# ---- weeks of a sheet


def _parts(grid: CellGrid, mappings: ColumnMappings) -> list[_Part]:
    heading = _heading_row(grid, mappings)
    if heading is not None:
        index, cells = heading
        if parts := _by_column(grid, index, cells) or _by_row(grid, index, cells):
            return parts
    if week_labels(StandingOut(1, grid.name)) or title_labels(grid.name):
        return [_Part(grid, grid.name)]
    return [_Part(grid, _titled(grid))]


def _heading_row(grid: CellGrid, mappings: ColumnMappings) -> tuple[int, tuple[str, ...]] | None:
    for index, row in enumerate(grid.rows):
        named = mappings.named(row) or row
        weeks = sum(_is_week(cell) for cell in row)
        if is_heading_row(named) or (weeks >= 2 and any(role_of(cell) for cell in named)):
            return index, named
    return None


def _is_week(cell: str) -> bool:
    return bool(cell) and role_of(cell) is None and bool(week_labels(StandingOut(1, cell)))


def _titled(grid: CellGrid) -> str:
    """The title of a sheet, where it names a week."""
    for row in grid.rows[:_TITLE_ROWS]:
        cells = [cell for cell in row if cell]
        if len(cells) == 1 and title_labels(cells[0]):
            return cells[0]
    return ""


def _by_column(grid: CellGrid, index: int, headings: Sequence[str]) -> list[_Part]:
    """One part for each week that heads a column, or several columns in a merged cell."""
    starts = [column for column, cell in enumerate(headings) if _is_week(cell)]
    if len(starts) < 2:
        return []
    merged = {m.first_column: m.last_column + 1 for m in grid.merged if m.first_row == index}
    ends = {start: max(merged.get(start, 0), _end_of_week(headings, start)) for start in starts}
    weekly = {column for start in starts for column in range(start, ends[start])}
    return [
        _Part(_only_columns(grid, index, range(start, ends[start]), weekly), headings[start])
        for start in starts
    ]


def _end_of_week(headings: Sequence[str], start: int) -> int:
    """Where the columns below one week's heading end: the next heading."""
    end = start + 1
    while end < len(headings) and not headings[end]:
        end += 1
    return end


def _only_columns(grid: CellGrid, index: int, own: range, weekly: set[int]) -> CellGrid:
    """The sheet with one week's columns, and without the rows that say nothing of that week."""
    below = grid.rows[index + 1 :]
    cells = [row[column] for row in below for column in own if column < len(row) and row[column]]
    is_numbers = bool(cells) and all(_BARE_PERCENT.fullmatch(cell) for cell in cells)
    divided = _headings_below(grid, index, own)

    def own_cells(row: tuple[str, ...]) -> list[str]:
        return [cell for column, cell in enumerate(row) if column not in weekly or column in own]

    headings = own_cells(grid.rows[index])
    at = sum(column not in weekly for column in range(own[0]))
    headings[at : at + len(own)] = divided or ["进度" if is_numbers else "本周进展"]
    first = index + (2 if divided else 1)
    rows = [
        (number, tuple(own_cells(row)))
        for number, row in enumerate(grid.rows[first:], start=first)
        if any(row[column] for column in own if column < len(row))
    ]
    return grid.only([*enumerate(grid.rows[:index]), (index, tuple(headings)), *rows])


def _headings_below(grid: CellGrid, index: int, own: range) -> list[str]:
    """The headings of the columns below one week's heading; empty where the row holds none."""
    row = grid.rows[index + 1] if index + 1 < len(grid.rows) else None
    cells = [row[column] if row is not None and column < len(row) else "" for column in own]
    return cells if any(role_of(cell) for cell in cells) else []


def _by_row(grid: CellGrid, index: int, headings: Sequence[str]) -> list[_Part]:
    """One part for each week that a column of weeks or days holds."""
    roles = roles_of(headings)
    column = next((c for c, role in enumerate(roles) if role is ColumnRole.WEEK), None)
    if column is None and not title_labels(grid.name) and not _titled(grid):
        column = next(
            (
                c
                for c, cell in enumerate(headings)
                if roles[c] is None and _DAY_COLUMN.fullmatch(cell.strip())
            ),
            None,
        )
    if column is None:
        return []
    below = grid.rows[index + 1 :]
    values = spelled(ColumnRole.WEEK, [row[column] if column < len(row) else "" for row in below])
    named = [value for value in values if title_labels(value)]
    if not named or len(named) < _MOSTLY * sum(map(bool, values)):
        return []
    labels: dict[date | str, str] = {}
    rows: dict[date | str, list[tuple[int, tuple[str, ...]]]] = {}
    week: date | str = ""
    for at, (row, value) in enumerate(zip(below, values, strict=True), start=index + 1):
        if title_labels(value):
            week = _week_of(value)
            labels.setdefault(week, value)
        rows.setdefault(week, []).append((at, row))
    heads = list(enumerate(grid.rows[: index + 1]))
    return [
        _Part(_only_week(grid, [*heads, *rows[week]], column), label)
        for week, label in labels.items()
    ]


def _only_week(
    grid: CellGrid, rows: Sequence[tuple[int, tuple[str, ...]]], column: int
) -> CellGrid:
    """The rows of one week; the column that names it stays only where it holds several days."""
    labels = {row[column] for _, row in rows[1:] if column < len(row) and title_labels(row[column])}
    if len(labels) > 1:
        return grid.only(rows)
    return grid.only((at, _without(row, column)) for at, row in rows)


def _week_of(value: str) -> date | str:
    """The Monday of a day with its year, so that the days of a week go together; else the label."""
    label = decisive(title_labels(value))
    if is_day(label) and label.year is not None:
        try:
            return resolve(label, "iso", near=date(label.year, 7, 1), year=label.year)
        except ValueError:
            return value
    return value


def _without(row: tuple[str, ...], column: int) -> tuple[str, ...]:
    return (*row[:column], *row[column + 1 :])


# ---- years


def _mondays(name: str, parts: Sequence[_Part], era: Era) -> list[date | None]:
    """The Monday of each part, years that are not named taken from its neighbours."""
    labels = [_label(part.label) for part in parts]
    years = [_year(part.label) for part in parts]
    of_file = _year(PurePosixPath(name).stem)
    labelled = [index for index, label in enumerate(labels) if label is not None]
    if not labelled:
        return [None] * len(parts)
    fixed = [_monday(labels[i], era, date(2024, 7, 1), years[i] or 2024) for i in labelled]
    falls = sum(bool(a and b and a > b) - bool(a and b and a < b) for a, b in pairwise(fixed))
    walk = labelled if falls > 0 else labelled[::-1]  # from the newest
    near = date(of_file, 12, 31) if of_file else era.latest
    if near is None:
        return [None] * len(parts)
    mondays: list[date | None] = [None] * len(parts)
    for index in walk:
        year = years[index] or (of_file if len(walk) == 1 or _in_year(fixed) else None)
        mondays[index] = _monday(labels[index], era, near, year)
        near = mondays[index] or near
    return mondays


def _in_year(fixed: Sequence[date | None]) -> bool:
    """Whether the weeks run one way, so that all may be of one year."""
    days = [day for day in fixed if day is not None]
    return days in (sorted(days), sorted(days, reverse=True))


def _label(text: str) -> Label | None:
    labels = week_labels(StandingOut(1, text)) or title_labels(text)
    return decisive(labels) if labels else None


def _year(text: str) -> int | None:
    years = years_in(text)
    return years.pop() if len(years) == 1 else None


def _monday(label: Label | None, era: Era, near: date, year: int | None) -> date | None:
    if label is None:
        return None
    try:
        return resolve(label, era.numbering, near=near, year=label.year or year)
    except ValueError:
        return None


# ---- pages


def _page(
    name: str,
    part: _Part,
    monday: date | None,
    mappings: ColumnMappings,
    era: Era,
) -> SourcePage:
    sheet = lines_of(part.grid, mappings)
    lines = sheet.lines
    if part.label and not title_labels(_title(lines)):
        lines = _with_title(lines, part.label, part.grid.name or PurePosixPath(name).name)
    own = f"{name}/{part.grid.name}" if part.grid.name else name
    has_year = _year(part.label) or _year(PurePosixPath(name).stem)
    page = SourcePage(own, lines, modified=era.modified, columns=sheet.tables)
    if monday is None:
        return page
    if not has_year and era.is_guess:
        return replace(page, heading=lines[0].number, start=monday, guessed=True)
    return replace(page, before=monday)


def _title(lines: Sequence[SourceLine]) -> str:
    """The title that stands in the sheet."""
    first = next((line.text for line in lines if line.text), "")
    return first.removeprefix("# ") if first.startswith("# ") else ""


def _with_title(lines: Sequence[SourceLine], label: str, place: str) -> tuple[SourceLine, ...]:
    """The lines with the week before the title of the sheet, which becomes the page's."""
    title = _title(lines)
    if not title:
        return (SourceLine(0, f"# {label}", place), *lines)
    index = next(index for index, line in enumerate(lines) if line.text)
    named = replace(lines[index], text=f"# {label} {title}")
    return (*lines[:index], named, *lines[index + 1 :])


def _below_title(line: SourceLine) -> SourceLine:
    return replace(line, text=line.text[2:]) if line.text.startswith("# ") else line


def _joined(
    name: str, grids: Sequence[CellGrid], mappings: ColumnMappings, modified: date | None
) -> SourcePage:
    """All sheets as the sections of one page."""
    sheets = [(grid.name, lines_of(grid, mappings)) for grid in grids]
    sheets = [(title, sheet) for title, sheet in sheets if any(line.text for line in sheet.lines)]
    lines: list[SourceLine] = []
    for title, sheet in sheets:
        offset = lines[-1].number + 1 if lines else 0
        if len(sheets) > 1 and not _DEFAULT_NAME.fullmatch(title):
            lines += [SourceLine(offset, f"## {title}", title)]
        lines += [replace(line, number=line.number + offset) for line in _untitled(sheet, offset)]
    columns = tuple(table for _, sheet in sheets for table in sheet.tables)
    return SourcePage(name, tuple(lines), modified=modified, columns=columns)


def _untitled(sheet: Worksheet, offset: int) -> Iterator[SourceLine]:
    """The lines of a further sheet, whose title is no title of the page."""
    for line in sheet.lines:
        yield _below_title(line) if offset else line

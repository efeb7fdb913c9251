"""Tables of work: the column that names the project, and the columns that describe it. Pure.

Every reader writes tables as Markdown rows; merged cells come as empty ones, so an empty name cell
continues the project above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from projects.prose import fold
from reports.importer.reading.headings import objective_of
from reports.importer.reading.heads import is_generic
from reports.importer.reading.outline import OutlineLine

_SEPARATOR: Final = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_SPLIT: Final = re.compile(r"(?<!\\)\|")
_NAME: Final = re.compile(
    r".*(?:项目|任务|工作项|工作内容|事项|名称|需求|模块|系统|专项|课题).*|.*\b(?:project|task|"
    r"item|name|initiative|workstream|feature)s?\b.*",
    re.IGNORECASE,
)
_BEST_NAME: Final = re.compile(
    r"(?:重点)?(?:项目|任务|事项|需求)(?:名称?)?|(?:project|task|item)(?: name)?|initiative|"
    r"workstream",
    re.IGNORECASE,
)
_NOT_NAME: Final = re.compile(
    r"进展|进度|状态|情况|负责|时间|日期|备注|说明|计划|progress|status|owner|due|date|notes?",
    re.IGNORECASE,
)
_OBJECTIVE: Final = re.compile(r"(?:所属)?(?:目标|okr|objective)s?", re.IGNORECASE)
_PERSON: Final = re.compile(
    r"负责|人员|owner|assignee|风险|状态|备注|risk|status|note", re.IGNORECASE
)
_MAX_PART: Final = 20
_ORDINAL: Final = re.compile(r"\s*(?:\d{1,3}[.、)]?|[一二三四五六七八九十]+[、.]?)\s*")


@dataclass(frozen=True, slots=True)
class TableRow:
    line: OutlineLine
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A Markdown table. ``head`` holds the lines of its heading row and of the rule below it."""

    head: tuple[OutlineLine, ...]
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class ProjectRows:
    """The rows of one project, the first of which names it."""

    name: str
    code: str | None
    rows: tuple[TableRow, ...]


def read_table(lines: Sequence[OutlineLine]) -> Table:
    """The table in these rows; without a rule below the first row there are no column headings."""
    rows = [TableRow(line, split_cells(line.raw)) for line in lines if not line.is_blank]
    for index, row in enumerate(rows[:3]):
        if _SEPARATOR.fullmatch(row.line.raw.strip()):
            head = tuple(r.line for r in rows[: index + 1])
            columns = rows[index - 1].cells if index else ()
            if not any(cell.strip() for cell in columns) and len(rows) > index + 1:
                # A reader that saw no heading row wrote an empty one: the next row is the heading.
                return Table(
                    (*head, rows[index + 1].line), rows[index + 1].cells, tuple(rows[index + 2 :])
                )
            return Table(head, columns, tuple(rows[index + 1 :]))
    return Table((), (), tuple(rows))


def split_cells(raw: str) -> tuple[str, ...]:
    """The cells of a Markdown row, without the bars around it and without bold marks."""
    inner = raw.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.replace("\\|", "|").replace("**", "").strip() for cell in _SPLIT.split(inner))


def name_column(table: Table) -> int | None:
    """The column that names the projects, or ``None`` when the table is of something else."""
    candidates = [
        (not _BEST_NAME.fullmatch(fold(title).strip()), index)
        for index, title in enumerate(table.columns)
        if _NAME.fullmatch(fold(title)) and not _NOT_NAME.search(fold(title))
    ]
    return min(candidates)[1] if candidates and len(table.columns) > 1 else None


def projects_of(table: Table) -> Iterator[ProjectRows]:
    """The table's projects with their rows; rows before the first name are left out."""
    column = name_column(table)
    if column is None:
        return
    objective = next(
        (i for i, title in enumerate(table.columns) if _OBJECTIVE.fullmatch(fold(title).strip())),
        None,
    )
    name, code = "", None
    rows: list[TableRow] = []
    for row in table.rows:
        name_cell = (
            row.cells[column].replace("<br>", " ").strip() if column < len(row.cells) else ""
        )
        if objective is not None and objective < len(row.cells):
            coded = objective_of(row.cells[objective])
            row_code = coded[0] if coded else code
        else:
            row_code = None
        if name_cell and not _ORDINAL.fullmatch(name_cell) and name_cell != name:
            if name:
                yield ProjectRows(name, code, tuple(rows))
            name, rows = name_cell, []
        code = row_code
        if name:
            rows.append(row)
    if name:
        yield ProjectRows(name, code, tuple(rows))


def part_of(cells: Sequence[tuple[str, str]]) -> str:
    """What a row among several of one project is about: its first cell of words."""
    for title, cell in cells:
        words = cell.replace("<br>", " ").strip()
        is_words = 2 <= len(words) <= _MAX_PART and not re.search(r"\d|%|[。；;，,]", words)
        if is_words and not _PERSON.search(fold(title)) and not is_generic(words):
            return words
    return ""


def cells_of(table: Table, row: TableRow, *, without: int | None = None) -> list[tuple[str, str]]:
    """Column heading and cell of a row, the ``without`` column left out."""
    return [
        (table.columns[i] if i < len(table.columns) else "", cell)
        for i, cell in enumerate(row.cells)
        if i != without
    ]

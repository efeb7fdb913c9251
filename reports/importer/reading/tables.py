"""Tables of work: their columns by role, and the rows of each project. Pure.

Every reader writes tables as Markdown rows; merged cells come as empty ones, so an empty name cell
continues the project above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from projects.prose import fold
from reports.importer.columns import (
    ColumnRole,
    is_heading_row,
    is_total,
    role_of,
    roles_of,
    spelled,
)
from reports.importer.reading.headings import kind_of, objective_of
from reports.importer.reading.names.head_words import is_generic
from reports.importer.reading.names.people import looks_like_a_person
from reports.importer.reading.outline import OutlineLine

_SEPARATOR: Final = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_SPLIT: Final = re.compile(r"(?<!\\)\|")
_NAME: Final = re.compile(
    r".*(?:项目|任务|工作项|工作内容|事项|名称|需求|模块|系统|专项|课题).*|.*\b(?:project|task|"
    r"item|name|initiative|workstream|feature)s?\b.*",
    re.IGNORECASE,
)
_NOT_NAME: Final = re.compile(
    r"进展|进度|状态|情况|负责|时间|日期|备注|说明|计划|progress|status|owner|due|date|notes?",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"负责|人员|owner|assignee|风险|状态|备注|risk|status|note", re.IGNORECASE
)
_MAX_PART: Final = 20
_WORDY: Final = frozenset({None, ColumnRole.TEXT, ColumnRole.THIS_WEEK, ColumnRole.PART})
# Columns whose cells are parts of the project that the heading above the table names.
_PARTS: Final = re.compile(
    r"(?:关键|主要|重点|具体|工作)?(?:事项|任务|子任务|子项|工作项?|工作内容|模块|阶段|里程碑|环节|步骤)"
    r"(?:名称)?|(?:sub-?)?tasks?|(?:work |action )?items?|activit(?:y|ies)|deliverables?|"
    r"milestones?|modules?|phases?|steps?",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(r"\s*(?:\d{1,3}[.、)]?|[一二三四五六七八九十]+[、.]?)\s*")
_SENTENCE: Final = re.compile(r"[，,。；;：:\d%]|<br>")
_CHAPTER: Final = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.]?|[IVX]{1,4}")
_HEADS_WITHIN: Final = 6  # rows above the headings: a title, a department, a date
_GROUP: Final = re.compile(r".{1,12}(?:部|组|中心|团队|小组|条线|类)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableRow:
    line: OutlineLine
    cells: tuple[str, ...]  # bare numbers of percents and dates written out

    @property
    def source_cells(self) -> tuple[str, ...]:
        """The cells as they stand in the source: what is printed of them."""
        return split_cells(self.line.raw)


@dataclass(frozen=True, slots=True)
class Table:
    """A Markdown table. ``head`` holds the lines down to its heading row and the rule below it."""

    head: tuple[OutlineLine, ...]
    columns: tuple[str, ...]
    roles: tuple[ColumnRole | None, ...]
    rows: tuple[TableRow, ...]

    def column(self, role: ColumnRole) -> int | None:
        """The first column of that role."""
        return self.roles.index(role) if role in self.roles else None


@dataclass(frozen=True, slots=True)
class ProjectRows:
    """The rows of one project, the first of which names it."""

    name: str
    code: str | None
    rows: tuple[TableRow, ...]
    owner: str = ""  # of a row above that bears only a person's name


def read_table(lines: Sequence[OutlineLine]) -> Table:
    """The table in these rows; without a rule below the first row there are no column headings.

    The headings are the row above the rule, or the first row below it that holds headings of work
    where that one does not (a title, a merged row).
    """
    rows = [TableRow(line, split_cells(line.raw)) for line in lines if not line.is_blank]
    rule = next((i for i, row in enumerate(rows[:3]) if _is_rule(row)), None)
    if rule is None:
        # Cells with tabs between them, and tables of people who leave the rule out.
        rule = next((i for i, row in enumerate(rows[:1]) if is_heading_row(row.cells)), None)
        if rule is None:
            return Table((), (), (), tuple(rows))
        return _table(rows, rule, rule + 1)
    above = rule - 1
    is_empty = above < 0 or not any(cell.strip() for cell in rows[above].cells)
    at = above
    if is_empty or not is_heading_row(rows[above].cells):
        candidates = range(rule + 1, min(len(rows), rule + 1 + _HEADS_WITHIN))
        first = rule + 1 if is_empty and len(rows) > rule + 1 else above
        at = next((i for i in candidates if is_heading_row(rows[i].cells)), first)
    return _table(rows, at, max(at, rule) + 1)


def _table(rows: Sequence[TableRow], at: int, end: int) -> Table:
    """The table whose headings are the row ``at``, and whose rows begin at ``end``."""
    columns = rows[at].cells if at >= 0 else ()
    if end < len(rows) and _continues_headings(columns, rows[end].cells):
        columns, end = _joined_headings(columns, rows[end].cells), end + 1
    body = [row for row in rows[end:] if not _is_rule(row) and row.cells != columns]
    head = tuple(row.line for row in rows[:end])
    return Table(head, columns, roles_of(columns), _spelled(roles_of(columns), body))


def _is_rule(row: TableRow) -> bool:
    return _SEPARATOR.fullmatch(row.line.raw.strip()) is not None


def _continues_headings(columns: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below the headings divides some of them: 进度 above 计划 and 实际."""
    pairs = [(columns[i] if i < len(columns) else "", cell) for i, cell in enumerate(below)]
    divided = [i for i, (head, cell) in enumerate(pairs) if cell and not head and i]
    is_second = bool(divided) and all(
        len(cell) <= _MAX_PART and not any(character.isdigit() for character in cell)
        for _, cell in pairs
    )
    covered = {*divided, *(i - 1 for i in divided)}
    return is_second and all(i in covered for i, (_, cell) in enumerate(pairs) if cell)


def _joined_headings(columns: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    joined, above = [], ""
    for index, cell in enumerate(below):
        own = columns[index] if index < len(columns) else ""
        above = own or above
        whole = f"{cell}{above}"
        says_all = role_of(cell) is not None and role_of(whole) is None
        joined.append((cell if says_all else whole) if cell else own)
    return tuple(joined)


def _spelled(roles: Sequence[ColumnRole | None], rows: Sequence[TableRow]) -> tuple[TableRow, ...]:
    """The rows with the bare numbers of percents and dates written out."""
    cells = [list(row.cells) for row in rows]
    for index, role in enumerate(roles):
        here = [row for row in cells if index < len(row)]
        for row, cell in zip(here, spelled(role, [row[index] for row in here]), strict=True):
            row[index] = cell
    return tuple(TableRow(row.line, tuple(own)) for row, own in zip(rows, cells, strict=True))


def split_cells(raw: str) -> tuple[str, ...]:
    """The cells of a Markdown row, without the bars around it and without bold marks.

    Of a row that was pasted from a spreadsheet the cells between its tabs.
    """
    if "\t" in raw and not raw.lstrip().startswith("|"):
        return tuple(cell.replace("**", "").strip() for cell in raw.split("\t"))
    inner = raw.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.replace("\\|", "|").replace("**", "").strip() for cell in _SPLIT.split(inner))


def is_of_work(table: Table) -> bool:
    """Whether the rows are projects or key results."""
    return name_column(table) is not None or key_result_column(table) is not None


def name_column(table: Table) -> int | None:
    """The column that names the projects, or ``None`` when the table is of something else."""
    if len(table.columns) < 2:
        return None
    if (column := table.column(ColumnRole.NAME)) is not None:
        return column
    if ColumnRole.KEY_RESULT in table.roles:
        return None
    loose = [
        index
        for index, title in enumerate(table.columns)
        if table.roles[index] is None
        and _NAME.fullmatch(fold(title))
        and not _NOT_NAME.search(fold(title))
    ]
    return loose[0] if loose else _names_this_week(table)


def names_parts(table: Table) -> bool:
    """Whether the rows are steps of one project, named above the table, rather than projects."""
    column = name_column(table)
    return column is not None and _PARTS.fullmatch(fold(table.columns[column]).strip()) is not None


def _names_this_week(table: Table) -> int | None:
    """The column 本周工作, where a person's name and a progress stand beside short names in it."""
    column = table.column(ColumnRole.THIS_WEEK)
    has_progress = {ColumnRole.PROGRESS, ColumnRole.STATUS} & set(table.roles)
    if column is None or not has_progress:
        return None
    cells = [cell for row in table.rows if (cell := cell_of(row, column))]
    are_names = all(len(cell) <= _MAX_PART and not _SENTENCE.search(cell) for cell in cells)
    return column if cells and are_names else None


def key_result_column(table: Table) -> int | None:
    """The column of the key results of an OKR sheet; ``None`` in a table of projects."""
    is_of_projects = ColumnRole.NAME in table.roles or len(table.columns) < 2
    return None if is_of_projects else table.column(ColumnRole.KEY_RESULT)


def projects_of(table: Table) -> Iterator[ProjectRows]:
    """The table's projects with their rows; totals and rows before the first name are left out."""
    column = name_column(table)
    if column is None:
        return
    objective = table.column(ColumnRole.OBJECTIVE)
    name, code, owner = "", None, ""
    rows: list[TableRow] = []
    for index, row in enumerate(table.rows):
        name_cell = cell_of(row, column).replace("<br>", " ").strip()
        if is_total(name_cell) or any(is_total(cell) for cell in row.cells[:column]):
            continue
        row_code = None
        if objective is not None:
            coded = objective_of(cell_of(row, objective))
            row_code = coded[0] if coded else code
        begins = bool(name_cell) and not is_ordinal(name_cell) and name_cell != name
        if begins and name:
            yield ProjectRows(name, code, tuple(rows), owner)
        if begins and (group := _group(table, index)) is not None:
            name, rows, owner = "", [], group
            continue
        if begins:
            name, rows = name_cell, []
        code = row_code
        if name:
            rows.append(row)
    if name:
        yield ProjectRows(name, code, tuple(rows), owner)


def _group(table: Table, index: int) -> str | None:
    """Whose rows follow, where a row only labels those below it; empty for a group's label."""
    row = table.rows[index]
    ordinal = table.column(ColumnRole.ORDINAL)
    own = [cell for at, cell in enumerate(row.cells) if at != ordinal]
    filled = [cell for cell in own if cell]
    below = table.rows[index + 1].cells if index + 1 < len(table.rows) else ()
    if len(filled) != 1 or sum(map(bool, below)) < 2:
        return None
    label = filled[0].strip(" :：")
    if _CHAPTER.fullmatch(cell_of(row, ordinal)):
        return ""
    is_bold_sign = len(label) == 1 and "**" in row.line.raw
    if looks_like_a_person(label) or is_bold_sign:
        return label
    return "" if kind_of(label) or is_generic(label) or _GROUP.fullmatch(label) else None


def is_ordinal(cell: str) -> bool:
    """Whether a cell only counts the rows (1, 二、); R01 is a code of the project's own."""
    return _ORDINAL.fullmatch(cell) is not None


def cell_of(row: TableRow, column: int | None) -> str:
    """The cell in that column; empty where the row is shorter."""
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def part_of(table: Table, row: TableRow, *, without: int | None = None) -> str:
    """What a row among several of one project is about: its part, or its first cell of words."""
    part = cell_of(row, table.column(ColumnRole.PART)).replace("<br>", " ").strip()
    if 0 < len(part) <= 2 * _MAX_PART:
        return part
    for index, (title, cell) in enumerate(cells_of(table, row)):
        role = table.roles[index] if index < len(table.roles) else None
        if index == without or role not in _WORDY:
            continue
        words = cell.replace("<br>", " ").strip()
        is_words = 2 <= len(words) <= _MAX_PART and not re.search(r"\d|%|[。；;，,]", words)
        if is_words and not _PERSON.search(fold(title)) and not is_generic(words):
            return words
    return ""


def cells_of(table: Table, row: TableRow, *, without: int | None = None) -> list[tuple[str, str]]:
    """Column heading and cell of a row, the ``without`` column left out."""
    return [pair for i, pair in enumerate(_headed(table, row.cells)) if i != without]


def source_cells_of(table: Table, row: TableRow) -> list[tuple[str, str]]:
    """Column heading and cell of a row, as they stand in the source."""
    return _headed(table, row.source_cells)


def _headed(table: Table, cells: Sequence[str]) -> list[tuple[str, str]]:
    return [(table.columns[i] if i < len(table.columns) else "", c) for i, c in enumerate(cells)]

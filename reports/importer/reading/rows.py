"""The rows of a table of work as project mentions, plan lines and key results. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from projects import prose
from projects.prose import DateKind, StateKind, fold
from reports.importer.columns import WORDS, ColumnRole, is_total, role_of
from reports.importer.history import is_overall
from reports.importer.page import (
    DateRead,
    KeyResultRead,
    PlannedLine,
    ProgressRead,
    UnreadLine,
)
from reports.importer.reading import tables
from reports.importer.reading.facts import Facts, read_cells
from reports.importer.reading.headings import objective_of
from reports.importer.reading.key_results import coded
from reports.importer.reading.outline import OutlineLine, dedented
from reports.importer.reading.tables import ProjectRows, Table, TableRow

# Columns that say nothing of where the project stands today, or are read for themselves.
_NOT_READ: Final = frozenset(
    {
        *(
            ColumnRole.NAME,
            ColumnRole.OBJECTIVE,
            ColumnRole.KEY_RESULT,
            ColumnRole.SCORE,
            ColumnRole.BEFORE,
            ColumnRole.START,
        ),
        *(
            ColumnRole.LAST_WEEK,
            ColumnRole.NEXT_WEEK,
            ColumnRole.RISK,
            ColumnRole.WEEK,
            ColumnRole.WEIGHT,
            ColumnRole.ORDINAL,
        ),
    }
)
_OF_WORK: Final = frozenset({None, ColumnRole.THIS_WEEK, ColumnRole.TEXT})
_OLD_PLAN: Final = re.compile(r"原(?:计划|定|本)|originally|previously", re.IGNORECASE)
_PERCENT: Final = re.compile(r"\s*(?P<value>\d{1,3}(?:\.\d{1,4})?)\s*[%％]\s*")
_PERCENT_WORDS: Final = (
    (Decimal(100), r"(?:已经?|全部)*(?:完成|完结)|done|completed?|finished"),
    (Decimal(0), r"尚?未(?:开始|启动)|not (?:yet )?started"),
)
_ANY_PERCENT: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})?\s*%?")
_ANY_NUMBER: Final = re.compile(r"\s*\d{1,9}(?:\.\d{1,9})?\s*")
_DAY: Final = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|20\d{6}|\d{1,2}月\d{1,2}日?")
_HEALTH: Final = (
    (StateKind.ON_TRACK, r"正常|绿灯?|绿色|green|良好|on ?track|normal|g"),
    (StateKind.AT_RISK, r"有风险|风险|黄灯?|黄色|yellow|amber|预警|at ?risk|关注|y|a"),
    (StateKind.OFF_TRACK, r"延期|落后|滞后|红灯?|红色|red|off ?track|delayed|严重滞后|已延期|r"),
    (StateKind.PAUSED, r"暂停|挂起|搁置|paused|on ?hold|suspended"),
)
_LIGHTS: Final = {
    "🟢": StateKind.ON_TRACK,
    "🟡": StateKind.AT_RISK,
    "🟠": StateKind.AT_RISK,
    "🔴": StateKind.OFF_TRACK,
}
_NAMES: Final = re.compile(r"[、,，;；/&\n]|<br>|\s和\s|\s+(?=[\u4e00-\u9fff])")
_LONGEST_NAME: Final = 24
_NOTHING: Final = re.compile(
    r"(?:暂?无|没有|none|n/?a|nothing|tbd|待定)[。.！!]?|[\W_]*", re.IGNORECASE
)
_ITEM: Final = re.compile(r"\s*(?:\d{1,2}[.、)）]|[（(]\d{1,2}[)）]|[①-⑳]|[-*•●·])\s*(?=\S)")
_SCORE: Final = re.compile(r"(?:0|1)?(?:\.\d{1,4})?")


@dataclass(slots=True)
class RowsRead:
    """What the rows of one project say of it."""

    facts: Facts
    text: str
    goals: list[PlannedLine] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)


def read_rows(table: Table, project: ProjectRows, *, week: date, is_first: bool = True) -> RowsRead:
    """The facts in the rows of one project; with several such rows, each is a part of it.

    ``is_first``: of the table's projects, so that its head stands in the text in any case.
    """
    column = tables.name_column(table)
    by_row = [(row, _facts_of_row(table, row, column, week, "")) for row in project.rows]
    have_parts = sum(bool(facts.progress or facts.dates) for _, facts in by_row) > 1
    result = Facts()
    for row, facts in by_row:
        part = tables.part_of(table, row, without=column) if have_parts else ""
        result.extend(_facts_of_row(table, row, column, week, part) if part else facts)
    if project.owner and not result.owners:
        result.owners.append(project.owner)
    goals = [goal for row in project.rows for goal in _goals(table, row, project.name)]
    unread = list(_unread_rows(table, project, week))
    return RowsRead(result, _text(table, project, is_first=is_first), goals, unread)


def read_parts(table: Table, *, week: date) -> RowsRead:
    """The rows as the parts of one project, which a heading above the table names."""
    column = tables.name_column(table)
    result = RowsRead(Facts(), dedented([*table.head, *(row.line for row in table.rows)]))
    for part in tables.projects_of(table):
        for row in part.rows:
            result.facts.extend(_facts_of_row(table, row, column, week, part.name))
            result.goals += _goals(table, row, part.name)
        result.unread += _unread_rows(table, part, week)
    result.facts.states.clear()
    return result


def _unread_rows(table: Table, project: ProjectRows, week: date) -> Iterator[UnreadLine]:
    """The rows with percents over 100, numbers that may be a share or a percent, or no real day."""
    for row in project.rows:
        numbers = dates = 0
        for role, (title, cell) in zip(table.roles, tables.cells_of(table, row), strict=False):
            bare = fold(cell).strip()
            if role is ColumnRole.PROGRESS and _ANY_PERCENT.fullmatch(bare):
                numbers += Decimal(bare.rstrip("% ")) > 100 or not bare.endswith("%")
            elif role in {ColumnRole.DUE, ColumnRole.DONE} and _DAY.fullmatch(bare):
                dates += not _dates(role, title, cell, row.line.number, week=week, part="")
        if numbers or dates:
            yield UnreadLine(row.line.number, row.line.raw.strip(), numbers, dates)


def _facts_of_row(table: Table, row: TableRow, column: int | None, week: date, part: str) -> Facts:
    facts = Facts()
    own: list[ProgressRead] = []  # of the whole, in the column of progress
    others: list[ProgressRead] = []  # in other columns
    for index, (title, cell) in enumerate(tables.cells_of(table, row)):
        role = table.roles[index] if index < len(table.roles) else None
        if index == column or role in _NOT_READ or not cell.strip():
            continue
        read = _facts_of_cell(role, title, cell, row.line.number, week=week, part=part)
        whole = [p for p in read.progress if is_overall(p) or (not p.part and p.label in title)]
        if role is ColumnRole.PROGRESS:
            own = whole
        else:
            others += whole
        facts.extend(read)
    if own:  # the column decides: 60/60 installed is not the whole
        facts.progress = [p for p in facts.progress if p in own or p not in others]
    _replace_plans(facts)
    return facts


def _replace_plans(facts: Facts) -> None:
    """A date that a remark calls the plan of before is no due date beside the column's own."""
    old = [d for d in facts.dates if _OLD_PLAN.match(d.text)]
    others = [d for d in facts.dates if d not in old]
    dues = [d for d in others if d.kind is DateKind.DUE]
    if old and len(dues) == 1:
        moved = replace(dues[0], before=dues[0].before or old[0].date)
        facts.dates = [moved if d is dues[0] else d for d in others]


def _facts_of_cell(
    role: ColumnRole | None, title: str, cell: str, number: int, *, week: date, part: str
) -> Facts:
    if role is ColumnRole.OWNER:
        return Facts(owners=list(_owners(cell)))
    if role is ColumnRole.PROGRESS and _ANY_NUMBER.fullmatch(fold(cell)):
        return Facts()  # a share or a percent: the column does not say which
    facts = read_cells(number, [(title, cell)], week=week, part=part)
    if role is ColumnRole.PROGRESS and (value := _percent_in_words(cell)) is not None:
        states = [] if part else facts.states
        facts = _facts_of_cell(role, title, f"{value}%", number, week=week, part=part)
        is_whole = any(map(is_overall, facts.progress))
        facts.states = [StateKind.DONE if value else StateKind.WAITING] if is_whole else states
        return facts
    if facts.states and role in _OF_WORK:
        # 本周完成情况 in the heading does not say that anything is done.
        facts.states = read_cells(number, [("", cell)], week=week, part=part).states
    percent = _PERCENT.fullmatch(cell)
    if (
        role in {ColumnRole.PROGRESS, ColumnRole.STATUS}
        and percent
        and Decimal(percent["value"]) <= 100
    ):
        label = next((read.label for read in facts.progress if read.label and not read.part), "")
        word = WORDS[ColumnRole.PROGRESS] if not title.isascii() else "progress"
        facts.progress = [ProgressRead(label or word, Decimal(percent["value"]), number, part)]
        facts.readings = []
        facts.states = []  # of 完成进度 the heading alone would say that it is done
    elif role is ColumnRole.STATUS and facts.progress:
        word = WORDS[ColumnRole.PROGRESS]
        facts.progress = [replace(read, label=read.label or word) for read in facts.progress]
    elif role is ColumnRole.PROGRESS and not facts.progress:
        facts.extend(read_cells(number, [(WORDS[role], cell)], week=week, part=part))
    elif role is ColumnRole.STATUS and (health := _health(cell)) is not None:
        facts.states = [health]
    elif role in {ColumnRole.DUE, ColumnRole.DONE}:
        facts.dates = _dates(role, title, cell, number, week=week, part=part)
        facts.states = []
    return facts


def _percent_in_words(cell: str) -> Decimal | None:
    bare = fold(cell).strip(" *_。.!")
    return next(
        (v for v, words in _PERCENT_WORDS if re.fullmatch(words, bare, re.IGNORECASE)), None
    )


def _owners(cell: str) -> Iterator[str]:
    for name in _NAMES.split(cell):
        bare = re.sub(r"[(（].*?[)）]", "", name).strip(" @*")
        if bare and len(bare) <= _LONGEST_NAME and not _NOTHING.fullmatch(bare):
            yield bare


def _health(cell: str) -> StateKind | None:
    bare = fold(cell).strip(" *_")
    if bare[:1] in _LIGHTS:
        return _LIGHTS[bare[:1]]
    return next(
        (state for state, words in _HEALTH if re.fullmatch(words, bare, re.IGNORECASE)), None
    )


def _dates(
    role: ColumnRole, title: str, cell: str, number: int, *, week: date, part: str
) -> list[DateRead]:
    """The dates of a column of due or done dates, all of the kind that the column says."""
    kind = DateKind.DUE if role is ColumnRole.DUE else DateKind.DONE
    mentions = prose.read(f"{title}：{cell}", week=week).dates
    if not mentions or role_of(title) is not role:
        mentions = prose.read(f"{WORDS[role]}：{cell}", week=week).dates
    return [
        DateRead(m.text, m.date, m.precision, kind, number, m.label, part) for m in mentions[:1]
    ]


# ---- words


def _goals(table: Table, row: TableRow, project: str) -> Iterator[PlannedLine]:
    """The lines of next week's plan, each with the project's name before it."""
    cell = tables.cell_of(row, table.column(ColumnRole.NEXT_WEEK))
    for line in cell.split("<br>"):
        words = _ITEM.sub("", line, count=1).strip()
        if words and not _NOTHING.fullmatch(words):
            text = words if words.startswith(project) else f"{project}{_colon(words)}{words}"
            yield PlannedLine(text, row.line.number, text)


def goals_of(table: Table) -> Iterator[PlannedLine]:
    """The goals that a table of next week's plan names.

    The page shows a table as it stands; of a spreadsheet each goal has the other cells of its rows.
    """
    for goal in tables.projects_of(table):
        first = goal.rows[0].line
        others = [line for row in goal.rows for line in _labelled(table, row, "")]
        written = "\n".join([goal.name, *others])
        yield PlannedLine(goal.name, first.number, written if first.place else goal.name)


def _text(table: Table, project: ProjectRows, *, is_first: bool) -> str:
    """The rows as they stand below the table's head; of a spreadsheet its cells, one a line."""
    first = project.rows[0].line
    if not first.place:
        # Only Markdown needs the head above each project's rows: without it they are no table.
        is_of_tabs = any(line.is_tabbed for line in table.head)
        head = table.head if is_first or not is_of_tabs else ()
        return dedented([*head, *(row.line for row in project.rows)])
    lines: list[str] = []
    for row in project.rows:
        part = tables.cell_of(row, table.column(ColumnRole.PART)) if len(project.rows) > 1 else ""
        if part:
            lines.append(f"- {part.replace('<br>', ' ')}")
        lines += [f"    {line}" if part else line for line in _labelled(table, row, part)]
    return "\n".join(lines)


def _labelled(table: Table, row: TableRow, part: str) -> Iterator[str]:
    """Each cell with its heading, but for the name, row numbers and next week's plan."""
    elsewhere = {tables.name_column(table)}
    ordinal = table.column(ColumnRole.ORDINAL)
    if tables.is_ordinal(tables.cell_of(row, ordinal)):
        elsewhere.add(ordinal)
    elsewhere.add(table.column(ColumnRole.PART) if part else None)
    if list(_goals(table, row, "")):
        elsewhere.add(table.column(ColumnRole.NEXT_WEEK))
    for index, (title, cell) in enumerate(tables.source_cells_of(table, row)):
        if index in elsewhere or not cell:
            continue
        label = title.replace("<br>", " ")
        first, *others = [line for line in cell.split("<br>") if line.strip()]
        if others:
            yield f"- {label}{_colon(label).strip()}"
            yield from (
                f"    - {_ITEM.sub('', line, count=1).strip()}" for line in (first, *others)
            )
        else:
            yield f"- {label}{_colon(label)}{first}" if label else f"- {first}"


def _colon(words: str) -> str:
    return ": " if words.isascii() else "："


def unlabelled(table: Table, lines: Sequence[OutlineLine]) -> list[OutlineLine]:
    """Rows of a spreadsheet that are no project's (totals, groups), as lines of words."""
    rows = {row.line.number: row for row in table.rows}
    result = []
    for line in lines:
        row = rows.get(line.number)
        if not line.place or row is None or row.line is not line:
            result.append(line)
            continue
        first, *others = [cell for cell in row.source_cells if cell] or [""]
        words = "，".join(cell.replace("<br>", "；") for cell in others)
        text = f"{first}：{words}" if words else first
        result.append(OutlineLine(line.number, text, text=text, place=line.place))
    return result


# ---- OKR sheets


def key_results_of(table: Table) -> Iterator[KeyResultRead]:
    """The key results of an OKR sheet; a blank score is none, 0 is a score."""
    column = tables.key_result_column(table)
    if column is None:
        return
    objective = ""
    for row in table.rows:
        cell = tables.cell_of(row, table.column(ColumnRole.OBJECTIVE)).replace("<br>", " ").strip()
        if cell:
            named = objective_of(cell)
            objective = named[0] if named else cell
        text = tables.cell_of(row, column).replace("<br>", " ").strip()
        if not text or any(map(is_total, row.cells)):
            continue
        own_objective, code, words = coded(text) or ("", "", text)
        progress = tables.cell_of(row, table.column(ColumnRole.PROGRESS))
        percent = _PERCENT.fullmatch(progress)
        yield KeyResultRead(
            objective=own_objective or objective,
            code=code,
            text=words,
            percent=Decimal(percent["value"]) if percent else _percent_in_words(progress),
            score=_score(tables.cell_of(row, table.column(ColumnRole.SCORE))),
            line=row.line.number,
        )


def _score(cell: str) -> Decimal | None:
    """0.7, 1 or 70% as a score from 0 to 1; ``None`` for anything else."""
    bare = fold(cell).strip()
    if percent := _PERCENT.fullmatch(bare):
        score = Decimal(percent["value"]) / 100
    elif bare and bare != "." and _SCORE.fullmatch(bare):
        score = Decimal(bare)
    else:
        return None
    return score if score <= 1 else None

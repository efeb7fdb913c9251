"""Sections of work: the items of an objective or a list of work, as projects and text. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from projects import prose
from reports.importer.page import (
    IncidentRead,
    KeyResultRead,
    ObjectiveHeading,
    PlannedLine,
    ProjectMention,
    SectionText,
    UnreadLine,
)
from reports.importer.reading import tables
from reports.importer.reading.corrections import NO_CORRECTIONS, Corrections
from reports.importer.reading.events import read_events, tells_of_incident
from reports.importer.reading.facts import Facts, read_facts
from reports.importer.reading.headings import kind_of, names_a_week, objective_of
from reports.importer.reading.key_results import is_key_result, read_key_result
from reports.importer.reading.names.after_verb import head_after_verb
from reports.importer.reading.names.dress import (
    facts_in_lead,
    owner_behind,
    owners_first,
    owners_in_lead,
    without_mentions,
)
from reports.importer.reading.names.grouping import with_continuations, with_followers
from reports.importer.reading.names.head_words import VERB, is_generic
from reports.importer.reading.names.heads import (
    Head,
    alone_head,
    is_short_name,
    project_head,
)
from reports.importer.reading.names.people import people_in
from reports.importer.reading.outline import (
    PARAGRAPH,
    OutlineItem,
    OutlineLine,
    dedented,
    items,
    nest,
)
from reports.importer.reading.rows import key_results_of, read_parts, read_rows, unlabelled
from reports.weekly.sections import Kind

_MAX_NESTING: Final = 6
# ### 1. 商品中心, ### 1.2 跨境收款
_NUMBER: Final = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){1,2}[、.．]?\s+|(?:[A-HJ-UWYZ][.、．)）]\s*(?=\S{2})|\d{1,2}(?:[、．)）]|\.(?!\d))|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,2}[)）]|"
    r"[IVX]{1,4}\.\s)\s*"
)
_LIST_ITEM: Final = re.compile(r"[-*+>|#]|\d+[.、)](?!\d)|```|~~~")
_LIST_LIKE: Final = re.compile(r"[-*+>|#]|\d+[.、)]|```|~~~")
_MEASURE: Final = re.compile(r"(?:率|占比|数|数量|总量|金额|总额|耗时|时长|可用性)$")
_COLON: Final = re.compile(r"^\s*[:：]\s*")
_REMARK: Final = re.compile(r"\s*[（(][^()（）]*[)）]$")
_VALUE: Final = re.compile(
    r"(?:约|超过?|近|达到?|为)?\s*[¥$￥]?\d[\d,.]*\s*(?:%|[万亿千百]?[元笔次条个单人户家通]|秒|ms)"
)


@dataclass(slots=True)
class SectionContext:
    """What every mention of a section shares."""

    kind: Kind
    heading: str
    code: str | None
    is_focus: bool
    week: date
    known_names: tuple[str, ...]
    people: dict[int, str] = field(default_factory=dict)  # by the number of the line
    person: str = ""  # whose lines these are, on a page that goes by person
    corrections: Corrections = NO_CORRECTIONS
    names: frozenset[str] = frozenset()  # of the people whom the page names


@dataclass(slots=True)
class Work:
    """What a section gave: mentions, and the runs of lines between them."""

    projects: list[ProjectMention] = field(default_factory=list)
    objectives: list[ObjectiveHeading] = field(default_factory=list)
    key_results: list[KeyResultRead] = field(default_factory=list)
    incidents: list[IncidentRead] = field(default_factory=list)
    goals: list[PlannedLine] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)  # rows with refused cells
    runs: list[list[OutlineLine]] = field(default_factory=list)
    _last: object = None

    def add_project(self, mention: ProjectMention) -> None:
        self.projects.append(mention)
        self._last = mention

    def add_incidents(self, lines: list[OutlineLine], week: date) -> bool:
        """Takes lines that tell of an incident; ``False`` where they do not."""
        if not tells_of_incident(lines[0], week=week):
            return False
        self.incidents += read_events(lines, week=week).incidents
        self._last = None
        return True

    def add_goal(self, item: OutlineItem) -> bool:
        """Takes a line of the plan for next week; ``False`` where it is none."""
        if (goal := plan_of(item)) is None:
            return False
        self.goals.append(goal)
        self._last = None
        return True

    def add_lines(self, lines: Iterable[OutlineLine]) -> None:
        """Lines that name no project continue the run just before them."""
        if self._last is None or self._last is not (self.runs[-1] if self.runs else None):
            self.runs.append([])
        self.runs[-1].extend(lines)
        self._last = self.runs[-1]


def read_work(lines: list[OutlineLine], context: SectionContext) -> Work:
    """The section's items. Every non-blank line ends in a mention's text or in a run."""
    work = Work()
    above: OutlineLine | None = None  # what stands right before the table
    for block in _blocks(lines):
        if not block[0].is_table_row:
            _read_items(work, nest(block), context, nesting=0)
        elif above is None or not _read_parts(work, block, above, context):
            _read_table(work, block, context)
        above = next((line for line in reversed(block) if not line.is_blank), None)
    return work


def plan_of(item: OutlineItem) -> PlannedLine | None:
    """The line as one of next week's plan, where it is labelled so: 下周：收银台提测."""
    label, colon, rest = item.line.plain.replace(":", "：", 1).partition("：")
    if not colon or not rest.strip() or kind_of(label) != Kind.PLAN:
        return None
    written = "\n".join(filter(None, (item.line.printed, dedented(item.children))))
    return PlannedLine(rest.strip(), item.line.number, written)


def text_of(lines: list[OutlineLine], kind: Kind) -> SectionText:
    """A run of lines as a text without heading, at the place of its first line."""
    first = next(line for line in lines if not line.is_blank)
    return SectionText(kind, "", 2, dedented(lines), first.number)


def _blocks(lines: list[OutlineLine]) -> Iterator[list[OutlineLine]]:
    """Runs of outermost table rows, and runs of other lines."""
    block: list[OutlineLine] = []
    for line in lines:
        is_row = line.is_table_row and line.indent <= 1
        if block and not line.is_blank and is_row != block[0].is_table_row:
            yield block
            block = []
        if block or not line.is_blank:
            block.append(line)
    if block:
        yield block


def _read_items(
    work: Work, lines: list[OutlineLine], context: SectionContext, *, nesting: int
) -> None:
    context = replace(context)  # the names that are met here are nobody else's
    for item in with_followers(with_continuations(items(lines))):
        _add_last_name(context, work)
        is_own = item.is_own
        if not is_own and (work.add_incidents(item.lines, context.week) or work.add_goal(item)):
            continue
        if result := read_key_result(item.line, context.code or "", week=context.week):
            work.key_results.append(result)
        head = _head(item, context)
        head = context.corrections.head(item.line, _head_of_own(item, head) if is_own else head)
        if head is not None:
            work.add_project(_mention(item, head, context))
        elif item.children and nesting < _MAX_NESTING and _is_group(item, context):
            work.add_lines([item.line])
            person = context.people.get(item.line.number, context.person)
            below = replace(context, person=person)
            _read_items(work, nest(item.children), below, nesting=nesting + 1)
        else:
            work.add_lines(item.lines)


def _add_last_name(context: SectionContext, work: Work) -> None:
    """Adds the name that the section used last to those known, the longest of which come first."""
    names = context.known_names
    if work.projects and (name := work.projects[-1].name) not in names:
        at = bisect_left(names, -len(name), key=lambda longer: -len(longer))
        context.known_names = (*names[:at], name, *names[at:])


def _head(item: OutlineItem, context: SectionContext) -> Head | None:
    line = item.line
    if line.number in context.people:
        return _head_after_person(line, context)
    if is_key_result(line) or line.is_code or names_a_week(line):
        return None
    if _lists_incidents(item, context):
        return None
    if line.level and (number := _NUMBER.match(line.plain)) and line.plain[number.end() :]:
        head = _head(replace(item, line=replace(line, text=line.plain[number.end() :])), context)
        return replace(head, written=f"{number[0]}{head.written or head.name}") if head else None
    head = project_head(line, known_names=context.known_names, people=context.names)
    if head is None:
        return _head_alone(item, context)
    # 代扣签约率：76.5% is a number, not a project.
    is_number = _MEASURE.search(_REMARK.sub("", head.name)) and _VALUE.match(head.rest)
    return None if is_number or _is_mere_sentence(item, head, context) else head


def _head_of_own(item: OutlineItem, head: Head | None) -> Head:
    """Of an entry as our own pages print it: the project's name, and its words as they stand."""
    text = item.line.text
    if head is None:
        name, _, rest = text.replace(":", "：", 1).partition("：")
        return Head(name.strip(), rest.strip())
    behind = text.removeprefix(head.name)
    return head if behind == text else replace(head, rest=_COLON.sub("", behind, count=1))


def _is_mere_sentence(item: OutlineItem, head: Head, context: SectionContext) -> bool:
    """Whether a paragraph with no mark behind a name reports nothing: 供应商来访，讨论了交期。"""
    line = item.line
    if line.rank != PARAGRAPH or line.level or item.children or head.name in context.known_names:
        return False
    if project_head(line, people=context.names, strict=True) is not None:
        return False
    if VERB.match(head.rest):
        return False  # 税务申报接口，等待开通权限
    mentions = prose.read(head.rest, week=context.week)
    return not (mentions.percents or mentions.dates or mentions.states)


def _head_alone(item: OutlineItem, context: SectionContext) -> Head | None:
    """The head of a line on which no mark separates the name from the rest."""
    line = item.line
    alone = line.plain.rstrip("：:").strip()
    if kind_of(alone) is not None:
        return None  # **Projects**, ### 本周进展: a label of what stands below
    if line.level and alone and not is_generic(alone):
        return alone_head(alone, context.names)
    # Payout rewrite (Ines): what somebody owns is work.
    has_owner = line.rank != PARAGRAPH and owner_behind(alone, context.names) is not None
    is_item = (
        bool(item.children)
        or has_owner
        or (context.kind == Kind.OBJECTIVE and line.rank != PARAGRAPH)
    )
    if is_item and is_short_name(line):
        return alone_head(alone, context.names)
    return head_after_verb(line, week=context.week) if line.rank != PARAGRAPH else None


def _head_after_person(line: OutlineLine, context: SectionContext) -> Head | None:
    """张伟：收银台改版：联调中 names a project; 张伟：完成两次评审 does not."""
    name, colon, rest = line.plain.replace(":", "：", 1).partition("：")
    if not colon or not rest.strip():
        return None
    below = replace(line, text=rest.strip())
    head = project_head(below, known_names=context.known_names, people=context.names)
    if head is None:
        return None
    return replace(head, written=f"{name}：{head.written or head.name}")


def _is_group(item: OutlineItem, context: SectionContext) -> bool:
    """Whether the line only labels the items below it: 本周进展：, KR1：…, 一、已完成, 张伟."""
    if item.line.number in context.people or is_key_result(item.line):
        return True
    if _lists_incidents(item, context):
        return True
    if kind_of(item.line.plain) is not None:
        return True
    label, _, rest = item.line.plain.replace(":", "：").partition("：")
    return is_generic(label) or (not rest and len(label) <= 20)


def _lists_incidents(item: OutlineItem, context: SectionContext) -> bool:
    """Whether the line is a label, and incidents stand below it: 产线："""
    first = next((line for line in item.children if not line.is_blank), None)
    is_label = item.line.plain.endswith(("：", ":")) or is_short_name(item.line)
    return is_label and first is not None and tells_of_incident(first, week=context.week)


def _mention(item: OutlineItem, head: Head, context: SectionContext) -> ProjectMention:
    line = item.line
    # Of a line that a person assigned nobody knows where its name ends.
    if line.number in context.corrections.lines:
        words = line.plain
    else:
        words = "；".join(filter(None, (facts_in_lead(head.lead), without_mentions(head.rest))))
    facts = read_facts((line.number, words), item.children, week=context.week, people=context.names)
    facts.owners += [*head.owners, *owners_first(head.rest, context.names)]
    facts.owners += owners_in_lead(head.rest)
    below = dedented(item.children) if item.children else ""
    if item.is_own and item.children[0].is_blank:
        below = f"\n{below}"  # a table or a list needs the blank line above it
    first = head.rest if item.is_own else _on_one_line(head.rest, context)
    text = "\n".join(part for part in (first, below) if part)
    written = line.with_mark(head.written or head.name)
    if person := context.people.get(line.number, context.person):
        facts.owners += people_in(person)
    bare = ProjectMention(
        head.name, written, context.code, context.is_focus, line.number, context.heading, text
    )
    return _with_facts(bare, facts)


def _on_one_line(rest: str, context: SectionContext) -> str:
    """The rest of the name's line, behind a colon where it would be printed as a list item.

    A focus project's name is printed as a heading, where any number would begin a list.
    """
    looks_like_item = _LIST_LIKE if context.is_focus else _LIST_ITEM
    return f"：{rest}" if looks_like_item.match(rest) else rest


def _with_facts(mention: ProjectMention, facts: Facts) -> ProjectMention:
    # Each project of each page comes by here: ``replace`` would take three times as long.
    named = (mention.name, mention.written, mention.code, mention.is_focus)
    stands = (mention.line, mention.section, mention.text)
    return ProjectMention(
        *named,
        *stands,
        progress=tuple(facts.progress),
        dates=tuple(facts.dates),
        readings=tuple(facts.readings),
        states=tuple(facts.states),
        owners=tuple(dict.fromkeys(facts.owners)),
    )


def _read_parts(
    work: Work, lines: list[OutlineLine], above: OutlineLine, context: SectionContext
) -> bool:
    """Takes a table of steps into the project that the heading ``above`` it names."""
    heads = bool(work.projects) and bool(above.level) and work.projects[-1].line == above.number
    if not heads or work.projects[-1].text or lines[0].place:
        return False
    table = tables.read_table(lines)
    if not tables.names_parts(table):
        return False
    read = read_parts(table, week=context.week)
    owners = [*work.projects[-1].owners, *read.facts.owners]
    read.facts.owners = owners
    work.projects[-1] = _with_facts(replace(work.projects[-1], text=read.text), read.facts)
    work.goals += read.goals
    work.unread += read.unread
    return True


def _read_table(work: Work, lines: list[OutlineLine], context: SectionContext) -> None:
    """Each project of a table becomes a mention whose text is its rows below the table's head."""
    table = tables.read_table(lines)
    shown_numbers: set[int] = set()
    for project in tables.projects_of(table):
        first = project.rows[0]
        head = context.corrections.head(first.line, Head(project.name, ""))
        if head is None:
            continue
        read = read_rows(table, project, week=context.week, is_first=not shown_numbers)
        shown = [*table.head, *(row.line for row in project.rows)]
        shown_numbers.update(line.number for line in shown)
        code = project.code or context.code
        _note_objective(work, first, code)
        place = (code, context.is_focus, first.line.number, context.heading)
        bare = ProjectMention(head.name, project.name, *place, read.text)
        work.add_project(_with_facts(bare, read.facts))
        work.goals += read.goals
        work.unread += read.unread
    key_results = list(key_results_of(table))
    work.key_results += key_results
    for row in table.rows if key_results else ():
        for cell in row.cells:
            _note_objective(work, row, (objective_of(cell) or (None,))[0])
    left = [line for line in lines if line.number not in shown_numbers]
    if any(not line.is_blank for line in left):
        work.add_lines(unlabelled(table, left) if shown_numbers else left)


def _note_objective(work: Work, row: tables.TableRow, code: str | None) -> None:
    if code is None or any(objective.code == code for objective in work.objectives):
        return
    for cell in row.cells:
        named = objective_of(cell)
        if named is not None and named[0] == code:
            work.objectives.append(ObjectiveHeading(code, named[1], row.line.number))
            return

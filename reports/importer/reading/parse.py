"""Parse one weekly page: from its lines to sections, projects and facts. Pure; never raises.

Each non-blank line of the source ends in exactly one place: the title, a heading, a project's text,
a reading, an incident, a planned item, or a section's run of text; so nothing on a page is lost,
however little of it was understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from reports.importer.columns import is_total
from reports.importer.dating.week import is_metadata
from reports.importer.page import (
    CountRead,
    IncidentRead,
    KeyResultRead,
    Measured,
    ObjectiveHeading,
    ParsedPage,
    PlannedLine,
    ProjectMention,
    SectionText,
    UnreadLine,
)
from reports.importer.reading import tables
from reports.importer.reading.corrections import NO_CORRECTIONS, Corrections
from reports.importer.reading.events import read_events
from reports.importer.reading.headings import heading_of, kind_of, names_a_week
from reports.importer.reading.names.head_words import is_generic
from reports.importer.reading.names.people import named_people, people_of
from reports.importer.reading.numbers import read_numbers
from reports.importer.reading.outline import (
    PARAGRAPH,
    OutlineItem,
    OutlineLine,
    dedented,
    items,
    nest,
    outline,
)
from reports.importer.reading.rows import goals_of
from reports.importer.reading.sections import WORK, SectionDraft, cut
from reports.importer.reading.unread import Taken, unread_lines
from reports.importer.reading.work import SectionContext, plan_of, read_work, text_of
from reports.importer.source import PageWeek, SourcePage
from reports.weekly.sections import Kind

_TITLE: Final = re.compile(
    r"周报|週報|周记|周会|双周|纪要|工作(?:汇报|总结)|日志|weekly|week\b|W\s?\d{1,2}\b|第\s*\d{1,2}\s*[周週]|\d{4}\s*[-./年]\s*\d{1,2}|\d{8}|"
    r"report|\d{1,2}[./]\d{1,2}\s*[-~—–至]",
    re.IGNORECASE,
)
_PROPERTY: Final = re.compile(
    r"(?:created|last edited|prepared by|reported by|week ending|创建|更新|作者|tags?|标签|状态|"
    r"属性|汇报人|填报人|报告人|编制人?|编报人?|审核人?|签发人?|制表人?|撰稿人?|姓名|部门|统计区间|报告周期)[^:：]{0,20}[:：]",
    re.IGNORECASE,
)
_FENCE: Final = "---"
_MOST_PROPERTIES: Final = 40  # lines of front matter
_PROPERTY_LINE: Final = re.compile(r"[A-Za-z_][\w -]{0,30}:|\s*- |\s+\S")
_NOTHING: Final = re.compile(r"(?:暂?无|没有|none|n/?a|nothing)[。.！!]?|[\W_]+", re.IGNORECASE)
# As our own pages print a section that nobody filled.
_EMPTY: Final = re.compile(r"尚未填写。|Not filled in yet\.|Nobody has filled this in\.")
_MAX_TITLE: Final = 80
_NO_PROGRESS: Final = frozenset({Kind.PLAN, Kind.REFLECTION, Kind.DAILY})
_UNPLACED: Final = frozenset(
    {Kind.PREAMBLE, Kind.FOCUS, Kind.OBJECTIVE, Kind.WORK, Kind.METRICS, Kind.INCIDENTS}
)


@dataclass(slots=True)
class Builder:
    """Collects what the sections give."""

    people: dict[int, str] = field(default_factory=dict)
    corrections: Corrections = NO_CORRECTIONS
    names: frozenset[str] = frozenset()  # of the people whom the page names
    known_names: tuple[str, ...] = ()  # names of projects that the team has
    sections: list[SectionText] = field(default_factory=list)
    objectives: list[ObjectiveHeading] = field(default_factory=list)
    projects: list[ProjectMention] = field(default_factory=list)
    metrics: list[Measured] = field(default_factory=list)
    counts: list[CountRead] = field(default_factory=list)
    incidents: list[IncidentRead] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    goals: list[PlannedLine] = field(default_factory=list)
    reflection: list[str] = field(default_factory=list)
    unplaced: list[tuple[int, str]] = field(default_factory=list)
    key_results: list[KeyResultRead] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)

    def not_understood(self) -> tuple[tuple[int, str], ...]:
        """The lines that said something nobody took; those of key results are not among them."""
        results = {result.line for result in self.key_results}
        return tuple((line, text) for line, text in self.unplaced if line not in results)

    def add_runs(
        self, runs: Sequence[list[OutlineLine]], kind: Kind, *, reads_tables: bool = False
    ) -> None:
        """Keeps the lines as texts; ``reads_tables``: facts were taken from their tables, too."""
        for run in runs:
            if any(not line.is_blank for line in run):
                self.sections.append(text_of(run, kind))
                if kind in _UNPLACED:
                    self.unplaced += [
                        (line.number, line.raw.strip())
                        for line in run
                        if _says_something(line)
                        and line.number not in self.people
                        and not (reads_tables and line.is_table_row)
                    ]


def _says_something(line: OutlineLine) -> bool:
    """False for an empty number, 无, a bare label, and a line with the day of creation."""
    return bool(line.plain.rstrip("：:")) and not (
        kind_of(line.plain) is not None
        or is_generic(line.plain)
        or _NOTHING.fullmatch(line.plain)
        or _EMPTY.fullmatch(line.plain)
        or is_metadata(line.raw)
        or _PROPERTY.match(line.plain)
        or names_a_week(line)
        or is_total(line.plain)
    )


def parse(
    source: SourcePage,
    week: PageWeek,
    corrections: Corrections = NO_CORRECTIONS,
    known_names: Sequence[str] = (),
) -> ParsedPage:
    """The page with everything on it in its place, read as a person corrected it.

    ``known_names`` are names of projects: a line that begins with one reports it.
    """
    lines = outline(source.lines)
    front, rest = _front_matter(lines)
    title, rest = _title(rest)
    people = people_of([line for line in rest if not line.item])
    built = Builder(people, corrections, named_people(rest, people), tuple(known_names))
    if front:
        built.sections.append(text_of(front, Kind.PREAMBLE))
    drafts = cut(rest, built.people, built.known_names)
    for draft in drafts:
        _read(built, draft, week)
    return ParsedPage(
        source=source,
        week=week,
        title=title.plain if title else "",
        title_line=title.number if title else 0,
        sections=tuple(sorted(built.sections, key=lambda section: section.line)),
        objectives=tuple(built.objectives),
        projects=tuple(built.projects),
        metrics=tuple(built.metrics),
        counts=tuple(built.counts),
        incidents=tuple(built.incidents),
        other=tuple(built.other),
        goals=tuple(built.goals),
        reflection="\n".join(built.reflection).strip(),
        unplaced=built.not_understood(),
        warnings=week.warnings,
        key_results=tuple(built.key_results),
        unread=_unread(built, drafts, week),
        known_names=built.known_names,
    )


def _unread(
    built: Builder, drafts: Sequence[SectionDraft], week: PageWeek
) -> tuple[UnreadLine, ...]:
    """The lines of which progress or dates were not taken; plans and reflections are left out."""
    taken = Taken()
    for project in built.projects:
        for progress in project.progress:
            taken.numbers[progress.line] += 1 + (progress.before is not None)
        for reading in project.readings:
            taken.numbers[reading.line] += 1
        for mention in project.dates:
            taken.dates[mention.line] += 1
    taken.whole.update(reading.line for reading in built.metrics)
    taken.whole.update(count.line for count in built.counts)
    taken.whole.update(result.line for result in built.key_results)
    taken.whole.update(goal.line for goal in built.goals)
    for incident in built.incidents:
        taken.whole.update(range(incident.line, incident.line + incident.text.count("\n") + 1))
    taken.whole.update(line.line for line in built.unread)
    lines = [line for draft in drafts if draft.kind not in _NO_PROGRESS for line in draft.lines]
    others = unread_lines(lines, taken, week=week.start)
    return tuple(sorted((*built.unread, *others), key=lambda line: line.line))


def _front_matter(lines: list[OutlineLine]) -> tuple[list[OutlineLine], list[OutlineLine]]:
    """The properties between two rules at the beginning of the page, and the other lines."""
    first = next((place for place, line in enumerate(lines) if not line.is_blank), len(lines))
    if first == len(lines) or lines[first].raw.strip() != _FENCE:
        return [], lines
    for place, line in enumerate(lines[first + 1 : first + _MOST_PROPERTIES], start=first + 1):
        if line.raw.strip() == _FENCE:
            return lines[first : place + 1], lines[place + 1 :]
        if not line.is_blank and not _PROPERTY_LINE.match(line.raw):
            break
    return [], lines


def _title(lines: list[OutlineLine]) -> tuple[OutlineLine | None, list[OutlineLine]]:
    """The page's title, if its first line is one, and the other lines."""
    for index, line in enumerate(lines):
        if line.is_blank:
            continue
        heading = heading_of(line, dressed=True)
        is_section = (
            heading is not None and heading.kind is not None and not _TITLE.search(line.plain)
        )
        looks_like_one = line.level == 1 or (
            len(line.plain) <= _MAX_TITLE
            and _TITLE.search(line.plain) is not None
            and line.rank in (PARAGRAPH, 1, 2, 3)
        )
        if looks_like_one and not is_section and not line.is_table_row and line.text:
            return line, lines[:index] + lines[index + 1 :]
        return None, lines
    return None, lines


def _read(built: Builder, draft: SectionDraft, week: PageWeek) -> None:
    if draft.heading is not None:
        _add_heading(built, draft)
    if draft.kind in WORK:
        _read_projects(built, draft, week)
    elif draft.kind == Kind.METRICS:
        numbers = read_numbers(draft.lines, week=week.start)
        read_before = {reading.name for reading in built.metrics} | {
            c.severity for c in built.counts
        }
        if read_before & (
            {r.name for r in numbers.readings} | {c.severity for c in numbers.counts}
        ):
            built.add_runs([draft.lines], draft.kind)  # a second section with the same numbers
            return
        built.metrics += numbers.readings
        built.counts += numbers.counts
        built.add_runs(numbers.runs, draft.kind, reads_tables=bool(numbers.readings))
    elif draft.kind == Kind.INCIDENTS:
        events = read_events(draft.lines, week=week.start)
        built.incidents += events.incidents
        built.add_runs(events.runs, draft.kind, reads_tables=bool(events.incidents))
    elif draft.kind == Kind.PLAN:
        _read_plan(built, draft)
    else:
        _read_words(built, draft)


def _add_heading(built: Builder, draft: SectionDraft) -> None:
    heading = draft.heading
    if heading is None:
        return
    built.sections.append(
        SectionText(draft.kind, heading.text, heading.level, "", heading.line.number, heading.code)
    )
    if draft.kind == Kind.OBJECTIVE and all(o.code != heading.code for o in built.objectives):
        built.objectives.append(ObjectiveHeading(heading.code, heading.name, heading.line.number))


def _read_projects(built: Builder, draft: SectionDraft, week: PageWeek) -> None:
    names = sorted({*built.known_names, *(p.name for p in built.projects)}, key=len, reverse=True)
    context = SectionContext(
        kind=draft.kind,
        heading=draft.heading.text if draft.heading else "",
        code=draft.code,
        is_focus=draft.kind == Kind.FOCUS,
        week=week.start,
        known_names=tuple(names),
        people=built.people,
        person=draft.person,
        corrections=built.corrections,
        names=built.names,
    )
    work = read_work(draft.lines, context)
    built.projects += work.projects
    built.incidents += work.incidents
    codes = {objective.code for objective in built.objectives}
    built.objectives += [objective for objective in work.objectives if objective.code not in codes]
    built.goals += work.goals
    built.key_results += work.key_results
    built.unread += work.unread
    built.add_runs(work.runs, draft.kind, reads_tables=bool(work.key_results))


def _read_words(built: Builder, draft: SectionDraft) -> None:
    """A section of the manager's own words stays as it stands, but for a line of plans in it."""
    every = list(items(nest(draft.lines)))
    plans = [item for item in every if plan_of(item)]
    planned = {line.number for item in plans for line in item.lines}
    built.goals += filter(None, map(plan_of, plans))
    built.add_runs(
        [
            list(run)
            for is_planned, run in groupby(draft.lines, lambda x: x.number in planned)
            if not is_planned
        ],
        draft.kind,
    )
    spoken = [item for item in every if item.line.text and item.line.number not in planned]
    if draft.kind == Kind.OTHER:
        built.other += [
            "\n".join([item.line.printed, dedented(item.children)]).strip() for item in spoken
        ]
    elif draft.kind == Kind.REFLECTION:
        built.reflection.append(dedented(draft.lines))


def _read_plan(built: Builder, draft: SectionDraft) -> None:
    """Each outermost item is a line of the plan, but for empty numbers and labels above items."""
    for is_table, lines in groupby(draft.lines, key=lambda line: line.is_table_row):
        if is_table:
            rows = list(lines)
            goals = list(goals_of(tables.read_table(rows)))
            built.goals += goals
            if not (goals and rows[0].place):
                built.add_runs([rows], draft.kind, reads_tables=True)
    outermost = list(items(nest(line for line in draft.lines if not line.is_table_row)))
    is_list = any(item.line.rank != PARAGRAPH for item in outermost)
    for item in outermost:
        if is_list and item.line.rank == PARAGRAPH:
            built.add_runs([item.lines], draft.kind)
        elif _labels_its_items(item):
            built.add_runs([[item.line]], draft.kind)
            for below in items(nest(item.children)):
                _add_goal(built, below, draft.kind)
        else:
            _add_goal(built, item, draft.kind)


def _add_goal(built: Builder, item: OutlineItem, kind: Kind) -> None:
    """Adds a line of the plan; a mark without words adds none, but the lines below it are kept."""
    is_empty = _EMPTY.fullmatch(item.line.plain) is not None
    if item.line.text and not is_empty:
        built.goals.append(_goal(item))
    elif item.children or item.line.kept_mark or is_empty:
        built.add_runs([item.lines], kind)


def _labels_its_items(item: OutlineItem) -> bool:
    if not item.children or not item.line.text:
        return False
    heading = heading_of(item.line, dressed=False)
    is_label = item.line.plain.endswith(("：", ":")) or is_generic(item.line.plain)
    return is_label or (heading is not None and heading.kind == Kind.OBJECTIVE)


def _goal(item: OutlineItem) -> PlannedLine:
    below = dedented(item.children) if item.children else ""
    written = "\n".join(part for part in (item.line.printed, below) if part)
    return PlannedLine(item.line.plain, item.line.number, written)

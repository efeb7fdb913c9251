"""Parse one weekly page: from its lines to sections, projects and facts. Pure; never raises.

Each non-blank line of the source ends in exactly one place: the title, a heading, a project's text,
a reading, an incident, a planned item, or a section's run of text; so nothing on a page is lost,
however little of it was understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reports.importer.events import read_events
from reports.importer.headings import Heading, Kind, heading_of, is_dressed
from reports.importer.heads import is_generic
from reports.importer.numbers import read_numbers
from reports.importer.outline import PARAGRAPH, Item, Line, dedented, items, nest, outline
from reports.importer.page import (
    CountRead,
    Goal,
    IncidentRead,
    Measured,
    ObjectiveHeading,
    ParsedPage,
    ProjectMention,
    SectionText,
)
from reports.importer.source import PageWeek, SourcePage
from reports.importer.work import Place, read_work, text_of

_TITLE: Final = re.compile(
    r"周报|週報|weekly|week\b|W\s?\d{1,2}\b|第\s*\d{1,2}\s*[周週]|\d{4}\s*[-./年]\s*\d{1,2}|\d{8}|"
    r"report|\d{1,2}[./]\d{1,2}\s*[-~—–至]",
    re.IGNORECASE,
)
_PROPERTY: Final = re.compile(
    r"(?:created|last edited|创建|更新|作者|tags?|标签|状态|属性)[^:：]{0,20}[:：]", re.IGNORECASE
)
_MAX_TITLE: Final = 80
_BRACKETED_ALONE: Final = re.compile(r"【[^【】]+】\s*[:：]?")
# Kinds whose lines are searched for projects.
_WORK: Final = frozenset({Kind.FOCUS, Kind.OBJECTIVE, Kind.WORK})
_UNPLACED: Final = frozenset(
    {Kind.PREAMBLE, Kind.FOCUS, Kind.OBJECTIVE, Kind.WORK, Kind.METRICS, Kind.INCIDENTS}
)


@dataclass(slots=True)
class Draft:
    """A section while it is read: its heading (none before the first one) and its lines."""

    kind: Kind
    heading: Heading | None
    lines: list[Line] = field(default_factory=list)
    code: str | None = None


@dataclass(slots=True)
class Builder:
    """Collects what the sections give."""

    sections: list[SectionText] = field(default_factory=list)
    objectives: list[ObjectiveHeading] = field(default_factory=list)
    projects: list[ProjectMention] = field(default_factory=list)
    metrics: list[Measured] = field(default_factory=list)
    counts: list[CountRead] = field(default_factory=list)
    incidents: list[IncidentRead] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    reflection: list[str] = field(default_factory=list)
    unplaced: list[tuple[int, str]] = field(default_factory=list)

    def add_runs(self, runs: Sequence[list[Line]], kind: Kind) -> None:
        for run in runs:
            if any(not line.is_blank for line in run):
                self.sections.append(text_of(run, kind))
                if kind in _UNPLACED:
                    self.unplaced += [
                        (line.number, line.raw.strip()) for line in run if not line.is_blank
                    ]


def parse(source: SourcePage, week: PageWeek) -> ParsedPage:
    """The page with everything on it in its place."""
    lines = outline(source.lines)
    title, rest = _title(lines)
    built = Builder()
    for draft in _drafts(rest):
        _read(built, draft, week)
    built.sections.sort(key=lambda section: section.line)
    return ParsedPage(
        source=source,
        week=week,
        title=title.text if title else "",
        title_line=title.number if title else 0,
        sections=tuple(built.sections),
        objectives=tuple(built.objectives),
        projects=tuple(built.projects),
        metrics=tuple(built.metrics),
        counts=tuple(built.counts),
        incidents=tuple(built.incidents),
        other=tuple(built.other),
        goals=tuple(built.goals),
        reflection="\n".join(built.reflection).strip(),
        unplaced=tuple(built.unplaced),
        warnings=week.warnings,
    )


def _title(lines: list[Line]) -> tuple[Line | None, list[Line]]:
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


def _drafts(lines: list[Line]) -> list[Draft]:
    """The page cut at its section headings."""
    dressed = is_dressed(lines)
    has_objectives = any(
        (found := heading_of(line, dressed=dressed)) is not None and found.kind == Kind.OBJECTIVE
        for line in lines
    )
    drafts = [Draft(Kind.PREAMBLE, None)]
    for line in lines:
        current = drafts[-1]
        heading = heading_of(line, dressed=dressed)
        kind = _section_kind(heading, current, line, has_objectives=has_objectives)
        if kind is None:
            current.lines.append(line)
        elif heading is not None and not (kind == Kind.FOCUS and heading.kind != Kind.FOCUS):
            drafts.append(Draft(kind, heading, code=heading.code or None))
        else:
            # A focus project heads its own section: the line is its name.
            if current.kind != Kind.FOCUS or current.heading is not None:
                drafts.append(Draft(Kind.FOCUS, None))
            drafts[-1].lines.append(line)
    return [
        _settled(draft)
        for draft in drafts
        if draft.heading or any(not x.is_blank for x in draft.lines)
    ]


def _section_kind(
    heading: Heading | None, current: Draft, line: Line, *, has_objectives: bool
) -> Kind | None:
    """The kind of section the line begins; ``None`` when it belongs to the current one."""
    if heading is None:
        return None
    below = _is_below(heading, current)
    if heading.kind == current.kind != Kind.OBJECTIVE and _is_bare(line):
        return None  # 系统可用性： in 【系统运行数据】 labels a group of it
    if heading.kind is not None:
        labels_a_part = current.kind in _WORK and heading.kind in {Kind.WORK, Kind.CUSTOM}
        # ### 本周进展 below ## 【O1】 labels a part of it.
        return None if below and (labels_a_part or current.kind == Kind.DAILY) else heading.kind
    if _BRACKETED_ALONE.fullmatch(line.plain):
        if has_objectives and current.kind in {Kind.PREAMBLE, Kind.FOCUS}:
            return Kind.FOCUS
        is_project = current.kind in _WORK and (line.level == 0 or below)
        return None if is_project else Kind.CUSTOM
    is_part = line.level == 0 or (below and current.kind != Kind.PREAMBLE)
    return None if is_part else Kind.CUSTOM


def _is_bare(line: Line) -> bool:
    return line.level == 0 and "【" not in line.plain


def _is_below(heading: Heading, current: Draft) -> bool:
    return (
        current.heading is not None
        and heading.line.level > 0
        and (current.heading.line.level or 2) < heading.line.level
    )


def _settled(draft: Draft) -> Draft:
    """An unknown heading over lines that name projects is one of work; other words stay words."""
    if draft.kind != Kind.CUSTOM or draft.heading is None or draft.heading.kind is not None:
        return draft
    named = sum(
        1
        for item in items(nest(draft.lines))
        if re.match(r"[^：:，,。]{2,30}[：:]\s*\S", item.line.plain)
        and not is_generic(re.split(r"[：:]", item.line.plain)[0])
    )
    if named >= 1:
        return replace(draft, kind=Kind.WORK)
    return draft


def _read(built: Builder, draft: Draft, week: PageWeek) -> None:
    if draft.heading is not None:
        _add_heading(built, draft)
    if draft.kind in _WORK:
        _read_projects(built, draft, week)
    elif draft.kind == Kind.METRICS:
        numbers = read_numbers(draft.lines, week=week.start)
        known = {reading.name for reading in built.metrics} | {c.severity for c in built.counts}
        if known & ({r.name for r in numbers.readings} | {c.severity for c in numbers.counts}):
            built.add_runs([draft.lines], draft.kind)  # a second section with the same numbers
            return
        built.metrics += numbers.readings
        built.counts += numbers.counts
        built.add_runs(numbers.runs, draft.kind)
    elif draft.kind == Kind.INCIDENTS:
        events = read_events(draft.lines, week=week.start)
        built.incidents += events.incidents
        built.add_runs(events.runs, draft.kind)
    elif draft.kind == Kind.PLAN:
        _read_plan(built, draft)
    else:
        _read_words(built, draft)


def _add_heading(built: Builder, draft: Draft) -> None:
    heading = draft.heading
    if heading is None:
        return
    built.sections.append(
        SectionText(draft.kind, heading.text, heading.level, "", heading.line.number, heading.code)
    )
    if draft.kind == Kind.OBJECTIVE and all(o.code != heading.code for o in built.objectives):
        built.objectives.append(ObjectiveHeading(heading.code, heading.name, heading.line.number))


def _read_projects(built: Builder, draft: Draft, week: PageWeek) -> None:
    known = sorted({p.name for p in built.projects}, key=len, reverse=True)
    place = Place(
        kind=draft.kind,
        heading=draft.heading.text if draft.heading else "",
        code=draft.code,
        is_focus=draft.kind == Kind.FOCUS,
        week=week.start,
        known=tuple(known),
    )
    work = read_work(draft.lines, place)
    built.projects += work.projects
    codes = {objective.code for objective in built.objectives}
    built.objectives += [objective for objective in work.objectives if objective.code not in codes]
    built.add_runs(work.runs, draft.kind)


def _read_words(built: Builder, draft: Draft) -> None:
    """A section of the manager's own words stays as it stands."""
    built.add_runs([draft.lines], draft.kind)
    said = [item for item in items(nest(draft.lines)) if item.line.text]
    if draft.kind == Kind.OTHER:
        built.other += [
            "\n".join([item.line.said, dedented(item.children)]).strip() for item in said
        ]
    elif draft.kind == Kind.REFLECTION:
        built.reflection.append(dedented(draft.lines))


def _read_plan(built: Builder, draft: Draft) -> None:
    """Each outermost item is a line of the plan; an empty number or a label above items is none."""
    found = list(items(nest(draft.lines)))
    is_list = any(item.line.rank != PARAGRAPH for item in found)
    for item in found:
        if item.line.is_table_row or (is_list and item.line.rank == PARAGRAPH):
            built.add_runs([item.lines], draft.kind)
        elif _labels_its_items(item):
            built.add_runs([[item.line]], draft.kind)
            built.goals += [_goal(below) for below in items(nest(item.children)) if below.line.text]
        elif item.line.text:
            built.goals.append(_goal(item))
        elif item.children or item.line.kept_mark:
            built.add_runs([item.lines], draft.kind)


def _labels_its_items(item: Item) -> bool:
    if not item.children or any(line.is_table_row for line in item.children):
        return False
    heading = heading_of(item.line, dressed=False)
    is_label = item.line.plain.endswith(("：", ":")) or is_generic(item.line.plain)
    return is_label or (heading is not None and heading.kind == Kind.OBJECTIVE)


def _goal(item: Item) -> Goal:
    below = dedented(item.children) if item.children else ""
    written = "\n".join(part for part in (item.line.said, below) if part)
    return Goal(item.line.text.strip(), item.line.number, written)

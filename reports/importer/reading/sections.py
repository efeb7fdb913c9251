"""A page cut into its sections, by its headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from projects import prose
from projects.prose import fold
from reports.importer.reading import tables
from reports.importer.reading.headings import Heading, heading_of, is_dressed, names_a_week
from reports.importer.reading.names.head_words import is_generic
from reports.importer.reading.names.heads import project_head
from reports.importer.reading.outline import PARAGRAPH, OutlineLine, items, nest
from reports.weekly.sections import Kind

# Kinds whose lines are searched for projects.
WORK: Final = frozenset({Kind.FOCUS, Kind.OBJECTIVE, Kind.WORK})
_BRACKETED_ALONE: Final = re.compile(r"【[^【】]+】\s*[:：]?")
_NAMED: Final = re.compile(r"[^：:，,。]{2,30}[：:]\s*\S")
# 一、 and ◆ head sections where they head known ones; 1、 and - head items just as often.
_COARSE: Final = frozenset({10, 20, 68})
_CHAPTER: Final = 10  # the rank of 一、
_MAX_SIBLING: Final = 20
_LOWEST_LEVEL: Final = 6
_NUMBERED: Final = re.compile(
    r"(?P<name>[^:：,，。;；\d]{2,24})\s*[:：]\s*[约近超¥$]?\s*\d[\d,]*(?:\.\d+)?\s*"
    r"(?P<unit>%|[^\d\s,，。;；:：（(]{0,6})\s*(?:[（(][^()（）]*[)）])?[。;；]?"
)
_RATE: Final = re.compile(
    r"(?:(?<!完成)(?<!达成)率|占比|比例|rate|ratio|yield|uptime|availability|utili[sz]ation|share)\s*$",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(r"[%％/成半]|\bof\b|third|half")
_ANY_WEEK: Final = date(2024, 1, 1)  # percents do not depend on it


@dataclass(slots=True)
class SectionDraft:
    """A section while it is read: its heading (none before the first one) and its lines."""

    kind: Kind
    heading: Heading | None
    lines: list[OutlineLine] = field(default_factory=list)
    code: str | None = None
    person: str = ""  # whose section it is, on a page that goes by person

    @property
    def has_text(self) -> bool:
        return any(not line.is_blank for line in self.lines)


def cut(
    lines: Sequence[OutlineLine], people: dict[int, str], known_names: tuple[str, ...] = ()
) -> list[SectionDraft]:
    """The sections in their order; ``people`` are the lines that are a person's, by number."""
    dressed = is_dressed([line for line in lines if not line.item])
    headings = [None if line.item else heading_of(line, dressed=dressed) for line in lines]
    marks = _heading_marks(headings)
    has_objectives = any(heading and heading.kind == Kind.OBJECTIVE for heading in headings)
    groups = _groups_of_objectives(headings)
    drafts = [SectionDraft(Kind.PREAMBLE, None)]
    for line, own_heading in zip(lines, headings, strict=True):
        current = drafts[-1]
        if line.item:
            current.lines.append(line)
            continue
        if line.level and current.heading is None and names_a_week(line):
            drafts.append(SectionDraft(Kind.PREAMBLE, Heading(line, None, line.plain, line.level)))
            continue
        if line.number in groups and current.kind == Kind.OBJECTIVE:
            line.rank = _LOWEST_LEVEL  # whatever its level: ## B. stands beside ### A.
            current.lines.append(line)
            continue
        heading = own_heading or _sibling(line, marks)
        kind = _kind(heading, current, has_objectives=has_objectives)
        if kind is None:
            current.lines.append(line)
        elif heading is not None and not (kind == Kind.FOCUS and heading.kind != Kind.FOCUS):
            drafts.append(SectionDraft(kind, heading, code=heading.code or None))
        else:
            # A focus project heads its own section: the line is its name.
            if current.kind != Kind.FOCUS or current.heading is not None:
                drafts.append(SectionDraft(Kind.FOCUS, None))
            drafts[-1].lines.append(line)
    settled = [_settled(draft, known_names) for draft in drafts if draft.heading or draft.has_text]
    return _with_people(_with_work_in_front(settled, people), people)


def _groups_of_objectives(headings: Sequence[Heading | None]) -> set[int]:
    """The lines with a letter (A. 账户升级) that group the work of objectives with a number."""
    objectives = [h for h in headings if h is not None and h.kind == Kind.OBJECTIVE]
    lettered = {h.line.number for h in objectives if len(h.code) == 1}
    return lettered if len(lettered) < len(objectives) else set()


def _heading_marks(headings: Sequence[Heading | None]) -> set[tuple[int, int]]:
    """Rank and indent of the marks (一、 ◆) that head known sections of this page."""
    marks: dict[tuple[int, int], list[bool]] = {}
    for heading in headings:
        if heading is not None and heading.line.rank in _COARSE:
            place = (heading.line.rank, heading.line.indent)
            marks.setdefault(place, []).append(heading.kind is not None)
    # 一、客户项目 … 四、下周重点: chapters of any words, where one is known.
    return {
        place
        for place, are_known in marks.items()
        if (are_known[0] and sum(are_known) >= 2) or (place[0] == _CHAPTER and any(are_known))
    }


def _sibling(line: OutlineLine, marks: set[tuple[int, int]]) -> Heading | None:
    """A line marked like the page's headings counts as one, even with unknown words."""
    name = line.plain.rstrip("：:").strip()
    is_one = (
        (line.rank, line.indent) in marks
        and not line.is_table_row
        and 0 < len(name) <= _MAX_SIBLING
        and not re.search(r"[：:，,。；;]", name)
    )
    return Heading(line, None, line.printed, 2) if is_one else None


def _kind(heading: Heading | None, current: SectionDraft, *, has_objectives: bool) -> Kind | None:
    """The kind of section the heading begins; ``None`` when it belongs to the current one."""
    if heading is None:
        return None
    if heading.kind is not None:
        return None if _labels_a_part(heading, current) else heading.kind
    line = heading.line
    below = _is_below(heading, current)
    if _BRACKETED_ALONE.fullmatch(line.plain):
        if has_objectives and current.kind in {Kind.PREAMBLE, Kind.FOCUS}:
            return Kind.FOCUS
        is_project = current.kind in WORK and (line.level == 0 or below)
        is_project |= _is_chapter(current) and line.rank != _CHAPTER and not line.level
        return None if is_project and not _is_like_heading(line, current) else Kind.CUSTOM
    if line.rank in _COARSE:
        return Kind.CUSTOM
    is_part = line.level == 0 or (below and current.kind != Kind.PREAMBLE)
    return None if is_part else Kind.CUSTOM


def _is_chapter(draft: SectionDraft) -> bool:
    """Whether the section is a chapter with words of the team's own (一、客户项目)."""
    is_own = draft.kind == Kind.CUSTOM and draft.heading is not None
    return is_own and draft.heading is not None and draft.heading.line.rank == _CHAPTER


def _labels_a_part(heading: Heading, current: SectionDraft) -> bool:
    """Whether a heading of known kind labels only a part of the section it stands in."""
    line = heading.line
    if heading.kind == current.kind == Kind.METRICS:
        # 系统可用性： groups the numbers below it.
        return line.level == 0 and line.plain.endswith(("：", ":"))
    # ### 本周进展 below ## 【O1】 is a part of it.
    is_part = current.kind in WORK and heading.kind in {Kind.WORK, Kind.CUSTOM}
    if is_part and heading.kind == Kind.WORK and _labels_an_objectives_work(line, current):
        return True
    return _is_below(heading, current) and (is_part or current.kind == Kind.DAILY)


def _labels_an_objectives_work(line: OutlineLine, current: SectionDraft) -> bool:
    """**Projects** or 项目进展： below an objective, which does not end it."""
    if current.kind != Kind.OBJECTIVE or current.heading is None or line.level:
        return False
    own = current.heading.line
    is_dressed_alike = (own.rank, own.text[:1]) == (line.rank, line.text[:1])
    return not is_dressed_alike or not any(item.rank != PARAGRAPH for item in current.lines)


def _is_like_heading(line: OutlineLine, current: SectionDraft) -> bool:
    """Whether a 【bracketed】 line stands level with the section's own bracketed heading.

    Where the section begins with such a line they are its projects: 【重点项目】【跨境结算】.
    """
    if current.heading is None or not _BRACKETED_ALONE.fullmatch(current.heading.line.plain):
        return False
    own, first = current.heading.line, next((x for x in current.lines if not x.is_blank), None)
    begins_with_one = first is None or _BRACKETED_ALONE.fullmatch(first.plain) is not None
    return (own.rank, own.indent) == (line.rank, line.indent) and not begins_with_one


def _is_below(heading: Heading, current: SectionDraft) -> bool:
    return (
        current.heading is not None
        and heading.line.level > 0
        and (current.heading.line.level or 2) < heading.line.level
    )


def _settled(draft: SectionDraft, known_names: tuple[str, ...]) -> SectionDraft:
    """An unknown heading above lines that name projects heads a section of work."""
    if draft.kind != Kind.CUSTOM or draft.heading is None or draft.heading.kind is not None:
        return draft
    if _are_numbers(draft.lines):
        return replace(draft, kind=Kind.METRICS)
    is_work = (
        _names_projects(draft.lines)
        or _has_table_of_work(draft.lines)
        or any(
            project_head(item.line, known_names=known_names)
            for item in items(nest(draft.lines))
            if known_names
        )
    )
    return replace(draft, kind=Kind.WORK) if is_work else draft


def _are_numbers(lines: Sequence[OutlineLine]) -> bool:
    """Whether the lines are numbers with their names, none of which is progress: 返工率：1.1%."""
    texts = [line.plain for line in lines if line.plain]
    matches = [_NUMBERED.fullmatch(fold(text)) for text in texts]
    return len(texts) > 1 and all(
        match is not None and (match["unit"] != "%" or _RATE.search(match["name"]) is not None)
        for match in matches
    )


def _names_projects(lines: Sequence[OutlineLine]) -> bool:
    return any(
        _names_one(item.line)
        or (item.line.plain.endswith(("：", ":")) and _names_projects(item.children))
        for item in items(nest(lines))
    )


def _names_one(line: OutlineLine) -> bool:
    plain = line.plain
    if _NAMED.match(plain):
        return not is_generic(re.split(r"[：:]", plain)[0])
    # 登录页改版，完成度80%, 内核升级------40%
    head = project_head(line) if _AMOUNT.search(plain) else None
    return head is not None and bool(prose.read(head.rest, week=_ANY_WEEK).percents)


def _has_table_of_work(lines: Sequence[OutlineLine]) -> bool:
    table = tables.read_table([line for line in lines if line.is_table_row])
    return tables.is_of_work(table)


def _with_work_in_front(drafts: list[SectionDraft], people: dict[int, str]) -> list[SectionDraft]:
    """The lines before the first heading are work where they are a table of projects, or where
    the page has no section of work.
    """
    front = next((i for i, draft in enumerate(drafts) if draft.kind != Kind.PREAMBLE), len(drafts))
    has_work = any(draft.kind in WORK for draft in drafts)
    return [
        replace(draft, kind=Kind.WORK) if _is_work_in_front(draft, people, has_work) else draft
        for draft in drafts[:front]
    ] + drafts[front:]


def _is_work_in_front(draft: SectionDraft, people: dict[int, str], has_work: bool) -> bool:
    lines = draft.lines
    if has_work:
        return _has_table_of_work(lines)
    return _has_table_of_work(lines) or (
        any(line.rank != PARAGRAPH and line.text for line in lines)
        or any(line.number in people for line in lines)
        or _names_projects(lines)
    )


def _with_people(drafts: list[SectionDraft], people: dict[int, str]) -> list[SectionDraft]:
    """Each section with the person under whose heading it stands."""
    person, level = "", 0
    for draft in drafts:
        if draft.heading is None:
            continue
        if named := people.get(draft.heading.line.number):
            person, level = named, draft.heading.level
            draft.kind = Kind.WORK if draft.kind == Kind.CUSTOM else draft.kind
        elif 0 < draft.heading.line.level <= level:
            person = ""
        draft.person = person
    return drafts

"""The facts in a project's lines: what the prose parser reads, of which part, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from projects import prose
from projects.prose import DateKind, DateMention, Percent, ReadingMention, StateKind
from reports.importer.page import DateRead, Measured, ProgressRead
from reports.importer.reading.events import tells_of_incident
from reports.importer.reading.names.dress import without_owner
from reports.importer.reading.names.head_words import is_generic
from reports.importer.reading.names.heads import Head, project_head
from reports.importer.reading.names.people import is_person_list
from reports.importer.reading.outline import OutlineLine

_HEALTH: Final = frozenset(
    {StateKind.ON_TRACK, StateKind.AT_RISK, StateKind.OFF_TRACK, StateKind.PAUSED}
)
_BARS: Final = re.compile(r"\s+\|\s+|^\|\s+")  # Autosharding | critical | 75%
_ENDED: Final = re.compile(
    r"(?:完成|结束|上线)(?:时间|日期)|(?:finished|completed|done) ", re.IGNORECASE
)
_FULL: Final = Decimal(100)
_CHANGE: Final = re.compile(
    r"(?:提升|提高|增长|增加|上升|上涨|下降|下跌|降低|减少|缩短|节省|环比|同比|"
    r"\b(?:up|down|rose|fell|grew|increased|decreased|improved|dropped|reduced)(?: by)?)"
    r"\s*(?:了|约|近|超过?)?\s*$|(?<![\w.])[+＋-]\s*$",
    re.IGNORECASE,
)
_ROLLOUT: Final = re.compile(r"灰度|放量|切量|rollout|canary", re.IGNORECASE)
_MAX_PART: Final = 60
_LEADERS: Final = re.compile(r"-{2,}|[.·…_]{3,}|…|[-—=]+>|[→➜➔➝⇒]")
_NUMBER: Final = re.compile(
    r"\s*(?:约|超过?|近|共|达到?|累计|已有?)?\s*[¥$￥]?\d[\d,.]*\s*(?!\s*(?:[月年日号/\-]|%))"
)
# 32/44个集合 says how much, 现 and 由 say when: none of them is a part of the project.
_COUNT: Final = re.compile(
    r"^\d+\s*/\s*\d+\s*[个项条家台套]?[\u4e00-\u9fff]{0,6}$|^(?:现|由|从|剩余|其余|expected|estimated|planned|target)$"
)


@dataclass(slots=True)
class Facts:
    progress: list[ProgressRead] = field(default_factory=list)
    dates: list[DateRead] = field(default_factory=list)
    readings: list[Measured] = field(default_factory=list)
    states: list[StateKind] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)

    def extend(self, other: Facts) -> None:
        self.progress += other.progress
        self.dates += other.dates
        self.readings += other.readings
        self.states += other.states
        self.owners += other.owners


def read_facts(
    first: tuple[int, str],
    below: Sequence[OutlineLine],
    *,
    week: date,
    people: frozenset[str] = frozenset(),
) -> Facts:
    """The facts of a project: of the rest of its first line, and of the nested lines below it.

    A nested line's own name (``POS权限拆分：开发进度80%``) or the name above it says which part a
    number is of, where the clause itself does not.
    """
    facts = Facts()
    _read(facts, *first, part="", week=week, is_first=True, people=people)
    path: list[tuple[int, str]] = []  # depth and name of the lines above
    for line in below:
        if line.is_blank or line.is_table_row or tells_of_incident(line, week=week):
            continue
        while path and path[-1][0] >= line.depth:
            path.pop()
        head = project_head(line, strict=True, people=people) or _parted(line, people)
        text = line.text
        part = next((name for _, name in reversed(path)), "")
        if head is not None:
            path.append((line.depth, head.name))
            # 累计商户数：523家 names its number, not a part of the project.
            if not _NUMBER.match(head.rest):
                part, text = head.name, head.rest
        _read(facts, line.number, text, part=part, week=week, is_first=False, people=people)
    return facts


def _parted(line: OutlineLine, people: frozenset[str]) -> Head | None:
    """基准测试日志 ——> 进度60%: an arrow or leaders part a name from its report."""
    return project_head(line, people=people) if _LEADERS.search(line.plain) else None


def read_cells(
    number: int, cells: Iterable[tuple[str, str]], *, week: date, part: str = ""
) -> Facts:
    """The facts of a table row: each cell is read with its column's heading before it."""
    facts = Facts()
    for heading, cell in cells:
        if cell.strip():
            text = f"{heading}：{cell}" if heading else cell
            _read(facts, number, text.replace("<br>", "；"), part=part, week=week, is_first=True)
    return facts


def _read(
    facts: Facts,
    number: int,
    text: str,
    *,
    part: str,
    week: date,
    is_first: bool,
    people: frozenset[str] = frozenset(),
) -> None:
    text = _BARS.sub("；", text.replace("**", "").replace("__", ""))
    mentions = prose.read(text, week=week)
    for percent in mentions.percents:
        own = _part(percent.subject, people)
        facts.progress.append(
            ProgressRead(percent.label, percent.value, number, own or part, percent.before)
        )
    for mention in mentions.dates:
        facts.dates.append(
            DateRead(
                mention.text,
                mention.date,
                mention.precision,
                _kind(mention, mentions.percents),
                number,
                mention.label,
                _part(mention.subject, people) or part,
            )
        )
    for reading in mentions.readings:
        if not reading.is_target and reading.name and not is_change(text, reading):
            name = f"{part} {reading.name}" if part and len(reading.name) < 4 else reading.name
            facts.readings.append(Measured(name, reading.value, reading.unit, reading.note, number))
    for state in mentions.states:
        whole = is_first and not state.subject and not state.is_future
        if whole or (state.kind in _HEALTH and not state.is_future and not part):
            facts.states.append(state.kind)
    facts.owners.extend(name for owner in mentions.owners for name in owner.names)


def is_change(text: str, reading: ReadingMention) -> bool:
    """Whether the number says how much something changed (提升3.2%), or for whom (灰度10%)."""
    if reading.before is not None:
        return False
    return ends_in_change(text[: reading.start]) or _ROLLOUT.search(reading.name) is not None


def ends_in_change(text: str) -> bool:
    """Whether a number behind the text says by how much something changed."""
    return _CHANGE.search(text) is not None


def _kind(mention: DateMention, percents: Sequence[Percent]) -> DateKind:
    """完成: 100% 完成时间: 2024-06-19 says when it was done, not until when it is due."""
    is_done = [percent.value for percent in percents] == [_FULL]
    return DateKind.DONE if is_done and _ENDED.match(mention.text) else mention.kind


def _part(subject: str, people: frozenset[str]) -> str:
    subject = without_owner(subject.strip(), people)
    if subject and is_person_list(subject, people):
        return ""
    subject = _COUNT.sub("", subject)
    if not any(character.isalnum() for character in subject):
        return ""  # the column % Complete
    return "" if len(subject) > _MAX_PART or is_generic(subject) else subject

"""The facts in a project's lines: what the prose parser reads, of which part, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from projects import prose
from projects.prose import DateKind, DateMention, Percent, ReadingMention, StateKind
from reports.importer.page import DateRead, Measured, ProgressRead
from reports.importer.reading.events import tells_of_incident
from reports.importer.reading.names.dress import without_owner
from reports.importer.reading.names.head_words import PHASE, is_generic
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
_DONE_ON: Final = re.compile(
    r"(?:done|completed|finished|shipped|released|launched|signed|delivered)\b", re.IGNORECASE
)
_FULL: Final = Decimal(100)
_CHANGE: Final = re.compile(
    r"(?:提升|提高|增长|增加|上升|上涨|下降|下跌|降低|减少|缩短|节省|环比|同比|"
    r"\b(?:up|down|rose|fell|grew|increased|decreased|improved|dropped|reduced)(?: by)?)"
    r"\s*(?:了|约|近|超过?)?\s*$|(?<![\w.])[+＋-]\s*$",
    re.IGNORECASE,
)
#: 修了 14 个 is told once: a number that weeks are asked for has a name.
_JUST_DONE: Final = re.compile(r"[\u4e00-\u9fff]了\s*$")
_ROLLOUT: Final = re.compile(r"灰度|放量|切量|rollout|canary", re.IGNORECASE)
_MAX_PART: Final = 60
_BARE_DAY: Final = re.compile(r"(?:20\d\d[-/.年])?\d{1,2}(?:月\d{1,2}[日号]?|[/.-]\d{1,2})(?!\d)")
_ENDS: Final = re.compile(
    r"(?:交付|上线|提测|验收|评审|发布|投产|完成|到货|封板|试产|量产|开模|送样|截止|delivery|launch|"
    r"release|review|sign-?off|go-?live)$",
    re.IGNORECASE,
)
_LEADING: Final = frozenset("-—=.·…_→➜➔➝⇒")
_LEADERS: Final = re.compile(r"-{2,}|[.·…_]{3,}|…|[-—=]+>|[→➜➔➝⇒]")
_NUMBER: Final = re.compile(
    r"\s*(?:约|超过?|近|共|达到?|累计|已有?)?\s*[¥$￥]?\d[\d,.]*\s*(?!\s*(?:[月年日号/\-]|%))"
)
# 32/44个集合 says how much, 现 and 由 say when, 落后 how it stands: none is a part of the project.
_COUNT: Final = re.compile(
    r"^\d+\s*/\s*\d+\s*[个项条家台套]?[\u4e00-\u9fff]{0,6}$|"
    r"^(?:现|由|从|剩余|其余|正常|有风险|落后|已?延期|暂停|expected|estimated|planned|target)$"
)


# 联调进行60%, 音箱预计8月5日, 现延期至…: verbs and adverbs around a part do not belong to it.
_NO_NAME: Final = re.compile(
    r"^(?:正在|已经|目前|当前|预计|进行|开展)+|^[现原将已]$|\s*(?:——|--|—).*$|"
    r"(?:正在|已经?|目前|当前|现|预计|预期|预估|暂定|争取|力争|拟|将|需要?|应|实际|进行|开展|推进)+$|"
    r"(?:\s+(?:slips?|slipped|moved?|moves|pushed|delayed|now|is|are|was|will|planned|due|expected|"
    r"[a-z]{2,}ed|complete|done|at|by|from|to|for|on))+$|^(?:[a-z]{2,}ed|complete|done)$",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"(?:整体|总体|overall)", re.IGNORECASE)
_MERE_PROGRESS: Final = re.compile(
    r"(?:整体|总体|项目|总|综合|当前|目前|累计|已)*(?:进度|进展|完成度|完成率|完成比例|完成|达到?)?|"
    r"(?:overall|total)?\s*(?:progress|complete[d]?|completion|done)?",
    re.IGNORECASE,
)
_STEP: Final = re.compile(
    r"(?:需求|技术|方案|系统|概要|详细|接口|前端|后端|功能|业务|产品|架构|交互|视觉|用例|测试)*"
    r"(?:评审|设计|开发|编码|联调|测试|自测|压测|提测|验收|部署|调研|梳理|确认|编写)"
)
_JOINED: Final = re.compile(r"[&+、和与及/]")
_FINISHED: Final = re.compile(
    r"\s*(?:工作|均|都|已经?|全部|基本|初步)*(?:完成|完毕|结束|通过|上线|提交|done|finished|completed)了?\s*[，,；;。]",
    re.IGNORECASE,
)
_STARTED: Final = re.compile(r"开始|启动|开工|立项|start(?:ed|s)?|kick-?off", re.IGNORECASE)


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
        head = head or _phase(line)
        text = line.text
        part = next((name for _, name in reversed(path)), "")
        if head is not None:
            name = _name_of_part(head.name, people)
            path.append((line.depth, name))
            says_what = _BARE_DAY.match(head.rest) and _ENDS.search(head.name)  # MVP交付：8月10日
            # 累计商户数：523家 names its number, not a part of the project.
            is_measure = _NUMBER.match(head.rest) is not None
            if not says_what and (not is_measure or prose.read(head.rest, week=week).percents):
                part, text = name, head.rest
        _read(facts, line.number, text, part=part, week=week, is_first=False, people=people)
    return facts


def _parted(line: OutlineLine, people: frozenset[str]) -> Head | None:
    """基准测试日志 ——> 进度60%: an arrow or leaders part a name from its report."""
    has_leaders = not _LEADING.isdisjoint(line.plain) and _LEADERS.search(line.plain)
    return project_head(line, people=people) if has_leaders else None


# Parts come back from week to week.
@lru_cache(maxsize=4096)
def _name_of_part(name: str, people: frozenset[str]) -> str:
    return without_owner(_NO_NAME.sub("", name).strip(), people) or name


def _phase(line: OutlineLine) -> Head | None:
    """一期：80%"""
    match = PHASE.match(line.plain)
    rest = line.plain[match.end() :].lstrip() if match else ""
    return Head(match[0], rest[1:].strip()) if match and rest.startswith(("：", ":")) else None


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
    text = text.replace("**", "").replace("__", "")
    if "|" in text:
        text = _BARS.sub("；", text)
    mentions = prose.read(text, week=week)
    for percent in mentions.percents:
        own, label = _part_and_label(percent, text, people)
        if own in part or (part and _STEP.fullmatch(own)):
            own = ""  # SDK 清单梳理：32 个 SDK 已核查 24 个
        facts.progress.append(
            ProgressRead(label, percent.value, number, own or part, percent.before)
        )
    for mention in mentions.dates:
        own, label = _part_and_label(mention, text, people)
        kind = _kind(mention, mentions.percents)
        when = (mention.text, mention.date, mention.precision, kind, number)
        facts.dates.append(DateRead(*when, label, own or part, mention.before))
    for reading in mentions.readings:
        is_told_once = _JUST_DONE.search(text[: reading.start]) is not None
        is_told_once = is_told_once or is_change(text, reading)
        if not reading.is_target and reading.name and not is_told_once:
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
    if _STARTED.fullmatch(mention.label):
        return DateKind.START  # 开始时间：7月1日
    if _DONE_ON.match(mention.text):
        return DateKind.DONE
    is_done = [percent.value for percent in percents] == [_FULL]
    return DateKind.DONE if is_done and _ENDED.match(mention.text) else mention.kind


def _part_and_label(
    mention: Percent | DateMention, text: str, people: frozenset[str]
) -> tuple[str, str]:
    """Of which part of the project the number or date is, and what it says of it."""
    subject, label = mention.subject.strip(), mention.label
    is_whole = _WHOLE.match(label) is not None and f"{subject}{label}" not in text
    if not subject or is_whole:
        return "", label  # 材料准备完成，整体60%
    if label and _MERE_PROGRESS.fullmatch(label) is None:
        is_beside = f"{subject}{label}" in text
        if is_beside and is_generic(subject) and _part(subject, people) == "":
            return "", f"{subject}{label}"  # 技术方案评审80%
        is_step_before = any(map(_STEP.fullmatch, _JOINED.split(subject)))
        if not is_beside and (is_step_before or _is_over(subject, mention, text)):
            return "", label  # 需求评审完成，系统设计70%: the step before says nothing of this one
    return _part(subject, people), label


def _is_over(subject: str, mention: Percent | DateMention, text: str) -> bool:
    """Whether a clause before the mention says that its subject is done."""
    at = text.rfind(subject, 0, mention.start)
    return at >= 0 and _FINISHED.match(text, at + len(subject), mention.start) is not None


# Parts come back from week to week.
@lru_cache(maxsize=4096)
def _part(subject: str, people: frozenset[str]) -> str:
    subject = without_owner(subject.strip(), people)
    # One English word with a capital is as likely a thing (Backfill at 40%).
    is_thing = subject.isascii() and " " not in subject and subject not in people
    if subject and not is_thing and is_person_list(subject, people):
        return ""
    subject = _NO_NAME.sub("", _COUNT.sub("", subject)).strip()
    if PHASE.fullmatch(subject):
        return subject
    if not any(character.isalpha() for character in subject):
        return ""  # the column % Complete; 100%
    is_word = 1 < len(subject) <= _MAX_PART  # 已洗 9 万条 is of no part 洗
    return subject if is_word and not is_generic(subject) else ""

"""Lines that stand out, and those among them that are nothing but a week's label.

A long log is cut at such lines, and a page is dated by them, so the rule is strict: a heading that
merely mentions a day (「生产事件 06/18 12:03」, 「7.13 work items」, 「下周计划（6.24-6.28）」)
does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from projects.prose.fold import fold
from reports.importer.dating.labels import Days, Label, WeekNumber, scan

BOLD: Final = 7  # ranks below the six levels of Markdown headings
BARE: Final = 8
_LONGEST_LINE: Final = 120

_ROOM_FOR_NAMES: Final = 24  # 「支付组周报（6.17-6.21）」: what may stand beside a sure label
_ROOM_BESIDE_RANGE: Final = 4

_MARKS: Final = re.compile(r"(?P<hashes>#{1,6})(?!#)\s*(?P<text>.*?)[\s#]*")
_NO_HEADING: Final = re.compile(r"[-*+•]\s|\d{1,3}[.、)）]\s|\[|!\[|\||>|```|~~~|<")
_LINK: Final = re.compile(r"\[([^\]\[]*)\]\([^()]*\)")
_BOLD: Final = re.compile(r"(\*\*|__)(?P<text>.+)\1[:：]?")
_EMPHASIS: Final = re.compile(r"\*\*|__|`")

_REPORT: Final = re.compile(r"周(?![一二三四五六日天末])|week|report|工作汇报", re.IGNORECASE)
_OTHER_WEEK: Final = re.compile(
    r"下周|下一周|下星期|上周|计划|规划|安排|plan|next|last\b|\d[:：]\d\d", re.IGNORECASE
)
# 周报及下周计划: the plan is only named along.
_NAMED_ALONG: Final = re.compile(
    r"(?<=[报记结告])(?:及|和|与|、|&|\+|/)?\s*下(?:一?周|星期)(?:的|工作)?(?:计划|安排|规划)|"
    r"(?:and|&|\+)\s+(?:the\s+)?(?:next week(?:'s)?\s+)?plans?(?:\s+for next week)?\b",
    re.IGNORECASE,
)
_THIS_WEEK: Final = re.compile(r"[本上下][一个]?周")
_FILLER: Final = re.compile(
    r"周[报记会]|日报|项目|进[度展]|情况|一览|跟踪|表|[本这]?周(?:[一二三四五六日天](?![a-z]))?|星期[一二三四五六日天]|工作|汇报|报告|总结|小结"
    r"|(?:week(?:ly)?|daily|reports?|summary|updates?|notes?|status|of|the|from|commencing|ending)\b"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|年|[\W_]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StandingOut:
    """A line that can be a heading: its rank (1 to 6, BOLD, BARE) and its text without marks."""

    rank: int
    text: str


# Lines come back from week to week, and one line is asked for from several sides.
@lru_cache(maxsize=4096)
def standing_out(line: str) -> StandingOut | None:
    """``line`` as a heading; None for list items, tables, quotes, links and long lines."""
    line = line.strip().strip("\u200b\ufeff")
    if not line or len(line) > _LONGEST_LINE:
        return None
    if line[0] == "#" and (marked := _MARKS.fullmatch(line)):
        return StandingOut(len(marked["hashes"]), plain(marked["text"]))
    if _NO_HEADING.match(line):
        return None
    if bold := _BOLD.fullmatch(line):
        return StandingOut(BOLD, plain(bold["text"]))
    return StandingOut(BARE, plain(line))


def plain(text: str) -> str:
    """``text`` with links reduced to their words and without the marks of bold type."""
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    return _EMPHASIS.sub("", text).strip()


def week_labels(line: StandingOut) -> list[Label]:
    """The labels of a line that is essentially only a week's label; none for any other line."""
    labels = title_labels(line.text)
    if not labels:
        return []
    rest = _NAMED_ALONG.sub("", beside(line.text, labels))
    if _OTHER_WEEK.search(rest) or (line.rank == BARE and re.search(r"[。；;！!？?]", rest)):
        return []
    return labels if len(_FILLER.sub("", rest)) <= _room(line, rest, labels) else []


def title_labels(text: str) -> list[Label]:
    """All labels in a title; a bare 6.21 or 0621 only in a 周报 or where nothing else stands."""
    labels = scan(text)
    if not labels:
        return []
    if all(isinstance(label, Days) and label.is_faint for label in labels):
        rest = beside(text, labels)
        if labels[0].start == 0:  # 2.2 反洗钱报表：本周暂停
            rest = _THIS_WEEK.sub("", rest)
        return labels if _REPORT.search(rest) or not _FILLER.sub("", rest) else []
    return [label for label in labels if not (isinstance(label, Days) and label.is_faint)]


def beside(text: str, labels: list[Label]) -> str:
    """What is left of ``text``, folded, beside its labels."""
    rest, position = [], 0
    for label in labels:
        rest.append(text[position : label.start])
        position = label.end
    return fold(" ".join([*rest, text[position:]]))


def is_day(label: Label) -> bool:
    return isinstance(label, Days) and not label.is_range


def _room(line: StandingOut, rest: str, labels: list[Label]) -> int:
    if _REPORT.search(rest):
        return _ROOM_FOR_NAMES
    if all(is_day(label) for label in labels):
        return 0
    has_number = any(isinstance(label, WeekNumber) for label in labels)
    return _ROOM_FOR_NAMES if has_number and line.rank != BARE else _ROOM_BESIDE_RANGE

"""Lines with numbers and dates like those of progress, of which some were not taken. Pure.

What is not understood is said: a person who imports sees for each page how much of it was left, and
where. Plans and reflections are not looked at; neither are rates, changes and rollouts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from projects import prose
from projects.prose import DateKind, fold
from reports.importer.page import UnreadLine
from reports.importer.reading.headings import names_a_week
from reports.importer.reading.outline import OutlineLine

# Which characters it begins with is looked at first: without that each place tries all the words.
_NUMBER: Final = re.compile(
    r"(?=[\d一二三四五六七八九过ht])(?:(?<![\d.A-Za-z])\d{1,3}(?:\.\d+)?\s*%|"
    r"(?<![\d/.])\d{1,6}(?:,\d{3})*\s*/\s*\d{1,6}(?:,\d{3})*(?![\d/月日年])|"
    r"[一二三四五六七八九]成(?![本品果员功为立])|过半|三分之[一二]|"
    r"\b\d[\d,]* of (?:the )?\d[\d,]*\b|\bhalf\b|\btwo thirds\b)",
    re.IGNORECASE,
)
# Not how far something is: changes, shares, rollouts, prices, limits.
_OTHER_NUMBER: Final = re.compile(
    r"(?=[提上增下降减环同灰放切费利占率优折S目阈udbrscftab])"
    r"(?:提升|提高|上升|增长|增加|下降|降低|减少|环比|同比|灰度|放量|切量|费率|利率|占比|占|率|优惠|折扣|"
    r"SLA|目标|阈值|up|down|by|rate|share|rollout|canary|discount|fee|target|sla|above|below)"
    r"[^，,。；;\d]{0,8}$",
    re.IGNORECASE,
)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE: Final = re.compile(
    r"(?=[预计目截争力\ddeobunt])(?:(?:预计|计划|目标|截止|争取|力争|due|eta)[^，,。；;]{0,8}?\d{1,2}\s*[月/.-]\s*(?:\d{1,2}|[初底中上下])|"
    r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]?(?:之?前|上线|完成|提测|交付|发布|验收|投产)|"
    rf"(?:\b(?:on|by|until|before|now|to)\s+)(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}))",
    re.IGNORECASE,
)
# 6/18 is a day, but in 完成 6/18.
_DAY: Final = re.compile(r"(?:1[0-2]|0?[1-9])\s*/\s*(?:3[01]|[12]\d|0?[1-9])")
_COUNTED: Final = re.compile(
    r"(?:完成|通过|验收|done|passed|实验|用例)(?:了|率)?\s*$", re.IGNORECASE
)
# Only such lines are read once more.
_SUSPECT: Final = re.compile(
    r"[%/\d]\s*[%/月日号个项条张户家]|\d[-.]\d|周[一二三四五六日天]|[成半]|[月年季]底|[一二三四五六七八九十]月|"
    rf"\bQ[1-4]\b|\d of |{_MONTH}\s*\d|\d\s*{_MONTH}|\b(?:due|eta|half|third|percent)\b",
    re.IGNORECASE,
)
# What a line has that holds any of it.
_MAY_COUNT: Final = re.compile(
    r"[\d%％成半]|[一二三四五六七八九十年月季底]|half|third|percent|due|eta|q[1-4]", re.IGNORECASE
)
_SIGNS_OF_NUMBERS: Final = "%/成半分"
_SIGNS_OF_DATES: Final = "月/.-"
_LATIN: Final = re.compile("[A-Za-z]")
_LONGEST_BEFORE: Final = 24  # characters that say of what kind a number is
_SECTION: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}[.、]?\s+(?=\D)")  # ### 2.3 监管报送改造
_ADDRESS: Final = re.compile(r"https?://\S+|`[^`]*`")


@dataclass(slots=True)
class Taken:
    """How many numbers and dates were taken from each line, and the lines that count as read."""

    numbers: Counter[int] = field(default_factory=Counter)
    dates: Counter[int] = field(default_factory=Counter)
    whole: set[int] = field(default_factory=set)


def unread_lines(
    lines: Iterable[OutlineLine], taken: Taken, *, week: date
) -> tuple[UnreadLine, ...]:
    """The lines that hold more such numbers or dates than were taken from them."""
    return tuple(
        UnreadLine(line.number, line.raw.strip(), numbers, dates)
        for line in lines
        if not line.is_blank and line.number not in taken.whole
        if not line.is_code
        for numbers, dates in [_left(line, taken, week)]
        if (numbers or dates) and not names_a_week(line)
    )


def _left(line: OutlineLine, taken: Taken, week: date) -> tuple[int, int]:
    own = (taken.numbers.get(line.number, 0), taken.dates.get(line.number, 0))
    has_own = own != (0, 0)
    if not (has_own or _MAY_COUNT.search(line.raw)):
        return 0, 0
    if has_own and line.is_table_row:
        return 0, 0  # columns of last week or of the plan are left out on purpose
    if has_own and _holds_no_more_than(line.plain, *own):
        return 0, 0
    plain = _SECTION.sub("", line.plain) if line.level else line.plain
    text, numbers, dates, is_suspect = _signs_in(plain)
    is_taken = len(numbers) <= own[0] and len(dates) <= own[1]
    if is_taken and (has_own or not is_suspect):
        return 0, 0
    mentions = prose.read(text, week=week)
    stretches = [(percent.start, percent.end) for percent in mentions.percents]
    stretches += [(reading.start, reading.end) for reading in mentions.readings]
    read_dates = [(m.start, m.end) for m in mentions.dates]
    left_numbers = sum(not _is_within(match, [*stretches, *read_dates]) for match in numbers)
    left_dates = sum(not _is_within(match, read_dates) for match in dates)
    if not own[0]:
        left_numbers += len(mentions.percents)
    if not own[1]:
        left_dates += sum(mention.kind != DateKind.START for mention in mentions.dates)
    return left_numbers, left_dates


type _Matches = tuple[re.Match[str], ...]


# Lines come back from week to week.
@lru_cache(maxsize=4096)
def _signs_in(plain: str) -> tuple[str, _Matches, _Matches, bool]:
    """A line without addresses, its numbers, its dates, and whether to read it in any case."""
    text = _without_addresses(plain)
    folded = fold(text)
    is_suspect = _SUSPECT.search(folded) is not None
    return text, tuple(_numbers(folded)), tuple(_DATE.finditer(folded)), is_suspect


def _without_addresses(text: str) -> str:
    if "`" in text or "://" in text:
        return _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    return text


# One line is asked for once a page, but pages repeat their lines.
@lru_cache(maxsize=4096)
def _holds_no_more_than(plain: str, numbers: int, dates: int) -> bool:
    """Whether a line in Chinese is sure to hold no more of them; ``False`` is not sure.

    Each number and each date has one sign of its own, and the signs are counted quickly.
    """
    folded = fold(_without_addresses(plain))
    return (
        sum(map(folded.count, _SIGNS_OF_NUMBERS)) <= numbers
        and sum(map(folded.count, _SIGNS_OF_DATES)) <= dates
        and _LATIN.search(folded) is None
    )


def _numbers(folded: str) -> Iterator[re.Match[str]]:
    for match in _NUMBER.finditer(folded):
        before = folded[max(0, match.start() - _LONGEST_BEFORE) : match.start()]
        if _OTHER_NUMBER.search(before):
            continue
        if not _DAY.fullmatch(match[0]) or _COUNTED.search(before):
            yield match


def _is_within(match: re.Match[str], stretches: Sequence[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in stretches)

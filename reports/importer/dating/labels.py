"""Week labels as people write them: 2024-w26, 第16周, 6.17-6.21, WEEK 5: October 7-13, 2025.

``scan`` finds everything in a short text (a title, a heading, a file name) that can say a week;
``resolve`` turns one find into a Monday. Three kinds of label exist, because each leaves something
else open: a week number needs the team's numbering, a week of a month needs a rule, and days may
lack their year.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from projects import weeks
from projects.prose.fold import fold
from projects.weeks import Numbering

LONGEST_RANGE: Final = 16  # days; what is longer names a month or a quarter, not a week
_LONGEST_DATE: Final = 40  # signs: 30th September, 2024 with room for spaces
_DAY: Final = timedelta(days=1)
_YEARS_BACK: Final = 6  # within them each weekday comes back


@dataclass(frozen=True, slots=True)
class WeekNumber:
    """2024-W25, 第16周: the number of a week in a year."""

    start: int
    end: int
    text: str
    year: int | None
    number: int

    def monday(self, numbering: Numbering, year: int) -> date:
        return weeks.monday_of_number(year, self.number, numbering)


@dataclass(frozen=True, slots=True)
class WeekOfMonth:
    """2022年4月第2周: the number of a week in a month.

    A week belongs to the month that holds most of its working days, that is its Wednesday (the
    rule of ISO 8601 for years, applied to months), so 2022年4月第1周 starts on 2022-04-04.
    """

    start: int
    end: int
    text: str
    year: int | None
    month: int
    number: int

    def monday(self, _: Numbering, year: int) -> date:
        wednesday = date(year, self.month, 1)
        wednesday += _DAY * ((2 - wednesday.weekday()) % 7) + weeks.WEEK * (self.number - 1)
        if wednesday.month != self.month:
            raise ValueError(f"{year}-{self.month} has no week {self.number}")
        return weeks.monday_of(wednesday)


@dataclass(frozen=True, slots=True)
class Days:
    """6月17日, 6.17-6.21: a day or a range of days; ``first`` and ``last`` are (month, day)."""

    start: int
    end: int
    text: str
    year: int | None  # of the first day
    first: tuple[int, int]
    last: tuple[int, int]
    is_faint: bool = False  # 6.21, 0621: a day only where the words around it say so
    weekday: int | None = None  # of the first day, where it is written beside it

    @property
    def is_range(self) -> bool:
        return self.first != self.last

    def monday(self, _: Numbering, year: int) -> date:
        """The week that holds most working days of the range, the later one of two equal weeks.

        So a range that starts on a Sunday or runs over into the next Monday (05.14~05.22) is
        the week between, and a report from Friday to Thursday is the week of its Thursday.
        """
        first, last = self.days(year)
        days = [first + _DAY * n for n in range((last - first).days + 1)]
        working = Counter(weeks.monday_of(day) for day in days if day.weekday() < 5)
        if not working:
            return weeks.monday_of(first)
        return max(working, key=lambda monday: (working[monday], monday))

    def days(self, year: int) -> tuple[date, date]:
        """First and last day when the first is in ``year``; ``ValueError`` where there is none."""
        first = date(year, *self.first)
        last = date(year + (self.last < self.first), *self.last)
        if (last - first).days >= LONGEST_RANGE:
            raise ValueError(f"{self.text} is longer than a week")
        return first, last


type Label = WeekNumber | WeekOfMonth | Days


def decisive(labels: Sequence[Label]) -> Label:
    """The label that decides: a range of days before a day, a day before a number."""
    return max(labels, key=weight)


def weight(label: Label) -> int:
    """How much a label counts beside others, 1 (a faint day) to 4 (a range of days)."""
    if isinstance(label, Days):
        return 1 if label.is_faint else 4 if label.is_range else 3
    return 2


def resolve(label: Label, numbering: Numbering, *, near: date, year: int | None = None) -> date:
    """The Monday that ``label`` means: in its own year, else ``year``, else nearest to ``near``.

    9/22（周一） is of the nearest year in which that day is a Monday. Raises ``ValueError`` where
    the calendar has no such week.
    """
    if (known_year := label.year or year) is not None:
        return label.monday(numbering, known_year)
    mondays = []
    for guess in _likely_years(label, near):
        try:
            mondays.append(label.monday(numbering, guess))
        except ValueError:  # February 29th, week 53
            continue
    if not mondays:
        raise ValueError(f"no year near {near.year} has {label.text}")
    return min(mondays, key=lambda monday: abs(monday - near))


def _likely_years(label: Label, near: date) -> list[int]:
    """The years around ``near``; where a weekday is written, those that it fits."""
    years = [near.year - 1, near.year, near.year + 1]
    if not isinstance(label, Days) or label.weekday is None or label.first == (2, 29):
        return years
    wide = range(near.year - _YEARS_BACK, near.year + 2)
    month, day = label.first
    return [year for year in wide if calendar.weekday(year, month, day) == label.weekday] or years


_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH_NAME: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_Y: Final = r"(?:19|20)\d\d"
_YY: Final = r"(?:1[5-9]|[23]\d)"  # no month, so 24.6.17 can be nothing else
_M: Final = r"(?:1[0-2]|0?[1-9])"
_D: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_TH: Final = r"(?:st|nd|rd|th)?"
_WEEKDAY: Final = (
    r"(?:\s?,?\s?\(?"
    r"(?:(?:周|星期)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\)?,?)?"
)
_WEEKDAY_BEHIND: Final = re.compile(
    r"\s?,?\s?\(?(?:(?:周|星期)(?P<sign>[一二三四五六日天])(?!报)|"
    r"(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]*)",
    re.IGNORECASE,
)
_TO: Final = re.compile(
    rf"{_WEEKDAY}\s?(?:-{{1,2}}|~|至|到|to\b|through\b){_WEEKDAY}\s?", re.IGNORECASE
)

_NUMERAL: Final = r"(?:\d{1,2}|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_W: Final = r"(?:week|wk|[ck]?w)[-_ .#]?"
_WEEK: Final = re.compile(
    rf"""
    (?=[\d第wck])(?:
      (?:(?<!\d)(?P<month_year>{_Y}|{_YY}(?=年))\s?[年\-/._]\s?)?(?<!\d)(?P<month>{_M})\s?(?:月份?\s?|(?<=20\d\d.\d\d)\s?(?=第))
        (?:第\s?(?P<nth>[1-6一二三四五六])\s?个?\s?周|(?P<nth2>[1-6])周(?![报一二三四五六日天末]))
    | (?<!\d)(?P<year>{_Y}|{_YY}(?=年)|{_YY}(?=w\d\d))\s?(?:年度?)?\s?[-_/.]?\s?
        (?:{_W}(?P<number>\d{{1,2}})(?![\da-z])|第?\s?(?P<number2>{_NUMERAL})\s?周(?![年期岁]))
    | (?:(?<![a-z]){_W}(?P<number3>\d{{1,2}})(?![\da-z])
        | 第\s?(?P<number4>{_NUMERAL})\s?周(?![年期岁]))
        (?:[\s,/_(-]{{0,3}}(?:of\s)?(?P<year_after>{_Y})(?![\d./-]|年\s?\d|_\d))?
    | (?<![\d月.])(?P<number5>\d{{1,2}})周(?=周?报)
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATE: Final = re.compile(
    rf"""
    (?=[\djfmasond])(?:
      (?<![\dv.])(?P<y1>{_Y}|{_YY}(?=[./年-]\s?{_M}[./月-]))\s?(?P<mark>年|[-/._])\s?(?P<m1>{_M})\s?
        (?:月|(?P=mark))\s?(?P<d1>{_D})(?!\d)(?:\s?[日号])?
    | (?<!\d)(?P<y2>{_Y})(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?!\d)
    | (?<!\d)(?P<m3>{_M})\s?月\s?(?P<d3>{_D})(?!\d)(?:\s?[日号])?
    | (?<![\d/.])(?P<a4>{_D})(?P<slash>[/.])(?P<b4>{_D})(?P=slash)(?P<y4>{_Y})(?!\d)
    | (?<![a-z])(?P<n5>{_MONTH_NAME})\s?(?P<d5>{_D}){_TH}(?![\d:])(?:,?\s?(?P<y5>{_Y})(?!\d))?
    | (?<![\d.])(?P<d6>{_D}){_TH}(?:\s?-\s?(?P<to6>{_D}){_TH})?\s(?P<n6>{_MONTH_NAME})(?![a-z])
        (?:,?\s?(?P<y6>{_Y})(?!\d))?
    | (?<![\d.v/-])(?P<m7>{_M})[./](?P<d7>{_D})(?![\d%]|[./]\d|版)
    | (?<![\d.v/-])(?P<m8>{_M})-(?P<d8>{_D})(?![\d%]|[./-]\d)
    | (?<![\d.a-z])(?P<m9>0[1-9]|1[0-2])(?P<d9>0[1-9]|[12]\d|3[01])(?![\d%.:a-z])
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: What every label holds.
_MAY_BE_LABELLED: Final = re.compile(r"[\d周]")
_LONGEST_LINE: Final = 300
_LAST_DAY: Final = re.compile(
    rf"(?P<day>{_D}){_TH}(?![\d.:/%])(?:\s?[日号])?(?:,?\s(?P<year>{_Y})(?!\d))?", re.IGNORECASE
)
_YEAR: Final = re.compile(rf"(?<!\d){_Y}(?!\d)")
_NUMERALS: Final = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)}


def scan(text: str) -> list[Label]:
    """All labels in ``text`` in the order of the text; meant for short texts of one line."""
    return [*(_scanned_again(text) if len(text) <= _LONGEST_LINE else _scanned(text))]


def _scanned(text: str) -> tuple[Label, ...]:
    folded = fold(text)
    if not _MAY_BE_LABELLED.search(folded):
        return ()
    labels: list[Label] = []
    for match in _WEEK.finditer(folded):
        if label := _week_label(match, text):
            labels.append(label)
            blank = " " * (match.end() - match.start())
            folded = folded[: match.start()] + blank + folded[match.end() :]
    labels.extend(_days(folded, text))
    return tuple(sorted(labels, key=lambda label: label.start))


# A heading is asked for the cuts of a log, the week of its page and the page's sections.
_scanned_again: Final = lru_cache(maxsize=1024)(_scanned)


def years_in(text: str) -> set[int]:
    """The years that ``text`` names in full (2024, 2024年), alone or within a label."""
    folded = fold(text)
    years = {int(year) for year in _YEAR.findall(folded)}
    return years | {label.year for label in scan(text) if label.year is not None}


def _week_label(match: re.Match[str], text: str) -> Label | None:
    start, end = match.span()
    if match["month"]:
        number = _numeral(match["nth"] or match["nth2"])
        year = _full_year(match["month_year"])
        return WeekOfMonth(start, end, text[start:end], year, int(match["month"]), number)
    groups = ("number", "number2", "number3", "number4", "number5")
    number = _numeral(next(match[name] for name in groups if match[name]))
    year = _full_year(match["year"] or match["year_after"])
    return WeekNumber(start, end, text[start:end], year, number) if 1 <= number <= 53 else None


def _numeral(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def _full_year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


@dataclass(frozen=True, slots=True)
class _Date:
    """One date as read: the year where it is named, and whether it can only be a date."""

    end: int
    year: int | None
    day: tuple[int, int]
    is_faint: bool = False
    last: tuple[int, int] | None = None  # 17-21 June: the end comes before the month


def _days(folded: str, text: str) -> Iterator[Days]:
    position = 0
    while match := _DATE.search(folded, position):
        position = match.end()
        first = _date(match)
        if first is None:
            continue
        label = _range(folded, text, match.start(), first) or Days(
            match.start(),
            first.end,
            text[match.start() : first.end],
            first.year,
            first.day,
            first.last or first.day,
            first.is_faint,
            _weekday(folded, first.end),
        )
        position = label.end
        if _exists(label):
            yield label


def _range(folded: str, text: str, start: int, first: _Date) -> Days | None:
    """The range that begins with ``first``, if a dash and a day follow it."""
    to = _TO.match(folded, first.end)
    if to is None or first.last is not None:
        return None
    rest = folded[to.end() : to.end() + _LONGEST_DATE]  # cut, so that no rule sees the dash
    last: _Date | None = None
    if match := _DATE.match(rest):
        last = _date(match)
    elif (match := _LAST_DAY.match(rest)) and int(match["day"]) > first.day[1]:
        last = _Date(match.end(), _full_year(match["year"]), (first.day[0], int(match["day"])))
    if last is None:
        return None
    year, end = first.year, to.end() + last.end
    if year is None and last.year is not None:
        year = last.year - (last.day < first.day)
    weekday = _weekday(folded, first.end)
    return Days(start, end, text[start:end], year, first.day, last.day, weekday=weekday)


def _weekday(folded: str, end: int) -> int | None:
    """The weekday that is written behind a day: 9/22（周一）."""
    match = _WEEKDAY_BEHIND.match(folded, end)
    if match is None:
        return None
    if match["sign"]:
        return min("一二三四五六日天".index(match["sign"]), 6)
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(match["name"].lower())


def _exists(label: Days) -> bool:
    """Whether the calendar has these days, and not more of them than a week can have."""
    try:
        label.days(label.year if label.year is not None else 2024)  # 2024 has a February 29th
    except ValueError:
        return False
    return True


def _date(match: re.Match[str]) -> _Date | None:
    read = _READERS[match.lastgroup or ""]
    return read(match)


type _Reader = Callable[[re.Match[str]], _Date | None]


def _numbered(year: str, month: str, day: str, *, is_faint: bool = False) -> _Reader:
    def read(match: re.Match[str]) -> _Date:
        own_year = _full_year(match[year]) if year else None
        return _Date(match.end(), own_year, (int(match[month]), int(match[day])), is_faint)

    return read


def _slashed(match: re.Match[str]) -> _Date | None:
    """6/17/2024, or 17/6/2024 where only that can be meant; 17.6.2024 is always the day first."""
    month, day = int(match["a4"]), int(match["b4"])
    if month > 12 or (match["slash"] == "." and day <= 12):
        month, day = day, month
    return _Date(match.end(), int(match["y4"]), (month, day)) if month <= 12 else None


def _named(month: str, day: str, year: str, to: str = "") -> _Reader:
    def read(match: re.Match[str]) -> _Date:
        number = _MONTHS.index(match[month][:3].lower()) // 3 + 1
        last = (number, int(match[to])) if to and match[to] else None
        own_year = _full_year(match[year])
        return _Date(match.end(), own_year, (number, int(match[day])), last=last)

    return read


# By the last group of each alternative of _DATE.
_READERS: Final[dict[str, _Reader]] = {
    "d1": _numbered("y1", "m1", "d1"),
    "d2": _numbered("y2", "m2", "d2"),
    "d3": _numbered("", "m3", "d3"),
    "y4": _slashed,
    "d5": _named("n5", "d5", "y5"),
    "y5": _named("n5", "d5", "y5"),
    "n6": _named("n6", "d6", "y6", "to6"),
    "y6": _named("n6", "d6", "y6", "to6"),
    "d7": _numbered("", "m7", "d7", is_faint=True),
    "d8": _numbered("", "m8", "d8", is_faint=True),
    "d9": _numbered("", "m9", "d9", is_faint=True),
}

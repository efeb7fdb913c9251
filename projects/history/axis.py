"""A time axis for a chart: where a day stands, which days get a label, which labels fit. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from projects.text.wording import date_text
from projects.weeks import WEEK, monday_of

type Anchor = Literal["start", "middle", "end"]

_GAP: Final = 8.0  # at least, between two labels
_WEEKS: Final = (1, 2, 4)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Days from ``first`` to ``last``, drawn from ``left`` to ``right``."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Where the day stands; what lies beyond an end is drawn at that end."""
        share = (day - self.first) / (self.last - self.first)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def day_width(self) -> float:
        return (self.right - self.left) / (self.last - self.first).days


@dataclass(frozen=True, slots=True)
class Tick:
    day: date
    text: str  # empty where only the year changes
    year: str = ""  # said at the first tick and at each that opens a year


def ticks(axis: TimeAxis, size: float) -> list[Tick]:
    """The closest round days whose labels do not touch: Mondays, else firsts of months."""
    room = width_of(date_text(date(2024, 12, 30), "day", date(2024, 1, 1)), size) + _GAP
    for weeks in _WEEKS:
        if weeks * 7 * axis.day_width >= room:
            return _with_years(list(_mondays(axis, weeks)), "day")
    room = width_of(date_text(date(2024, 12, 1), "month", date(2024, 1, 1)), size) + _GAP
    for months in _MONTHS:
        if months * 30 * axis.day_width >= room:
            break
    days = list(_firsts(axis, months))
    if months >= 12:
        return [Tick(day, str(day.year)) for day in days]
    return _with_years(days, "month")


def _with_years(days: list[date], precision: str) -> list[Tick]:
    made, year = [], 0
    for day in days:
        new = str(day.year) if day.year != year else ""
        made.append(Tick(day, date_text(day, precision, day), new))
        year = day.year
    return made


def _mondays(axis: TimeAxis, weeks: int) -> Iterator[date]:
    day = monday_of(axis.first + timedelta(days=6))
    while day <= axis.last:
        yield day
        day += weeks * WEEK


def _firsts(axis: TimeAxis, months: int) -> Iterator[date]:
    """First days of months, counted so that January is among them (of years: the even ones)."""
    month = axis.first.year * 12 + axis.first.month - 1
    if axis.first.day > 1:
        month += 1
    month += -month % months
    while (day := date(month // 12, month % 12 + 1, 1)) <= axis.last:
        yield day
        month += months


def width_of(text: str, size: float) -> float:
    """About how wide a text is set, on the safe side: a Chinese sign is as wide as it is high."""
    return size * sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.62 for sign in text)


@dataclass(slots=True)
class LabelRow:
    """Labels side by side on one line from ``left`` to ``right``, none of which touch."""

    left: float
    right: float
    size: float
    taken: list[tuple[float, float]] = field(default_factory=list)

    def place(self, x: float, text: str, *anchors: Anchor) -> Anchor | None:
        """The first of the anchors with which the label fits at ``x``; ``None`` where none does.

        Without anchors: centred, else to the right of it, else to the left.
        """
        width = width_of(text, self.size)
        for anchor in anchors or ("middle", "start", "end"):
            begin = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            end = begin + width
            if self.left <= begin and end <= self.right and self._is_free(begin, end):
                self.taken.append((begin, end))
                return anchor
        return None

    def _is_free(self, begin: float, end: float) -> bool:
        return all(end + _GAP <= left or right + _GAP <= begin for left, right in self.taken)

"""A week, its label in either numbering, its dates. Pure.

A week is identified by the date of its Monday, everywhere; the label is only shown.
Two numberings are in use: ISO 8601 (week 1 holds January 4th) and ``calendar`` (week 1 holds
January 1st), which the old pages use: 2023-04-14 is week 16 there and ISO week 15.
Both start weeks on Monday, so a label is never more than one week away from the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, Protocol

type Numbering = Literal["iso", "calendar"]

WEEK: Final = timedelta(days=7)
_LABEL: Final = re.compile(r"(?P<year>\d{4})[-\s]?W(?P<number>\d{1,2})", re.IGNORECASE)


def monday_of(day: date) -> date:
    """The Monday of the week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def is_monday(day: date) -> bool:
    return day.weekday() == 0


def last_day(monday: date) -> date:
    """The Sunday of the week."""
    return monday + timedelta(days=6)


def friday(monday: date) -> date:
    return monday + timedelta(days=4)


def judged_on(monday: date, today: date) -> date:
    """The day on which a week's page is judged (what is past due): today, at most its Friday.

    So a past week's page says the same whenever it is compiled again.
    """
    return min(today, friday(monday))


# --- a week and its cycle ---------------------------------------------------------------------


class Span(Protocol):
    """A cycle, or whatever else runs from one day to another. Those of a team never overlap."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


def cycle_of[S: Span](week: date, cycles: Iterable[S]) -> S | None:
    """The cycle that the week belongs to: the one that holds its Monday.

    So the last days of a cycle are reported in it, whatever day it ends on. Where no cycle holds
    the Monday, it is the first that begins in the week: its first days are not lost either.
    ``CycleQuerySet.of_week`` says the same to the database.
    """
    in_week = (c for c in cycles if c.starts_on <= last_day(week) and week <= c.ends_on)
    return min(in_week, key=lambda cycle: cycle.starts_on, default=None)


def last_week_of(cycle: Span) -> date:
    """The week of the cycle's last day.

    A cycle that begins and ends within a week of another one has no week of its own; this one
    stands for it.
    """
    return monday_of(cycle.ends_on)


def first_week_of[S: Span](cycle: S, cycles: Iterable[S]) -> date:
    """The first week that belongs to the cycle; ``cycles`` are those of its team."""
    week = monday_of(cycle.starts_on)
    earlier = (other for other in cycles if other.starts_on < cycle.starts_on)
    return week if cycle_of(week, earlier) is None else week + WEEK


# --- labels -----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def year_and_number(monday: date, numbering: Numbering = "iso") -> tuple[int, int]:
    """The year a week is counted in and its number there (2024-12-30 is ISO 2025, 1)."""
    if numbering == "iso":
        year, number, _ = monday.isocalendar()
        return year, number
    year = last_day(monday).year
    return year, (monday - monday_of(date(year, 1, 1))).days // 7 + 1


def monday_of_number(year: int, number: int, numbering: Numbering = "iso") -> date:
    """The Monday of the numbered week; ``ValueError`` where that year has no such week."""
    if numbering == "iso":
        return date.fromisocalendar(year, number, 1)
    try:
        monday = monday_of(date(year, 1, 1)) + WEEK * (number - 1)
    except OverflowError as error:
        raise ValueError(f"{year} has no week {number}") from error
    if year_and_number(monday, numbering) != (year, number):
        raise ValueError(f"{year} has no week {number}")
    return monday


def label(monday: date, numbering: Numbering = "iso") -> str:
    """``2024-W25``, as it stands in addresses and titles."""
    year, number = year_and_number(monday, numbering)
    return f"{year:04d}-W{number:02d}"


def parse(text: str, numbering: Numbering = "iso") -> date:
    """The Monday that ``text`` means: a label (2024-W25) or any date in the week (2024-06-20).

    Raises ``ValueError`` for anything else, and for a week that goes beyond the year 9999.
    """
    text = text.strip()
    try:
        if match := _LABEL.fullmatch(text):
            monday = monday_of_number(int(match["year"]), int(match["number"]), numbering)
        else:
            monday = monday_of(date.fromisoformat(text))
        last_day(monday)
    except OverflowError as error:
        raise ValueError(f"{text} is beyond the calendar") from error
    return monday

"""Quarters of the Chinese calendar as the State Council announced them, and their weeks.

Written by hand, and counted another way than the product does, so that both can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
SEVEN_DAYS: Final = timedelta(days=7)
HOUR: Final = timedelta(hours=1)


def days(*written: str) -> frozenset[date]:
    """``2025-10-01..08`` is eight days."""
    result = set()
    for text in written:
        first, _, last = text.partition("..")
        begin = date.fromisoformat(first)
        end = begin.replace(day=int(last)) if last else begin
        result |= {begin + n * DAY for n in range((end - begin).days + 1)}
    return frozenset(result)


@dataclass(frozen=True)
class Quarter:
    """Some weeks from a Monday on. A cycle ends in the midst of one of them."""

    first: date
    cycle_ends: date
    free: frozenset[date]  # public holidays
    worked: frozenset[date]  # Saturdays and Sundays that are worked instead

    def is_worked(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.free)

    def working_days(self, week: date) -> list[date]:
        return [day for n in range(7) if self.is_worked(day := week + n * DAY)]

    def cutoff(self, week: date) -> datetime | None:
        """None for a week without a working day."""
        worked = self.working_days(week)
        return moment(worked[-1], 16) if worked else None

    def digest(self, week: date) -> datetime | None:
        cutoff = self.cutoff(week)
        return cutoff and cutoff + 2 * HOUR

    def mornings(self, week: date) -> list[datetime]:
        """When leads are reminded: on the last two working days of the week."""
        return [moment(day, 10) for day in self.working_days(week)[-2:]]

    def first_week_after(self, day: date) -> date:
        """The first that begins after the day."""
        return day + (7 - day.weekday()) * DAY

    def weeks(self, count: int) -> Iterator[date]:
        return (self.first + n * SEVEN_DAYS for n in range(count))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def week_of(at: datetime) -> date:
    day = at.astimezone(SHANGHAI).date()
    return day - day.weekday() * DAY


def label(week: date, numbering: str) -> str:
    """2023-W25. By ISO, or counted by the Mondays of the year that its Sunday lies in."""
    if numbering == "iso":
        return week.strftime("%G-W%V")
    sunday = week + 6 * DAY
    first = date(sunday.year, 1, 1)
    number = int(sunday.strftime("%W")) + (0 if first.weekday() == 0 else 1)
    return f"{sunday.year}-W{number:02}"


QUARTERS: Final = (
    # The October holiday takes a week, and a Sunday and a Saturday are worked for it.
    Quarter(
        first=date(2025, 9, 15),
        cycle_ends=date(2025, 9, 30),
        free=days("2025-10-01..08", "2026-01-01..03"),
        worked=days("2025-09-28", "2025-10-11", "2026-01-04"),
    ),
    # Both numberings differ in this year; three days are made up for.
    Quarter(
        first=date(2023, 4, 3),
        cycle_ends=date(2023, 5, 10),
        free=days("2023-04-05", "2023-04-29..30", "2023-05-01..03", "2023-06-22..24"),
        worked=days("2023-04-23", "2023-05-06", "2023-06-25"),
    ),
    # The week from the 16th of February has no working day at all.
    Quarter(
        first=date(2026, 1, 5),
        cycle_ends=date(2026, 2, 25),
        free=days("2026-01-01..03", "2026-02-15..23", "2026-04-04..06"),
        worked=days("2026-01-04", "2026-02-14", "2026-02-28"),
    ),
)

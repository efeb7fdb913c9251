"""Working days, and a team's wall clock times as moments. Pure.

China moves days about: a holiday takes weekdays off, and Saturdays or Sundays are worked instead
(make-up days, 调休). The State Council announces the plan of a year in the autumn before it; the
package ``chinesecalendar`` carries the announced ones since 2004. Of a year without an announced
plan only the days that the law fixes are known (New Year, Spring Festival, Qingming, Labour Day,
Dragon Boat, Mid-Autumn, National Day; the package ``holidays`` computes the lunar ones): they are
free, all other weekdays are worked, and ``is_announced`` says so. A team's own exceptions override
both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import chinese_calendar

type DaysOff = Literal["china", "weekdays"]

_DAY: Final = timedelta(days=1)
# Month and day. Of 2019 to 2026 the plans came out between 21 October and 8 December.
_ANNOUNCED_BY: Final = (11, 20)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A team's working days: those of its kind, overridden by its exceptions (true: worked)."""

    kind: DaysOff = "china"
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if (exception := self.exceptions.get(day)) is not None:
            return exception
        if self.kind == "weekdays":
            return day.weekday() < 5
        planned = _planned_in_china(day)
        return _is_worked_by_law(day) if planned is None else planned

    def last_of(self, week: date) -> date | None:
        """The last working day of the week, be it a make-up Sunday; ``None`` if it has none."""
        days = (week + number * _DAY for number in reversed(range(7)))
        return next((day for day in days if self.is_working(day)), None)

    def before(self, day: date) -> date:
        """The nearest working day before ``day``; ``day`` itself need not be one."""
        earlier = day - _DAY
        while not self.is_working(earlier):
            earlier -= _DAY
        return earlier

    def is_announced(self, year: int) -> bool:
        """Whether the year's holiday plan is known; plain weekdays need none."""
        return self.kind == "weekdays" or _planned_in_china(date(year, 1, 1)) is not None

    def missing_plan(self, today: date) -> int | None:
        """The year whose plan should be known by today and is not; ``None`` when all is known.

        That is the present year, and the coming one from late November on. A team that has entered
        days of that year itself misses nothing.
        """
        years = [today.year]
        if (today.month, today.day) >= _ANNOUNCED_BY:
            years.append(today.year + 1)
        own_years = {day.year for day in self.exceptions}
        missing = (y for y in years if not self.is_announced(y) and y not in own_years)
        return next(missing, None)


@lru_cache(maxsize=4096)
def _planned_in_china(day: date) -> bool | None:
    """Whether that day is worked by the announced plan; ``None`` without a plan."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _is_worked_by_law(day: date) -> bool:
    return day.weekday() < 5 and day not in days_by_law(day.year)


@lru_cache(maxsize=64)
def days_by_law(year: int, language: str = "zh_CN") -> Mapping[date, str]:
    """The days of that year that the law makes holidays, in order, each with its name.

    ``language`` is one of the package ``holidays``: zh_CN or en_US. How weekends and working days
    are moved about them is in the year's plan alone.
    """
    # Imported when it is needed: it brings the calendars of 200 countries along.
    from holidays.countries.china import China

    days = China(years=year, observed=False, language=language)  # type: ignore[no-untyped-call]
    return {day: days[day] for day in sorted(days)}


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in the zone show that time on that day.

    On days when clocks change (PEP 495, fold 0): of a time that comes twice, the first is meant; a
    time that is skipped is read with the offset before the change (02:30 in New York in March
    means 03:30).
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)

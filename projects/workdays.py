"""Working days, and a team's wall clock times as moments. Pure.

China moves days about: a holiday takes weekdays off, and Saturdays or Sundays are worked instead
(make-up days, 调休). The State Council announces the plan of a year in the autumn before it; the
package ``chinesecalendar`` carries the announced ones since 2004. A year without an announced plan
is taken as plain weekdays, and ``is_announced`` says so. A team's own exceptions override both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import chinese_calendar

type Kind = Literal["china", "weekdays"]

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A team's working days: those of its kind, overridden by its exceptions (true: worked)."""

    kind: Kind = "china"
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if (exception := self.exceptions.get(day)) is not None:
            return exception
        planned = _planned_in_china(day) if self.kind == "china" else None
        return day.weekday() < 5 if planned is None else planned

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


@lru_cache(maxsize=4096)
def _planned_in_china(day: date) -> bool | None:
    """Whether that day is worked by the announced plan; ``None`` without a plan."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in the zone show that time on that day.

    On days when clocks change (PEP 495, fold 0): of a time that comes twice, the first is meant; a
    time that is skipped is read with the offset before the change (02:30 in New York in March
    means 03:30).
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)

"""When things happen in the demo team: on its working days, and never later than now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from projects import weeks
from projects.models import Team
from projects.weeks import WEEK
from projects.workdays import WorkCalendar
from reports.demo.story import WEEKS

_MORNING: Final = 9 * 60  # minutes after midnight
_HOURS: Final = 7 * 60  # from then to the usual cutoff


@dataclass(frozen=True)
class DemoClock:
    """The team's weeks, counted back from the present one (``ago`` 0), and its working hours.

    A week without a working day, such as that of Spring Festival, is passed over: nobody works,
    and nothing is reported or published.
    """

    team: Team
    now: datetime
    calendar: WorkCalendar

    @cached_property
    def present(self) -> date:
        return weeks.monday_of(self.today)

    @cached_property
    def today(self) -> date:
        return self.team.local(self.now).date()

    @cached_property
    def _mondays(self) -> tuple[date, ...]:
        return tuple(self._worked_weeks())

    def _worked_weeks(self) -> Iterator[date]:
        week, left = self.present, WEEKS
        while left:
            if left == WEEKS or self.calendar.last_of(week) is not None:
                yield week
                left -= 1
            week -= WEEK

    def week(self, ago: int) -> date:
        """The Monday of that week; of one before the team's start, too."""
        if ago < WEEKS:
            return self._mondays[ago]
        return self._mondays[-1] - (ago - WEEKS + 1) * WEEK

    def ago(self, week: date) -> int:
        """The opposite of ``week``, of the weeks since the team's start."""
        return self._mondays.index(week)

    def at(self, ago: int, share: float) -> datetime:
        """When so much of the week's working hours has passed: 0 is its first morning, 1 the
        cutoff; a little more is the evening after it.
        """
        days = self.working_days(ago)
        place = min(int(share * len(days)), len(days) - 1)
        minutes = _MORNING + (share * len(days) - place) * _HOURS
        return self.moment(days[place], minutes)

    def working_days(self, ago: int) -> Sequence[date]:
        """Those of the week, in order; its Sunday where it has none, so that little happens."""
        week = self.week(ago)
        days = [week + timedelta(days=number) for number in range(7)]
        return [day for day in days if self.calendar.is_working(day)] or days[-1:]

    def moment(self, day: date, minutes: float) -> datetime:
        """So many minutes after midnight of that day, in the team's zone."""
        midnight = datetime.combine(day, time(), self.team.zone)
        return midnight + timedelta(minutes=int(minutes))

    def has_come(self, moment: datetime) -> bool:
        return moment <= self.now

    def so_far[Item](self, items: Sequence[Item]) -> Sequence[Item]:
        """Those of the present week's items that are there by now: they come evenly in it."""
        shares = ((place + 1) / (len(items) + 1) for place in range(len(items)))
        return items[: sum(self.has_come(self.at(0, share)) for share in shares)]


def clock_of(team: Team, now: datetime) -> DemoClock:
    return DemoClock(team, now, team.work_calendar())

"""Until when a week is reported: at the cutoff of its last working day, by the team's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from projects.models import IdleWeek, Team
from projects.weeks import WEEK
from projects.workdays import WorkCalendar, moment


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Of one week. A week without a working day has none: ``day`` and ``at`` are ``None``."""

    week: date
    day: date | None  # its last working day
    time: time  # on that day, by the team's clock
    at: datetime | None  # the same as a moment
    is_merged: bool  # it has no working day, and closes with the next week that has one

    @classmethod
    def of(cls, team: Team, week: date, calendar: WorkCalendar) -> Self:
        day = calendar.last_of(week)
        return cls(
            week=week,
            day=day,
            time=team.cutoff_time,
            at=None if day is None else moment(day, team.cutoff_time, team.zone),
            is_merged=day is None and team.idle_week == IdleWeek.MERGE,
        )


def cutoff_of(team: Team, week: date) -> Cutoff:
    """That of the week of the Monday; one query."""
    return Cutoff.of(team, week, team.work_calendar())


@dataclass(frozen=True, slots=True)
class Outlook:
    """The weeks to come, and for which of their years nobody has announced the working days."""

    weeks: tuple[Cutoff, ...]
    unannounced: tuple[int, ...]


def outlook_of(team: Team, count: int) -> Outlook:
    """The present week and those after it, ``count`` in all; one query."""
    calendar, first = team.work_calendar(), team.this_week()
    mondays = [first + number * WEEK for number in range(count)]
    years = range(first.year, (mondays[-1] + WEEK).year + 1)
    return Outlook(
        weeks=tuple(Cutoff.of(team, week, calendar) for week in mondays),
        unannounced=tuple(year for year in years if not calendar.is_announced(year)),
    )

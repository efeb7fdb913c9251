"""Until when a week is reported: at the cutoff of its last working day, by the team's clock.

Which days are working days the team's calendar says, and the team's own exceptions from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from django.db import IntegrityError, transaction

from projects import audit
from projects.models import DayException, IdleWeek, Team, User
from projects.weeks import WEEK
from projects.workdays import WorkCalendar, moment


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The cutoff of a week. ``day`` and ``at`` are ``None`` for a week without a working day."""

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
    """The cutoff of the week that begins on this Monday; one query."""
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


class DayTaken(Exception):
    """The team has an exception for that day already."""


@transaction.atomic
def add_exception(
    team: Team, day: date, *, is_working: bool, note: str = "", by: User | None
) -> DayException:
    """A day that the team works, or does not, whatever the calendar says. Raises ``DayTaken``."""
    try:
        with transaction.atomic():
            exception = DayException.objects.create(
                team=team, day=day, is_working=is_working, note=note
            )
    except IntegrityError:
        raise DayTaken(day) from None
    after = {"is_working": is_working, "note": note}
    audit.note(team, "day_exception.create", day.isoformat(), by=by, after=after)
    return exception


@transaction.atomic
def remove_exception(exception: DayException, *, by: User | None) -> None:
    """The day is again what the calendar says."""
    before = {"is_working": exception.is_working, "note": exception.note}
    day = exception.day.isoformat()
    audit.note(exception.team, "day_exception.remove", day, by=by, before=before)
    exception.delete()

"""The course of a project: its percent by week, the moves of its due date, its incidents. Pure.

The progress chart, the table under it and the forecast are made of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from projects.standing import slips_of
from projects.text.numbers import HUNDRED, rounded_share
from projects.weeks import WEEK, judged_on, monday_of


@dataclass(frozen=True, slots=True)
class Point:
    """The percent (0 to 100) that was printed for a week."""

    week: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date as it was said in a week: the first, or one that it moved to."""

    week: date
    due_on: date  # the last day that is meant
    precision: str  # day, part, month, quarter
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A production incident, on the day it occurred."""

    day: date
    text: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The straight line from where the project stood first to 100 on its first due date.

    Nobody promised a straight line; it is the simplest course that would have met that date.
    """

    start: date
    percent: Decimal
    end: date

    def on(self, day: date) -> Decimal:
        """The percent that the line has on that day, to one decimal: 100 from its end on."""
        passed = Decimal((day - self.start).days) / (self.end - self.start).days
        share = min(max(passed, Decimal(0)), Decimal(1))
        return rounded_share(self.percent + (HUNDRED - self.percent) * share, places=1)


@dataclass(frozen=True, slots=True)
class CourseWeek:
    """What a week adds to the course: a row of the table under the chart."""

    week: date
    percent: Decimal | None
    change: Decimal | None  # since the latest percent before
    planned: Decimal | None  # what the plan has at that week's end
    due_dates: tuple[tuple[DueDate | None, DueDate], ...]  # from and to; from nothing at first
    incidents: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A project's course up to ``today``; everything in it stands oldest first.

    ``due_dates`` are those of one milestone, named by ``milestone``: the one that decides when
    the project is due. ``ended_on``: the project was closed or done then. ``border``: the team's
    start, where what was before it is shown as well.
    """

    today: date
    points: tuple[Point, ...] = ()
    due_dates: tuple[DueDate, ...] = ()
    incidents: tuple[Happening, ...] = ()
    milestone: str = ""
    started_on: date | None = None
    border: date | None = None
    ended_on: date | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.points or self.due_dates or self.incidents)

    def day_of(self, week: date) -> date:
        """The day that a week's facts are drawn on: its Friday, in the present week today."""
        return judged_on(week, max(self.today, week))

    @property
    def due(self) -> DueDate | None:
        """The due date as it stands."""
        return self.due_dates[-1] if self.due_dates else None

    @property
    def slips(self) -> int:
        """How often the due date moved later."""
        if not self.due_dates:
            return 0
        dates = [due_date.due_on for due_date in self.due_dates]
        slips = slips_of(dates, self.due_dates[0].precision)
        return slips.times if slips else 0

    @property
    def plan(self) -> Plan | None:
        """From the first known percent, or where none is known from 0 at the start.

        ``None`` without a due date, or where the first one was no later than that.
        """
        if self.points:
            start, percent = self.day_of(self.points[0].week), self.points[0].percent
        elif self.started_on:
            start, percent = self.started_on, Decimal(0)
        else:
            return None
        if not self.due_dates or self.due_dates[0].due_on <= start or percent >= HUNDRED:
            return None
        return Plan(start, percent, self.due_dates[0].due_on)

    def by_week(self) -> list[CourseWeek]:
        """Each week of which anything is known, the newest first."""
        percents = {point.week: point.percent for point in self.points}
        changes = {new.week: new.percent - old.percent for old, new in pairwise(self.points)}
        moves = defaultdict(list)
        for old, new in pairwise((None, *self.due_dates)):
            if new is not None:
                moves[new.week].append((old, new))
        happenings = defaultdict(list)
        for incident in self.incidents:
            happenings[monday_of(incident.day)].append(incident)
        plan = self.plan
        return [
            CourseWeek(
                week=week,
                percent=percents.get(week),
                change=changes.get(week),
                planned=plan.on(self.day_of(week)) if plan and week + WEEK > plan.start else None,
                due_dates=tuple(moves[week]),
                incidents=tuple(happenings[week]),
            )
            for week in sorted({*percents, *moves, *happenings}, reverse=True)
        ]

"""When a week opens, reminds, closes and goes out; which of its steps to take now. Pure.

A week's schedule follows from the team's working days and clock, so nothing is stored: a tick that
comes late, twice, or not for days computes the same moments again.

The clock may come late, twice, or not for days. What it has missed is made up for:

- Each step is taken once, in the order of the week, however late, but for reminders.
- A step that a later one of its week has overtaken says so (``overtaken_by``). A reminder is then
  passed over, and that is recorded as its step: of two that are due at once the earlier one, and
  after the cutoff both. Nor is anybody asked to review what is to be published in this moment.
- What was due longer than ``MADE_UP_FOR`` ago is left alone: nobody reads last month's mail.
- Nothing is made up for that was due before the team began to run (``runs_from``).
- A week before the team's start (``starts_on``) is history: it has no steps.

A week without a working day has no steps when the team skips it. Merged into the next, it opens by
itself, and is published as soon as the week is that it closes with; it reminds nobody and closes
with that one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from projects.standing import is_history
from projects.weeks import WEEK, monday_of
from projects.workdays import DaysOff, WorkCalendar, moment

type IdleWeek = Literal["skip", "merge"]

MIDNIGHT: Final = time(0)
MORNING: Final = time(10)  # when reminders go out: people are there, and the day is still long


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of a week, all moments aware and in UTC."""

    week: date  # the Monday of the week in which it closes: its own, or a later one if merged
    opens_at: datetime
    reminders: tuple[datetime, ...]  # at most two, in order
    cutoff_at: datetime
    digest_at: datetime


def due_in(
    week: date,
    calendar: WorkCalendar,
    zone: ZoneInfo,
    cutoff_time: time,
    digest_time: time,
    *,
    idle_week: IdleWeek = "skip",
) -> Schedule | None:
    """The steps of the week of that Monday.

    It opens with the Monday, 00:00, and closes on its last working day at the cutoff; the digest
    follows that day, never before the cutoff. Reminders go out at 10:00 on the working day before
    the last and on the last, as far as that lies in the week and before the cutoff: a week of one
    working day has one reminder.

    A week without a working day has no steps (``None``) when the team skips it; merged, its steps
    are those of the next week that has one, and it is open from its own Monday until then.
    What a clock change does to a time of day is told at ``projects.workdays.moment``.
    """
    closing = week
    while (last := calendar.last_of(closing)) is None:
        if idle_week == "skip":
            return None
        closing += WEEK
    opens_at = moment(week, MIDNIGHT, zone)
    cutoff_at = moment(last, cutoff_time, zone)
    mornings = (moment(day, MORNING, zone) for day in (calendar.before(last), last))
    return Schedule(
        week=closing,
        opens_at=opens_at,
        reminders=tuple(morning for morning in mornings if opens_at <= morning < cutoff_at),
        cutoff_at=cutoff_at,
        digest_at=max(cutoff_at, moment(last, digest_time, zone)),
    )


# As in ``reports.models.Step``; that a digest went out is found, not planned.
type StepName = Literal["open", "remind_1", "remind_2", "close", "publish"]

MADE_UP_FOR: Final = timedelta(days=14)
# So far back a week can lie that has steps left: what is made up for, and a month of merged weeks.
_WEEKS_BACK: Final = 7


@dataclass(frozen=True, slots=True)
class Habits:
    """What decides a team's schedule; equal for teams that keep the same hours."""

    kind: DaysOff
    exceptions: frozenset[tuple[date, bool]]
    zone: str
    cutoff_time: time
    digest_time: time
    idle_week: IdleWeek


@dataclass(frozen=True, slots=True)
class Done:
    """The steps that a team has taken, and the weeks whose page has an edition."""

    steps: Collection[tuple[date, str]] = ()
    published: Collection[date] = ()


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step to take. ``overtaken_by`` is the last step of its week that has begun after it."""

    week: date
    step: StepName
    due_at: datetime
    overtaken_by: StepName | None = None
    joins: date | None = None  # the week with which an idle one is published


@lru_cache(maxsize=8192)
def schedule_of(week: date, habits: Habits) -> Schedule | None:
    """The week's steps, or ``None``: see ``due_in``. Cached."""
    return due_in(
        week,
        WorkCalendar(habits.kind, dict(habits.exceptions)),
        ZoneInfo(habits.zone),
        habits.cutoff_time,
        habits.digest_time,
        idle_week=habits.idle_week,
    )


@lru_cache(maxsize=8192)
def steps_of(week: date, habits: Habits) -> tuple[DueStep, ...]:
    """All steps of the week with their times, in order; none in a week that is skipped.

    The only reminder of a short week is the last one.
    """
    schedule = schedule_of(week, habits)
    if schedule is None:
        return ()
    opening = DueStep(week, "open", schedule.opens_at)
    if schedule.week != week:
        return opening, DueStep(week, "publish", schedule.digest_at, joins=schedule.week)
    rounds: tuple[StepName, ...] = ("remind_1", "remind_2")
    reminders = zip(rounds[-len(schedule.reminders) :], schedule.reminders, strict=False)
    return (
        opening,
        *(DueStep(week, step, at) for step, at in reminders),
        DueStep(week, "close", schedule.cutoff_at),
        DueStep(week, "publish", schedule.digest_at),
    )


def to_take(
    habits: Habits,
    done: Done,
    *,
    runs_from: datetime,
    now: datetime,
    starts_on: date | None = None,
) -> list[DueStep]:
    """The steps to take now, in the order in which to take them."""
    present = monday_of(now.astimezone(ZoneInfo(habits.zone)).date())
    weeks = (present - ago * WEEK for ago in reversed(range(_WEEKS_BACK)))
    of_present = (week for week in weeks if not is_history(week, starts_on))
    since = max(runs_from, now - MADE_UP_FOR)
    return [due for week in of_present for due in _of_week(week, habits, done, since, now)]


def _of_week(
    week: date, habits: Habits, done: Done, since: datetime, now: datetime
) -> Iterator[DueStep]:
    steps = steps_of(week, habits)
    if not steps or steps[-1].due_at < since:
        return
    taken = [(week, step.step) in done.steps for step in steps]
    begun = [is_taken or step.due_at <= now for step, is_taken in zip(steps, taken, strict=True)]
    for place, step in enumerate(steps):
        if taken[place] or step.due_at < since:
            continue
        if step.joins is not None:
            if step.joins in done.published:
                yield step
        elif step.due_at <= now:
            later = [steps[other].step for other in range(place + 1, len(steps)) if begun[other]]
            yield replace(step, overtaken_by=later[-1] if later else None)

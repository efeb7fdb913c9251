"""What is due when in a week: when it opens, reminds, closes and goes out. Pure.

All of it follows from the team's working days and clock, so that nothing need be stored: a tick
that comes late, twice, or not for days computes the same moments again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from projects.weeks import WEEK
from projects.workdays import WorkCalendar, moment

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
        reminders=tuple(one for one in mornings if opens_at <= one < cutoff_at),
        cutoff_at=cutoff_at,
        digest_at=max(cutoff_at, moment(last, digest_time, zone)),
    )

"""When the steps of a team's week are, in words: for texts that say what happens when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from projects.models import Team
from projects.weeks import WEEK
from reports.render.wording import weekday_time
from reports.schedule.steps import habits_of
from reports.weekly.schedule import Schedule, schedule_of

# So far ahead is a week with a working day, whatever the holidays.
_WEEKS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Hours:
    """Each as ``周五 16:00``, by the team's clock."""

    opens: str
    reminders: tuple[str, ...]
    cutoff: str
    digest: str


def hours_of(team: Team) -> Hours | None:
    """Those of the present week, or of the next that has a working day; one query.

    ``None`` where there is none for weeks.
    """
    schedule = next(_schedules(team), None)
    if schedule is None:
        return None
    return Hours(
        opens=weekday_time(team.local(schedule.opens_at)),
        reminders=tuple(weekday_time(team.local(at)) for at in schedule.reminders),
        cutoff=weekday_time(team.local(schedule.cutoff_at)),
        digest=weekday_time(team.local(schedule.digest_at)),
    )


def _schedules(team: Team) -> Iterator[Schedule]:
    habits = habits_of(team, team.work_calendar().exceptions)
    for number in range(_WEEKS_AHEAD):
        week = team.this_week() + number * WEEK
        schedule = schedule_of(week, habits)
        if schedule is not None and schedule.week == week:
            yield schedule

"""The hours of a week, and a schedule whose clock a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from projects.models import (
    DayException,
    Team,
    User,
)
from reports.models import (
    WeekStep,
)
from reports.schedule import steps
from tests.factories import WEEK


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That hour in Shanghai, on the day of the week counted from Monday the 17th of June 2024."""
    return datetime(2024, 6, 16, 16, tzinfo=UTC) + timedelta(days=day, hours=hour, minutes=minute)


MONDAY, THURSDAY, CUTOFF, DIGEST = at(0, 0), at(3, 10), at(4, 16), at(4, 18)


def with_address(user: User) -> User:
    user.email = f"{user.username}@example.com"
    user.save()
    return user


def tick(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return steps.run(now)


def results(team: Team) -> dict[str, dict[str, object]]:
    return {row.step: row.result for row in WeekStep.objects.filter(team=team, week=WEEK)}


def close_all_week(team: Team) -> None:
    DayException.objects.bulk_create(
        DayException(team=team, day=WEEK + timedelta(days=day), is_working=False)
        for day in range(7)
    )

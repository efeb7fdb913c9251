from __future__ import annotations

from datetime import timedelta

import pytest

from projects.models import DayException, Team
from reports.schedule.hours import hours_of
from tests.factories import WEEK, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def free(team: Team, days: range) -> None:
    DayException.objects.bulk_create(
        DayException(team=team, day=WEEK + timedelta(days=n), is_working=False) for n in days
    )


def test_are_those_of_the_present_week() -> None:
    hours = hours_of(make_team())
    assert hours is not None
    assert (hours.opens, hours.cutoff, hours.digest) == ("周一 00:00", "周五 16:00", "周五 18:00")
    assert hours.reminders == ("周四 10:00", "周五 10:00")


def test_follow_the_last_working_day() -> None:
    team = make_team()
    free(team, range(3, 5))
    hours = hours_of(team)
    assert hours is not None
    assert hours.cutoff == "周三 16:00"


def test_of_a_week_off_are_those_of_the_next_one() -> None:
    team = make_team()
    free(team, range(5))
    hours = hours_of(team)
    assert hours is not None
    assert hours.cutoff == "周五 16:00"


def test_there_are_none_where_nobody_works_for_weeks() -> None:
    team = make_team()
    free(team, range(70))
    assert hours_of(team) is None

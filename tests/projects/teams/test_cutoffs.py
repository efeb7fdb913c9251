from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from projects.models import AuditRecord, CalendarKind, DayException, IdleWeek
from projects.teams import cutoffs
from projects.teams.cutoffs import Cutoff
from reports.weekly.schedule import due_in
from tests.conftest import Personas
from tests.factories import WEEK, make_team

DAY = date(2024, 6, 21)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_cutoff_is_by_the_teams_clock() -> None:
    team = make_team()
    team.time_zone = "America/New_York"
    assert cutoffs.cutoff_of(team, WEEK) == Cutoff(
        week=WEEK,
        day=date(2024, 6, 21),
        time=time(16),
        at=datetime(2024, 6, 21, 20, tzinfo=UTC),
        is_merged=False,
    )


def test_cutoff_is_that_of_the_schedule() -> None:
    team = make_team()
    DayException.objects.create(team=team, day=date(2024, 6, 23), is_working=True)
    calendar = team.work_calendar()
    made = due_in(WEEK, calendar, team.zone, team.cutoff_time, team.digest_time)
    assert made is not None
    assert cutoffs.cutoff_of(team, WEEK).at == made.cutoff_at


@pytest.mark.parametrize(
    ("idle_week", "is_merged"), [(IdleWeek.SKIP, False), (IdleWeek.MERGE, True)]
)
def test_week_without_a_working_day_has_no_cutoff(idle_week: IdleWeek, is_merged: bool) -> None:
    team = make_team()
    team.idle_week = idle_week
    for day in range(17, 22):
        DayException.objects.create(team=team, day=date(2024, 6, day), is_working=False)
    cutoff = cutoffs.cutoff_of(team, WEEK)
    assert (cutoff.day, cutoff.at, cutoff.is_merged) == (None, None, is_merged)


def test_exceptions_of_another_team_do_not_count() -> None:
    DayException.objects.create(team=make_team(), day=date(2024, 6, 21), is_working=False)
    assert make_team("risk", "风控").work_calendar().exceptions == {}


def test_outlook_names_years_without_announced_working_days() -> None:
    team = make_team()
    outlook = cutoffs.outlook_of(team, 3)
    assert [cutoff.week for cutoff in outlook.weeks] == [WEEK, date(2024, 6, 24), date(2024, 7, 1)]
    assert outlook.unannounced == ()
    with time_machine.travel(datetime(2089, 12, 20, tzinfo=UTC), tick=False):
        assert cutoffs.outlook_of(team, 12).unannounced == (2089, 2090)
        team.calendar = CalendarKind.WEEKDAYS
        assert cutoffs.outlook_of(team, 12).unannounced == ()


def test_exception_is_added_and_removed_and_noted(personas: Personas) -> None:
    team, manager = personas.team, personas.manager
    added = cutoffs.add_exception(team, DAY, is_working=False, note="团建", by=manager)
    assert team.work_calendar().is_working(DAY) is False
    cutoffs.remove_exception(added, by=manager)
    assert team.work_calendar().is_working(DAY) is True
    records = AuditRecord.objects.order_by("pk")
    assert [(record.action, record.subject, record.by) for record in records] == [
        ("day_exception.create", "2024-06-21", manager),
        ("day_exception.remove", "2024-06-21", manager),
    ]
    assert records[0].after == records[1].before == {"is_working": False, "note": "团建"}


def test_second_exception_of_a_day_is_refused(personas: Personas) -> None:
    cutoffs.add_exception(personas.team, DAY, is_working=False, by=None)
    with pytest.raises(cutoffs.DayTaken):
        cutoffs.add_exception(personas.team, DAY, is_working=True, by=None)
    assert DayException.objects.get().is_working is False
    assert AuditRecord.objects.count() == 1

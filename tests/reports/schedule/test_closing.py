"""The schedule is changed on the day of the cutoff: nobody is late for another's."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
import time_machine

from projects.models import AuditRecord, Project, Team, User
from projects.teams import cutoffs, setup
from reports.models import Step, WeekStep
from reports.pages import live
from reports.schedule import closing
from tests.factories import WEEK, make_entry
from tests.reports.schedule.clock import CUTOFF, DIGEST, at, results, tick

pytestmark = pytest.mark.django_db

SETTINGS = setup.Settings.__dataclass_fields__


def change(team: Team, manager: User, when: datetime, **hours: Any) -> None:
    wanted = setup.Settings(**({field: getattr(team, field) for field in SETTINGS} | hours))
    with time_machine.travel(when, tick=False):
        setup.change_team(team, wanted, by=manager)


def is_late(project: Project, reported_at: datetime) -> bool:
    """Whether the page marks what was saved at that moment."""
    entry = make_entry(project)
    type(entry).objects.update(reported_at=reported_at)
    with time_machine.travel(at(4, 19, 30), tick=False):
        document = live.compile_page(project.team, WEEK)
    (printed,) = document.entries
    return printed.is_late


def closings(team: Team) -> list[tuple[datetime, datetime]]:
    rows = WeekStep.objects.filter(team=team, week=WEEK, step=Step.CLOSE)
    return list(rows.values_list("due_at", "done_at"))


@pytest.mark.parametrize(
    "hours", [{"cutoff_time": time(19), "digest_time": time(20)}, {"time_zone": "Europe/Berlin"}]
)
def test_a_cutoff_that_is_put_off_after_it_passed_is_taken_again(
    team: Team, manager: User, project: Project, hours: dict[str, Any]
) -> None:
    tick(CUTOFF)
    change(team, manager, at(4, 16, 30), **hours)
    tick(at(4, 16, 31))
    assert "close" not in results(team)
    record = AuditRecord.objects.get(action=closing.REOPENED)
    assert record.before == {"cutoff": CUTOFF.isoformat()}
    tick(at(4, 23))
    ((due_at, _done_at),) = closings(team)
    assert due_at > at(4, 16, 31)
    assert not is_late(project, at(4, 17))


def test_a_cutoff_that_is_moved_into_the_past_has_passed_when_it_was_moved(
    team: Team, manager: User, project: Project
) -> None:
    change(team, manager, at(4, 15, 30), cutoff_time=time(15))
    tick(at(4, 15, 31))
    assert closings(team) == [(at(4, 15, 30), at(4, 15, 31))]
    assert not is_late(project, at(4, 15, 20))


def test_a_last_day_that_is_taken_off_makes_nobody_late(
    team: Team, manager: User, project: Project
) -> None:
    with time_machine.travel(at(4, 9), tick=False):
        cutoffs.add_exception(team, WEEK.replace(day=21), is_working=False, by=manager)
    tick(at(4, 9, 1))
    assert closings(team) == [(at(4, 9), at(4, 9, 1))]
    assert not is_late(project, at(3, 20))


def test_a_clock_that_stood_still_forgives_nobody(
    team: Team, manager: User, project: Project
) -> None:
    change(team, manager, at(4, 16, 10), name="支付与结算")
    tick(at(4, 16, 30))
    assert closings(team) == [(CUTOFF, at(4, 16, 30))]
    assert is_late(project, at(4, 16, 5))


def test_a_week_that_went_out_stays_closed(team: Team, manager: User, project: Project) -> None:
    make_entry(project)
    tick(CUTOFF)
    tick(DIGEST)
    change(team, manager, at(4, 18, 30), cutoff_time=time(21), digest_time=time(22))
    tick(at(4, 18, 31))
    assert closings(team) == [(CUTOFF, CUTOFF)]

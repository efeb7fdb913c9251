from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.models import AuditRecord, Milestone, Project, Team, WeekFacts
from projects.portfolio.border import NoStart, carry_on, close_as_history, end_of_history
from projects.weeks import WEEK as SEVEN_DAYS
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_project, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LONG_AGO = WEEK - 10 * SEVEN_DAYS


def team_that_starts(starts_on: date | None = WEEK) -> Team:
    team = make_team()
    team.starts_on = starts_on
    team.save()
    return team


def old_project(team: Team, name: str = "旧清算", last_told: date = LONG_AGO) -> Project:
    project = make_project(team, name, started_on=LONG_AGO)
    make_entry(project, last_told, percent=60)
    return project


def test_project_of_history_ends_with_the_last_week_that_spoke_of_it() -> None:
    team = team_that_starts()
    project = old_project(team, last_told=WEEK - 2 * SEVEN_DAYS)
    silent = make_project(team, "没人提过", started_on=LONG_AGO)
    milestone = make_milestone(project, percent=60, due_on=LONG_AGO, week=LONG_AGO)
    done = make_milestone(project, "已验收", percent=100, week=LONG_AGO)
    assert close_as_history(team, [project, silent], by=None) == [project, silent]
    for row in (project, silent, milestone, done):
        row.refresh_from_db()
    assert project.closed_on == WEEK - SEVEN_DAYS - timedelta(days=1)
    assert silent.closed_on == WEEK - timedelta(days=1)
    assert (milestone.is_history, milestone.closed_at) == (True, end_of_history(team, WEEK))
    assert milestone.is_dropped
    assert not done.is_history
    assert not Project.objects.owing(team, WEEK)
    actions = AuditRecord.objects.values_list("action", flat=True)
    assert sorted(actions) == ["milestone.history", "project.history", "project.history"]


def test_what_goes_on_in_the_present_is_no_history() -> None:
    team = team_that_starts()
    begun = make_project(team, "新项目", started_on=WEEK)
    reported = old_project(team)
    make_entry(reported)
    assert close_as_history(team, [begun, reported], by=None) == []
    assert not AuditRecord.objects.exists()


def test_carrying_on_opens_what_was_left_behind(personas: Personas) -> None:
    team = personas.team
    team.starts_on = WEEK
    team.save()
    project = old_project(team)
    milestone = make_milestone(project, percent=60, week=LONG_AGO)
    done = make_milestone(project, "已验收", percent=100, week=LONG_AGO)
    close_as_history(team, [project], [done], by=personas.manager)
    AuditRecord.objects.all().delete()
    assert carry_on(team, [project], [milestone, done], by=personas.manager) == [project]
    for row in (project, milestone, done):
        row.refresh_from_db()
    assert project.closed_on is None
    assert (milestone.is_history, milestone.closed_at) == (False, None)
    assert not done.is_history
    assert done.closed_at is not None
    assert project in Project.objects.owing(team, WEEK)
    records = AuditRecord.objects.filter(by=personas.manager, project=project)
    assert {record.action for record in records} == {"project.carry_on", "milestone.carry_on"}


def test_project_that_was_closed_in_the_present_stays_closed() -> None:
    team = team_that_starts()
    project = make_project(team, closed_on=WEEK)
    assert carry_on(team, [project], by=None) == []


def test_deciding_makes_the_pages_of_the_present_stale() -> None:
    team = team_that_starts()
    project = old_project(team)
    for week in (LONG_AGO, WEEK):
        WeekFacts.objects.create(team=team, week=week, revision=1)
    close_as_history(team, [project], by=None)
    assert set(WeekFacts.objects.filter(week__lte=WEEK).values_list("revision", flat=True)) == {2}


def test_without_a_start_there_is_no_history() -> None:
    team = team_that_starts(None)
    with pytest.raises(NoStart):
        close_as_history(team, [old_project(team)], by=None)


def test_milestone_of_history_counts_for_nothing_in_the_present() -> None:
    team = team_that_starts()
    project = old_project(team)
    open_milestone = make_milestone(project, percent=40, week=LONG_AGO)
    left = make_milestone(project, "老系统下线", percent=100, week=LONG_AGO)
    close_as_history(team, milestones=[left], by=None)
    milestones = Milestone.objects.filter(project=project)
    counting = milestones.counting_at(team.end_of(WEEK), is_history=False)
    assert [milestone.pk for milestone in counting] == [open_milestone.pk]
    assert milestones.counting_at(team.end_of(LONG_AGO), is_history=True).count() == 2
    left.refresh_from_db()
    assert left.percent == Decimal(100)

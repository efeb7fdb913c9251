"""A page of a past week goes on saying who led a project then, and that it was closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine

from projects.models import Project, Team
from projects.portfolio import lifecycle
from projects.weeks import WEEK as DAYS
from reports.pages import live
from reports.schedule.duties import duties_of
from reports.weekly.document import Entry
from tests.conftest import Personas
from tests.factories import NOW, WEEK

THEN: Final = NOW
SINCE: Final = datetime(2024, 6, 26, 2, tzinfo=UTC)  # a week later


@pytest.fixture
def project(personas: Personas) -> Project:
    Project.objects.update(started_on=WEEK - timedelta(days=30))
    personas.project.refresh_from_db()
    return personas.project


def entry_in(team: Team, weeks_later: int) -> Entry | None:
    document = live.compile_page(team, WEEK + weeks_later * DAYS)
    return next(iter(document.entries), None)


def test_who_led_it_then(personas: Personas, project: Project) -> None:
    with time_machine.travel(SINCE, tick=False):
        lifecycle.hand_projects_over(
            personas.team, personas.lead, personas.other_lead, by=personas.manager
        )
        entries = [entry_in(personas.team, later) for later in (0, 1)]
    assert [entry and entry.lead for entry in entries] == ["许澄", "陈默"]


def test_who_leads_it_since_this_week_leads_it_now(personas: Personas, project: Project) -> None:
    with time_machine.travel(THEN, tick=False):
        lifecycle.hand_projects_over(
            personas.team, personas.lead, personas.other_lead, by=personas.manager
        )
    with time_machine.travel(SINCE, tick=False):
        entry = entry_in(personas.team, 0)
    assert entry
    assert entry.lead == "陈默"


def test_what_was_closed_then_owes_nothing_of_that_week(
    personas: Personas, project: Project
) -> None:
    with time_machine.travel(THEN, tick=False):
        lifecycle.close_project(project, "已移交", by=personas.manager)
    with time_machine.travel(SINCE, tick=False):
        lifecycle.reopen_project(project, "二期", by=personas.manager)
        lifecycle.close_project(project, "再次移交", by=personas.manager)
        closed, again = (entry_in(personas.team, later) for later in (0, 1))
        assert closed
        assert (closed.closed_on, closed.close_reason) == (THEN.date(), "已移交")
        assert not closed.is_owed
        assert duties_of(personas.team, WEEK).silent == ()
    assert again
    assert (again.closed_on, again.close_reason) == (SINCE.date(), "再次移交")


def test_what_was_closed_before_that_week_is_not_on_its_page(
    personas: Personas, project: Project
) -> None:
    with time_machine.travel(THEN, tick=False):
        lifecycle.close_project(project, "已移交", by=personas.manager)
    with time_machine.travel(SINCE + DAYS, tick=False):
        lifecycle.reopen_project(project, "二期", by=personas.manager)
        entries = [entry_in(personas.team, later) for later in (1, 2)]
    assert [entry is not None for entry in entries] == [False, True]

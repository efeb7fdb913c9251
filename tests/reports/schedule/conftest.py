"""A team whose week runs: its manager, and a lead with one project."""

from __future__ import annotations

import pytest

from projects.models import (
    Project,
    Role,
    Team,
    User,
)
from tests.factories import make_project, make_team, make_user
from tests.reports.schedule.clock import at, with_address


@pytest.fixture
def team() -> Team:
    team = make_team()
    Team.objects.update(runs_from=at(-1, 0))
    team.refresh_from_db()
    return team


@pytest.fixture
def manager(team: Team) -> User:
    return with_address(make_user("manager", "林岚", team, Role.MANAGER))


@pytest.fixture
def lead(team: Team) -> User:
    return with_address(make_user("lead", "许澄", team))


@pytest.fixture
def project(team: Team, manager: User, lead: User) -> Project:
    return make_project(team, "贝易转", lead=lead)

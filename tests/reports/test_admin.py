"""What was published stays, in the administration, too."""

from __future__ import annotations

import pytest
from django.test import Client

from projects.models import Team, User
from reports.models import Edition, WeeklyPage
from reports.pages import publish
from tests.conftest import english_client
from tests.factories import WEEK, make_entry, make_project, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def admin() -> Client:
    client = english_client()
    client.force_login(User.objects.create_superuser("admin", password="x"))
    return client


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team))
    return team


@pytest.mark.usefixtures("team")
def test_a_team_that_has_published_cannot_be_deleted_and_it_is_said_why(admin: Client) -> None:
    team = Team.objects.get()
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    page = WeeklyPage.objects.get()
    for address in (
        f"/admin/projects/team/{team.pk}/delete/",
        f"/admin/reports/weeklypage/{page.pk}/delete/",
    ):
        shown = admin.get(address).content.decode()
        assert "What was published is kept" in shown
        assert admin.post(address, {"post": "yes"}).status_code in (200, 403)
    assert Edition.objects.filter(page=page).exists()


def test_an_edition_can_only_be_looked_at(admin: Client, team: Team) -> None:
    edition = publish.publish_week(team, WEEK, publish.Publication(by=None))
    address = f"/admin/reports/edition/{edition.pk}"
    assert admin.get(f"{address}/change/").status_code == 200
    assert admin.get(f"{address}/delete/").status_code == 403
    assert admin.post(f"{address}/change/", {"number": "7"}).status_code == 403

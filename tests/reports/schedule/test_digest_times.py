"""Another digest time or calendar when the page is published already; what the dashboard says."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from projects.models import (
    DayException,
    DigestTime,
    Project,
    Team,
    User,
    WeekFacts,
)
from reports.digest import dispatch
from reports.models import (
    Digest,
)
from reports.pages import publish
from tests.conftest import english_client
from tests.factories import WEEK, make_entry, make_project
from tests.html import elements
from tests.reports.schedule.clock import (
    CUTOFF,
    DIGEST,
    at,
    close_all_week,
    tick,
)

pytestmark = pytest.mark.django_db


# --- another digest time, with a page published already ------------------------------------------


@pytest.fixture
def published(team: Team, project: Project, manager: User) -> Digest:
    """On Thursday, for Friday 18:00."""
    make_entry(project)
    with time_machine.travel(at(3, 12), tick=False):
        publish.publish_week(team, WEEK, publish.Publication(by=manager))
    return Digest.objects.get()


@pytest.mark.parametrize(
    ("change", "due_at"),
    [
        ({"digest_time": time(20)}, at(4, 20)),
        ({"cutoff_time": time(9), "digest_time": time(10)}, at(4, 10)),
        ({"time_zone": "Asia/Tokyo"}, at(4, 17)),
        ({"digest_when": DigestTime.PUBLISHED}, at(3, 13)),
    ],
)
def test_a_digest_goes_out_at_the_time_that_is_set_now(
    team: Team, published: Digest, change: dict[str, Any], due_at: datetime
) -> None:
    Team.objects.update(**change)
    tick(at(3, 13))
    published.refresh_from_db()
    assert published.due_at == due_at
    assert dispatch.due(due_at) == {published.edition_id: 0}
    assert not dispatch.due(due_at - timedelta(minutes=1))


def test_digest_goes_out_at_another_time_when_the_calendar_changes(
    team: Team, published: Digest
) -> None:
    DayException.objects.create(team=team, day=WEEK + timedelta(days=4), is_working=False)
    tick(at(3, 13))
    published.refresh_from_db()
    assert published.due_at == at(3, 18)


def test_due_digest_is_not_put_off(team: Team, published: Digest) -> None:
    dispatch.arrange_now(published.edition, by=None, now=at(3, 13))
    tick(at(3, 13))
    Team.objects.update(digest_time=time(20))
    tick(at(3, 14))
    published.refresh_from_db()
    assert published.due_at == at(3, 13)


def test_sent_digest_and_week_without_schedule_keep_their_time(
    team: Team, published: Digest
) -> None:
    close_all_week(team)
    tick(at(3, 13))
    published.refresh_from_db()
    assert published.due_at == DIGEST
    Digest.objects.update(prepared_at=at(3, 13))
    DayException.objects.all().delete()
    Team.objects.update(digest_time=time(20))
    tick(at(3, 14))
    published.refresh_from_db()
    assert published.due_at == DIGEST


# --- what the dashboard says of it -----------------------------------------------------------


def test_a_closed_page_waits_on_the_managers_dashboard_until_it_is_published(
    team: Team, project: Project, manager: User, lead: User
) -> None:
    Team.objects.update(publishes_itself=False)
    WeekFacts.objects.create(team=team, week=WEEK)
    make_entry(make_project(team, "POS"), text="已上线", percent=60)
    address = f"/t/{team.slug}/"

    def shown(user: User, now: datetime) -> bool:
        client = english_client()
        client.force_login(user)
        with time_machine.travel(now, tick=False):
            page = client.get(address).text
        return bool(elements(page, "#todo-unpublished"))

    assert not shown(manager, at(4, 15))
    tick(CUTOFF)
    assert shown(manager, CUTOFF)
    assert not shown(lead, CUTOFF)
    tick(DIGEST)
    assert shown(manager, at(7, 9))  # on Monday, too
    with time_machine.travel(at(7, 9), tick=False):
        publish.publish_week(Team.objects.get(), WEEK, publish.Publication(by=manager))
    assert not shown(manager, at(7, 9))

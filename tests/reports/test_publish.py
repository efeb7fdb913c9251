"""Publishing: one edition however many press the button, and when it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from projects import facts
from projects.models import AuditRecord, DigestTime, Team, WeekFacts
from projects.weeks import WEEK as ONE_WEEK
from reports import editions, publish
from reports.models import Digest, Edition
from reports.weekly import document
from tests.factories import NOW, WEEK, make_entry, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY_EVENING = datetime(2024, 6, 21, 18, tzinfo=SHANGHAI)


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team, "农行存管"), text="联调", percent=85)
    return team


def change_something(team: Team, text: str = "联调完成") -> None:
    project = team.projects.get(name="农行存管")
    project.entries.update(text=text)
    facts.announce(team, [WEEK])


def test_an_edition_is_the_page_of_this_moment(team: Team) -> None:
    manager = make_user("manager", "林岚")
    edition = publish.publish_week(team, WEEK, by=manager)
    assert (edition.number, edition.publisher, edition.published_at) == (1, "林岚", NOW)
    (entry,) = editions.document_of(edition).entries
    assert (entry.project, entry.text) == ("农行存管", "联调")
    assert edition.sha256 == editions.hash_of(document.load(edition.document))
    record = AuditRecord.objects.get(action="edition.publish")
    assert (record.by, record.after["edition"]) == (manager, 1)

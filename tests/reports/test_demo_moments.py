"""The demo team at any hour: nothing of it lies in the future, and its week fits the moment.

``DEMO=all`` tries many more moments.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db.models import DateField, DateTimeField, Max, Model
from django.test import Client

from okrtracker.mail.models import OutboxRow
from projects.models import StatusEntry, Team, User
from reports.demo.load import load_demo
from reports.models import Delivery, Digest, Edition, WeeklyPage, WeekStep
from reports.pages import backlog, editions, live
from reports.schedule import steps
from reports.weekly.schedule import schedule_of

pytestmark = pytest.mark.django_db

ZONE: Final = ZoneInfo("Asia/Shanghai")
MOMENTS: Final = {"a minute before the cutoff": "2026-12-04 15:59"}
MORE_MOMENTS: Final = {
    "first minutes of a week of holidays": "2026-10-05 00:05",
    "New Year, published the day before": "2027-01-01 10:00",
    "Monday": "2026-11-30 00:05",
    "Monday, when people come": "2026-11-30 09:20",
    "between cutoff and digest": "2026-12-04 17:00",
    "the very moment of the digest": "2026-12-04 18:00",
    "just after the digest": "2026-12-04 18:30",
    "Saturday": "2026-12-05 12:00",
    "Sunday, last minute": "2026-12-06 23:59",
    "a Saturday that is worked": "2026-10-10 15:00",
    "29 February": "2028-02-29 09:30",
    "Spring Festival, without a working day": "2026-02-18 11:00",
    "after Spring Festival": "2026-03-04 11:00",
    "the week of a cycle's end": "2026-06-30 11:00",
    "Sunday, the last day of a cycle": "2024-06-30 20:00",
    "1 July": "2026-07-01 08:00",
}
# What lies in the time to come by its nature.
AHEAD: Final = {
    *("Milestone.due_on", "ProgressChange.old_due_on", "ProgressChange.new_due_on"),
    *("Cycle.ends_on", "Deputy.last_day", "Invitation.expires_at", "WeekFacts.week"),
}
ADDRESSES: Final = {
    "manager": ("", "weeks/", "members/", "settings/subscribers/", "imports/", "incidents/"),
    "lead": ("checkin/", "metrics/"),
    "viewer": ("weeks/latest/", "objectives/"),
}


def moments() -> dict[str, str]:
    if os.environ.get("DEMO") != "all":
        return MOMENTS
    random, begin = Random(12), datetime(2023, 1, 1)  # noqa: DTZ001  read in the team's zone
    anywhere = (begin + timedelta(minutes=random.randrange(6 * 365 * 24 * 60)) for _ in range(40))
    return (
        MOMENTS
        | MORE_MOMENTS
        | {f"{at:%a %Y-%m-%d %H:%M}": f"{at:%Y-%m-%d %H:%M}" for at in anywhere}
    )


@pytest.mark.parametrize("written", moments().values(), ids=moments().keys())
def test_it_is_alive_at(written: str) -> None:
    now = datetime.fromisoformat(written).replace(tzinfo=ZONE)
    with time_machine.travel(now, tick=False):
        team = load_demo("a-password-for-tests")

        assert list(in_the_future(now)) == []
        assert list(known_too_early(team)) == []
        assert steps.run(now) == 0
        assert not any(rows.due(now).exists() for rows in outboxes())
        assert not mail.outbox
        assert_its_week_fits(team, now)
        assert_it_can_be_opened(team)


def in_the_future(now: datetime) -> Iterator[str]:
    """The columns that hold something later than now."""
    today = now.date()
    for model in models():
        for field in model._meta.concrete_fields:
            name = f"{model.__name__}.{field.name}"
            if not isinstance(field, DateField) or name in AHEAD:
                continue
            latest = model._default_manager.aggregate(latest=Max(field.name))["latest"]
            limit: Any = now if isinstance(field, DateTimeField) else today
            if latest is not None and latest > limit:
                yield f"{name} {latest}"
    for page in WeeklyPage.objects.all():
        for verdict in page.verdicts.values():
            if datetime.fromisoformat(verdict["at"]) > now:
                yield f"a verdict of {page}"


def models() -> Iterator[type[Model]]:
    for label in ("projects", "reports"):
        yield from apps.get_app_config(label).get_models()


def outboxes() -> Iterator[Any]:
    return (model._default_manager for model in models() if issubclass(model, OutboxRow))


def known_too_early(team: Team) -> Iterator[str]:
    """What an edition says and what was only known after it was published; wrong hashes."""
    for edition in Edition.objects.filter(team=team):
        document = editions.document_of(edition)
        if editions.hash_of(document) != edition.sha256:
            yield f"{edition} is not what was published"
        for entry in document.entries:
            moments = [entry.reported_at, *(question.asked_at for question in entry.questions)]
            moments += [answer.answered_at for answer in entry.answers]
            if any(moment and moment > edition.published_at for moment in moments):
                yield f"{edition}: {entry.project}"


def assert_its_week_fits(team: Team, now: datetime) -> None:
    week = team.this_week()
    page = live.compile_page(team, week)
    assert 0 < page.updated < page.expected
    schedule = schedule_of(week, steps.habits_of(team, {}))
    is_published = schedule is not None and schedule.digest_at <= now
    assert Edition.objects.filter(page__week=week).exists() == is_published
    assert Digest.objects.filter(edition__page__week=week).exists() == is_published
    assert Delivery.objects.filter(edition__page__week=week).exists() == is_published
    taken = set(WeekStep.objects.filter(week=week).values_list("step", flat=True))
    is_closed = schedule is not None and schedule.cutoff_at <= now
    assert ("close" in taken, "publish" in taken) == (is_closed, is_published)
    assert not backlog.waiting(team).filter(week__lt=week).exists()
    for entry in StatusEntry.objects.select_related("objective__cycle"):
        assert entry.objective is not None
        # At the turn the earlier of the two cycles may begin after the story does.
        assert entry.week <= entry.objective.cycle.ends_on


def assert_it_can_be_opened(team: Team) -> None:
    for username, addresses in ADDRESSES.items():
        client = Client()
        client.force_login(User.objects.get(username=username))
        for address in addresses:
            assert client.get(f"/t/{team.slug}/{address}", follow=True).status_code == 200

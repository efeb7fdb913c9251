"""What a test needs to be in the machine's database, or to be done there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from projects import weeks
from projects.checkin import recording
from projects.models import (
    CalendarKind,
    DayException,
    Membership,
    Project,
    Role,
    StatusEntry,
    Team,
    User,
)
from reports.models import Subscriber
from reports.pages import publish
from tests.factories import PASSWORD, make_project, make_stage

NOON: Final = 12


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


@transaction.atomic  # the machine ticks meanwhile, and shall not find half a team
def team(
    slug: str,
    *,
    projects: int = 3,
    members: int = 0,
    subscribers: int = 0,
    digest_in: float = 3600.0,
    reports: bool = True,
) -> dict[str, Any]:
    """A team that closed a minute ago and whose digest goes out in so many seconds.

    It lives in the time zone where it is noon or so, and today is the last working day of its
    week. A manager (``{slug}-manager``) and a lead (``{slug}-lead``, of all projects) sign in with
    ``PASSWORD``; further members and subscribers get the digest, and nobody else does.
    """
    now = timezone.now()
    made = Team.objects.create(
        slug=slug,
        name=slug,
        time_zone=_noon_zone(now),
        calendar=CalendarKind.WEEKDAYS,
        runs_from=now - timedelta(minutes=2),
    )
    _end_week_today(made)
    make_stage(made)
    _manager, lead = (_person(made, role) for role in (Role.MANAGER, Role.LEAD))
    rows = [make_project(made, f"项目{number:03}", lead=lead) for number in range(projects)]
    for row in rows if reports else ():
        _report(row, lead, now)
    _readers(made, members, subscribers)
    now = timezone.now()  # the above took a while
    made.cutoff_time = (made.local(now) - timedelta(minutes=1)).time()
    made.digest_time = (made.local(now) + timedelta(seconds=digest_in)).time()
    made.save()
    return {
        "team": made.pk,
        "label": made.week_label(made.this_week()),
        "week": made.this_week().isoformat(),
        "projects": [row.pk for row in rows],
    }


def _noon_zone(now: datetime) -> str:
    """Names of these zones turn the sign round: Etc/GMT-8 is eight hours ahead."""
    ahead = NOON - now.astimezone(UTC).hour  # -11 … 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _end_week_today(made: Team) -> None:
    today, monday = made.today(), made.this_week()
    DayException.objects.bulk_create(
        DayException(team=made, day=day, is_working=day == today)
        for day in (monday + timedelta(days=n) for n in range(7))
        if day >= today
    )


def _person(made: Team, role: Role) -> User:
    """Without the digest: how many mails are to be sent is for the test to say."""
    name = f"{made.slug}-{role}"
    user = User.objects.create_user(name, f"{name}@example.com", PASSWORD, name=name)
    Membership.objects.create(team=made, user=user, role=role, gets_digest=False)
    return user


def _report(project: Project, lead: User, now: datetime) -> StatusEntry:
    check_in = recording.CheckIn(text="联调完成，进入测试", health="on_track", percent=None)
    return recording.record(
        project, weeks.monday_of(project.team.today()), check_in, by=lead, at=now
    )


def _readers(made: Team, members: int, subscribers: int) -> None:
    users = User.objects.bulk_create(
        User(
            username=f"{made.slug}-{number}",
            email=f"member-{number:04}@{made.slug}.example.com",
            name=f"同事{number}",
            password=make_password(None),
        )
        for number in range(members)
    )
    Membership.objects.bulk_create(
        Membership(team=made, user=user, role=Role.VIEWER) for user in users
    )
    now = timezone.now()
    Subscriber.objects.bulk_create(
        Subscriber(team=made, email=f"reader-{number:04}@{made.slug}.example.com", confirmed_at=now)
        for number in range(subscribers)
    )


def publish_now(slug: str, week: str) -> int:
    """Published by the schedule, and mailed now whatever the digest's time is; its number."""
    made = Team.objects.get(slug=slug)
    made.digest_when = "published"
    made.save()
    return publish.publish_week(made, date.fromisoformat(week), publish.Publication(by=None)).number


def digests_in(slugs: list[str], seconds: float) -> float:
    """The digest's time of these teams is so many seconds from now: then, since the epoch."""
    then = timezone.now() + timedelta(seconds=seconds)
    for made in Team.objects.filter(slug__in=slugs):
        made.digest_time = made.local(then).time()
        made.save()
    return then.timestamp()

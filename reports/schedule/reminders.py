"""Reminds people of what a week still needs of them: leads to report, managers to review, publish.

``remind`` and ``ask_managers`` write down who is to be reminded; ``reminder_dispatch`` sends.

Nobody is asked for their update more than ``MOST`` times a week, whoever asks, nor again within
``AGAIN_AFTER``, nor when they are done; and the schedule asks nobody after the cutoff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from projects.models import Project, Role, Team, User
from projects.prepared import history_shape, prepared
from projects.teams import deputies
from projects.weeks import WEEK
from reports.models import Channel, Reminder, ReminderKind, SendState

# Whoever was reminded is left alone for so long.
AGAIN_AFTER: Final = timedelta(hours=1)
# So often is somebody asked for a week's update, the manager's own requests counted.
MOST: Final = 2
# These have reminded nobody.
IN_VAIN: Final = (SendState.FAILED, SendState.UNWANTED)


@dataclass(frozen=True, slots=True)
class Request:
    """What became of one request to remind."""

    reminders: tuple[Reminder, ...] = ()  # the mails it made, one a lead
    lately: tuple[Reminder, ...] = ()  # reminded within the last hour, so not again
    enough: tuple[User, ...] = ()  # leads who were reminded as often as a week allows
    unreachable: tuple[User, ...] = ()  # leads without a mail address
    deactivated: tuple[User, ...] = ()  # leads whose account is closed
    leaderless: tuple[Project, ...] = ()  # projects that nobody leads who can report on them
    channels: tuple[Reminder, ...] = ()  # the messages to group chats


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """How somebody was asked for a week's update so far."""

    last: Reminder
    times: int  # those that reached nobody are not counted

    @property
    def is_enough(self) -> bool:
        """Whether nobody may ask them again this week."""
        return self.times >= MOST


@prepared(history_shape)
def _owing(*, team: int, starts_on: date | None, week: date, is_past: bool) -> QuerySet[Project]:
    of_team, this_week = Team(pk=team, starts_on=starts_on), week + WEEK if is_past else week
    return Project.objects.owing(of_team, week, this_week).select_related("lead")


def waiting(
    team: Team,
    week: date,
    lead: User | None = None,
    *,
    stand_ins: deputies.StandIns | None = None,
) -> list[Project]:
    """The projects that owe an entry of that week (``owing``), with their leads; or one lead's.

    Each carries ``last_week``, the Monday of its latest entry; ``None`` when there was never one;
    and whom ``asked_for`` it. ``stand_ins`` where the caller has read them already.
    """
    is_past = week < team.this_week()
    rows = _owing.rows(team=team.pk, starts_on=team.starts_on, week=week, is_past=is_past)
    projects = [project for project in rows if lead is None or project.lead_id == lead.pk]
    if stand_ins is None:
        stand_ins = deputies.today(team) if projects else deputies.NOBODY
    for project in projects:
        project.asked = stand_ins.of(project.lead)  # type: ignore[attr-defined]  # annotated here
    return projects


def asked_for(project: Project) -> User | None:
    """Who is asked for a project of ``waiting``: its lead, or who stands in for them today."""
    user: User | None = project.asked  # type: ignore[attr-defined]  # annotated by waiting
    return user


def written(team: Team, week: date, answers_since: datetime) -> list[Reminder]:
    """What asked people for the week's updates, and since that moment for answers. One query."""
    for_updates = Q(kind=ReminderKind.CHECK_IN, week=week)
    for_answers = Q(kind=ReminderKind.ANSWER, requested_at__gte=answers_since)
    rows = Reminder.objects.filter(for_updates | for_answers, team=team).exclude(user=None)
    return list(rows.select_related("user").order_by("requested_at", "pk"))


def asked_before(
    team: Team, week: date, rows: Iterable[Reminder] | None = None
) -> dict[int, AskedBefore]:
    """By user, how they were asked to report in that week; ``rows`` where they are ``written``."""
    if rows is None:
        rows = Reminder.objects.filter(team=team, week=week, kind=ReminderKind.CHECK_IN)
        rows = rows.exclude(user=None).select_related("user").order_by("requested_at", "pk")
    last: dict[int, Reminder] = {}
    times: Counter[int] = Counter()
    for row in rows:
        if row.kind != ReminderKind.CHECK_IN or row.state == SendState.UNWANTED:
            continue
        user = row.user_id or 0
        last[user] = row
        times[user] += row.state not in IN_VAIN
    return {user: AskedBefore(row, times[user]) for user, row in last.items()}


@transaction.atomic
def remind(
    team: Team,
    week: date,
    *,
    by: User | None,
    projects: Collection[int] | None = None,
    round: int = 0,  # noqa: A002  as the field is called
    at: datetime | None = None,
) -> Request:
    """Write a reminder for each lead of these projects (all, when ``None``) that still wait.

    A project that is reported, paused or done reminds nobody. One mail will tell the lead of all
    the projects that wait for them. Two requests at the same moment follow each other, so that
    nobody is reminded twice. ``round`` is the schedule's, 1 or 2; then the team's chats are told
    of all who are waited for, too.
    """
    at = at or timezone.now()
    Team.objects.locked().get(pk=team.pk)
    meant = [
        project for project in waiting(team, week) if projects is None or project.pk in projects
    ]
    leads = _leads_of(team, meant)
    values = {"team": team, "week": week, "requested_by": by, "requested_at": at, "round": round}
    people = {user.pk: user for user in leads.values()}
    due, request = _sorted(people.values(), asked_before(team, week), at)
    channels = _channels(team) if round and meant else ()
    return replace(
        request,
        reminders=tuple(
            Reminder.objects.bulk_create(Reminder(user=lead, **values) for lead in due)
        ),
        leaderless=tuple(project for project in meant if project.pk not in leads),
        channels=tuple(
            Reminder.objects.bulk_create(
                Reminder(channel=channel, **values) for channel in channels
            )
        ),
    )


def _leads_of(team: Team, projects: Iterable[Project]) -> dict[int, User]:
    """Who is asked for each project, by its key; without those whose lead cannot report."""
    able = set(who_can_report(team).values_list("pk", flat=True))
    return {
        project.pk: user
        for project in projects
        if project.lead_id in able and (user := asked_for(project)) is not None
    }


def _sorted(
    leads: Iterable[User], history: Mapping[int, AskedBefore], at: datetime
) -> tuple[list[User], Request]:
    """Whom to remind, and who is not reminded and why."""
    due, lately, enough, unreachable, deactivated = [], [], [], [], []
    for lead in leads:
        before = history.get(lead.pk)
        if before and is_recent(before.last, at):
            lately.append(before.last)
        elif before and before.is_enough:
            enough.append(lead)
        elif not lead.is_active:
            deactivated.append(lead)
        elif not is_reachable(lead):
            unreachable.append(lead)
        else:
            due.append(lead)
    return due, Request(
        lately=tuple(lately),
        enough=tuple(enough),
        unreachable=tuple(unreachable),
        deactivated=tuple(deactivated),
    )


def ask_managers(
    team: Team, week: date, kind: ReminderKind, *, at: datetime | None = None
) -> list[Reminder]:
    """Write a reminder of that kind, to review or to publish, for each manager; once a week."""
    values = {"team": team, "week": week, "kind": kind, "requested_at": at or timezone.now()}
    return Reminder.objects.bulk_create(
        (
            Reminder(user=manager, round=1, **values)
            for manager in managers_of(team)
            if is_reachable(manager)
        ),
        ignore_conflicts=True,
    )


def managers_of(team: Team) -> list[User]:
    """Who does the managers' work today: they, or who stands in for them; each once."""
    managers = User.objects.filter(memberships__team=team, memberships__role=Role.MANAGER)
    stand_ins = deputies.today(team)
    people = [user for manager in managers if (user := stand_ins.of(manager)) is not None]
    return list({user.pk: user for user in people}.values())


def _channels(team: Team) -> Iterable[Channel]:
    return Channel.objects.filter(team=team, gets_reminders=True, is_active=True)


def is_recent(reminder: Reminder, now: datetime) -> bool:
    """Whether it is too early for another one. One that could not be sent reminded nobody."""
    if reminder.state in IN_VAIN:
        return False
    return now - reminder.requested_at < AGAIN_AFTER


def who_can_report(team: Team) -> QuerySet[User]:
    """Whom a link to a project that they lead lets in: see ``projects.access``."""
    members = team.memberships.exclude(role=Role.VIEWER)
    return User.objects.filter(Q(is_superuser=True) | Q(pk__in=members.values("user")))


def is_reachable(user: User | None) -> bool:
    return user is not None and user.is_active and bool(user.email)

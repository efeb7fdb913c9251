"""Asks leads again for the answers that they owe: one mail a lead, at most one a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects.models import Question, Team, User
from projects.teams import deputies
from reports.models import Reminder, ReminderKind
from reports.schedule import reminders


@dataclass(frozen=True, slots=True)
class Owing:
    """Who owes answers, to which questions, and the mail of today that asked for them again."""

    person: User
    questions: tuple[Question, ...]
    reminder: Reminder | None = None

    @property
    def may_remind(self) -> bool:
        return self.reminder is None and reminders.is_reachable(self.person)


def owing(
    team: Team,
    at: datetime | None = None,
    *,
    stand_ins: deputies.StandIns | None = None,
    written: Iterable[Reminder] | None = None,
) -> tuple[Owing, ...]:
    """Everybody whose projects have open questions: their lead, or who stands in for them.

    ``stand_ins`` and what is ``written`` today where the caller has read them already.
    """
    rows = Question.objects.filter(team=team, project__closed_on=None).open()
    rows = rows.filter(project__lead__in=reminders.who_can_report(team).values("pk"))
    questions = list(rows.select_related("project__lead").order_by("asked_at", "pk"))
    if not questions:
        return ()
    stand_ins = deputies.today(team) if stand_ins is None else stand_ins
    people: dict[User, list[Question]] = {}
    for question in questions:
        if (person := stand_ins.of(question.project.lead)) is not None:
            people.setdefault(person, []).append(question)
    if written is None:
        written = _written_today(team, at or timezone.now())
    asked = {
        row.user_id: row
        for row in written
        if row.kind == ReminderKind.ANSWER and row.state not in reminders.IN_VAIN
    }
    return tuple(Owing(person, tuple(own), asked.get(person.pk)) for person, own in people.items())


@transaction.atomic
def remind(team: Team, week: date, *, by: User, at: datetime | None = None) -> reminders.Request:
    """Write a mail for everybody who owes answers and was not asked for them again today.

    Two requests at the same moment follow each other, so that nobody is asked twice.
    """
    at = at or timezone.now()
    Team.objects.locked().get(pk=team.pk)
    people = owing(team, at)
    left = [row for row in people if row.reminder is None]
    mails = [
        Reminder(
            team=team,
            week=week,
            kind=ReminderKind.ANSWER,
            user=row.person,
            requested_by=by,
            requested_at=at,
        )
        for row in left
        if row.may_remind
    ]
    return reminders.Request(
        reminders=tuple(Reminder.objects.bulk_create(mails)),
        lately=tuple(row.reminder for row in people if row.reminder is not None),
        unreachable=tuple(
            row.person for row in left if row.person.is_active and not row.may_remind
        ),
        deactivated=tuple(row.person for row in left if not row.person.is_active),
    )


def midnight(team: Team, at: datetime) -> datetime:
    """When the team's day began that holds that moment: people are asked once in it."""
    return team.local(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _written_today(team: Team, at: datetime) -> QuerySet[Reminder]:
    """What asked again for answers on the team's day that holds that moment."""
    rows = Reminder.objects.filter(
        team=team, kind=ReminderKind.ANSWER, requested_at__gte=midnight(team, at)
    )
    return rows.exclude(user=None).select_related("user").order_by("requested_at", "pk")

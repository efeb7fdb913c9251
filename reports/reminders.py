"""Reminds the leads whose projects wait for their entry of the week, each by one mail.

``remind`` writes down who is to be reminded; ``send`` sends one of those mails. Between the two
lies the broker: a message that it loses is found by ``sweep``.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from projects.models import Health, Project, StatusEntry, Team, User
from reports.models import Reminder, ReminderKind, SendState
from reports.render import email

logger = logging.getLogger(__name__)

# Whoever was reminded is left alone for so long.
AGAIN_AFTER: Final = timedelta(hours=1)
# Longer than a mail server may take: a claim that is older is that of a dead worker.
CLAIM_LASTS: Final = timedelta(minutes=5)
# The pause before another attempt, which doubles; the last attempt is some four hours later.
FIRST_PAUSE: Final = timedelta(minutes=1)
ATTEMPTS: Final = 9
# What one tick sends at most.
SWEEP_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What became of one request to remind."""

    reminders: tuple[Reminder, ...] = ()  # the mails it made, one a lead
    lately: tuple[Reminder, ...] = ()  # reminded within the last hour, so not again
    unreachable: tuple[User, ...] = ()  # leads without a mail address
    leaderless: tuple[Project, ...] = ()  # projects whose lead has no account here


def waiting(team: Team, week: date, lead: User | None = None) -> list[Project]:
    """The projects that owe an entry of that week and have none, with their leads; or one lead's.

    Paused projects owe none, nor do those that were last reported as done. Each carries
    ``last_week``, the Monday of its latest entry; ``None`` when there was never one.
    """
    entries = StatusEntry.objects.filter(project=OuterRef("pk"))
    last = entries.filter(week__lt=week).order_by("-week")
    rows = (
        Project.objects.filter(team=team)
        .open_in(week)
        .exclude(Exists(entries.filter(week=week)))
        .annotate(
            last_week=Subquery(last.values("week")[:1]),
            last_health=Coalesce(Subquery(last.values("health")[:1]), Value("")),
        )
        .exclude(last_health__in=(Health.PAUSED, Health.DONE))
        .select_related("lead")
    )
    return list(rows if lead is None else rows.filter(lead=lead))


def latest(team: Team, week: date) -> dict[int, Reminder]:
    """By user, the last reminder to report in that week."""
    rows = Reminder.objects.filter(team=team, week=week, kind=ReminderKind.CHECK_IN)
    rows = rows.select_related("user").order_by("requested_at", "pk")
    return {row.user_id: row for row in rows if row.user_id is not None}


@transaction.atomic
def remind(
    team: Team,
    week: date,
    *,
    by: User | None,
    projects: Collection[int] | None = None,
    at: datetime | None = None,
) -> Request:
    """Write a reminder for each lead of these projects (all, when ``None``) that still wait.

    A project that is reported, paused or done reminds nobody. One mail will tell the lead of all
    the projects that wait for them. Two requests at the same moment follow each other, so that
    nobody is reminded twice.
    """
    at = at or timezone.now()
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    meant = [one for one in waiting(team, week) if projects is None or one.pk in projects]
    leads = {one.lead.pk: one.lead for one in meant if one.lead is not None}
    known = latest(team, week)
    lately = {pk for pk in leads if pk in known and is_recent(known[pk], at)}
    due = [lead for pk, lead in leads.items() if pk not in lately]
    reminders = Reminder.objects.bulk_create(
        Reminder(team=team, week=week, user=lead, requested_by=by, requested_at=at)
        for lead in due
        if is_reachable(lead)
    )
    return Request(
        reminders=tuple(reminders),
        lately=tuple(known[pk] for pk in leads if pk in lately),
        unreachable=tuple(lead for lead in due if not is_reachable(lead)),
        leaderless=tuple(one for one in meant if one.lead is None),
    )


def is_recent(reminder: Reminder, now: datetime) -> bool:
    """Whether it is too early for another one. One that could not be sent reminded nobody."""
    if reminder.state == SendState.FAILED:
        return False
    return now - reminder.requested_at < AGAIN_AFTER


def is_reachable(user: User | None) -> bool:
    return user is not None and user.is_active and bool(user.email)


def send(reminder_id: int, now: datetime | None = None) -> None:
    """Send one reminder, unless it is sent, being sent, or no longer needed.

    It is claimed by a conditional update, so of two workers one sends. What fails for the moment
    is left for the tick to try again; what can never work is kept as failed, with the reason.
    """
    now = now or timezone.now()
    claim = {"state": SendState.CLAIMED, "claimed_until": now + CLAIM_LASTS}
    due = Reminder.objects.filter(pk=reminder_id).due(now)
    if not due.update(**claim, attempts=F("attempts") + 1):
        return
    reminder = Reminder.objects.select_related("team", "user", "requested_by").get(pk=reminder_id)
    team = reminder.team
    mine = waiting(team, reminder.week, reminder.user)
    if not mine or reminder.week != team.this_week() or not is_reachable(reminder.user):
        # All was reported before the mail left, or nobody is there to read it: none is sent.
        reminder.delete()
        return
    message = _message(reminder, mine)
    try:
        message.send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors
        _failed(reminder, error, now)
        return
    _settle(reminder, SendState.SENT, sent_at=now, error="", message_id=_message_id(reminder))


def sweep(now: datetime | None = None) -> int:
    """Send what a lost message or a failed attempt left undone; how many mails that were."""
    now = now or timezone.now()
    due = Reminder.objects.due(now).order_by("requested_at")
    found = list(due.values_list("pk", flat=True)[:SWEEP_LIMIT])
    for reminder_id in found:
        try:
            send(reminder_id, now)
        except Exception:
            # One mail that cannot be made must not keep all others waiting.
            logger.exception("cannot send reminder %s", reminder_id)
    return len(found)


def _message(reminder: Reminder, projects: Iterable[Project]) -> EmailMultiAlternatives:
    mail = email.reminder(reminder, projects)
    asked_by = reminder.requested_by
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[reminder.user.email] if reminder.user else [],
        reply_to=[asked_by.email] if asked_by and asked_by.email else None,
        # Sent twice by a worker that died in between, it is the same mail to a mail reader.
        headers={"Message-ID": _message_id(reminder), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _message_id(reminder: Reminder) -> str:
    return f"<reminder-{reminder.pk}@{urlsplit(settings.SITE_URL).hostname}>"


def _failed(reminder: Reminder, error: Exception, now: datetime) -> None:
    logger.warning("reminder %s was not sent: %s", reminder.pk, error)
    if is_permanent(error) or reminder.attempts >= ATTEMPTS:
        _settle(reminder, SendState.FAILED, error=str(error))
        return
    pause = FIRST_PAUSE * 2 ** (reminder.attempts - 1)
    _settle(reminder, SendState.PENDING, error=str(error), claimed_until=now + pause)


def is_permanent(error: Exception) -> bool:
    """Whether another attempt would fail as this one did: by SMTP's reply codes, 5xx."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)  # an address that is none


def _settle(reminder: Reminder, state: SendState, **values: object) -> None:
    fields = {"claimed_until": None, **values, "state": state}
    for name, value in fields.items():
        setattr(reminder, name, value)
    reminder.save(update_fields=list(fields))

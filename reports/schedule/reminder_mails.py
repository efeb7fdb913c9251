"""Sends reminders: one mail, or one message to a group chat, for each.

What is no longer needed when its turn comes is not sent, and stays written down as unwanted.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from projects.models import Role
from projects.teams import cutoffs
from reports import channels
from reports.channels import Card, Rejected, Unreachable
from reports.models import Reminder, ReminderKind, SendState
from reports.outbox import sending
from reports.pages import editions
from reports.render import email
from reports.render.email import Mail
from reports.schedule import duties, reminders

logger = logging.getLogger(__name__)

# What one tick sends at most.
SWEEP_LIMIT: Final = 100


def send(reminder_id: int, now: datetime | None = None) -> None:
    """Send one reminder, unless it is sent, being sent, or no longer needed.

    It is claimed by a conditional update, so of two workers one sends. What fails for the moment
    is left for the tick to try again; what can never work is kept as failed, with the reason.
    """
    _send_due(reminder_id, now or timezone.now())


def sweep(now: datetime | None = None) -> int:
    """Send what a lost message or a failed attempt left undone; how many were tried."""
    now = now or timezone.now()
    due = Reminder.objects.due(now).order_by("requested_at", "pk")
    found = list(due.values_list("pk", flat=True)[:SWEEP_LIMIT])
    for reminder_id in found:
        # A mail server that is away has put off all that it was to take: those are not claimed.
        _send_due(reminder_id, now)
    return len(found)


def _send_due(reminder_id: int, now: datetime) -> None:
    rows = Reminder.objects.filter(pk=reminder_id)
    related = ("team", "user", "requested_by", "channel")
    for reminder in sending.claim(rows.select_related(*related), now):
        try:
            said = _post(reminder, now) if reminder.channel_id else _mail(reminder, now)
        except Rejected as error:
            sending.settle(
                reminder, SendState.FAILED, attempts=reminder.attempts + 1, error=str(error)
            )
        except Unreachable as error:
            logger.warning("reminder %s was not posted: %s", reminder.pk, error)
            sending.failed(reminder, sending.NotTaken(str(error), wait=error.wait), now)
        except Exception as error:
            # One message that cannot be made must not keep all others waiting.
            is_ours = isinstance(error, OSError | ValueError)
            logger.warning("reminder %s was not sent: %s", reminder.pk, error, exc_info=not is_ours)
            sending.failed(reminder, error, now)
            if sending.is_servers(error):
                sending.hold(Reminder.objects.filter(channel=None), error, now)
        else:
            if said is None:
                sending.settle(reminder, SendState.UNWANTED, error="")
            else:
                sending.sent(reminder, now, message_id=said)


def _mail(reminder: Reminder, now: datetime) -> str | None:
    """Mail it; its ``Message-ID``, or ``None`` when nobody needs it any more."""
    made = _made(reminder, now)
    if made is None or reminder.user is None:
        return None
    asked_by = reminder.requested_by
    message = EmailMultiAlternatives(
        made.subject,
        made.text,
        to=[reminder.user.email],
        reply_to=[asked_by.email] if asked_by and asked_by.email else None,
        headers={"Message-ID": reminders.message_id(reminder), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(made.html, "text/html")
    message.send()
    return reminders.message_id(reminder)


def _made(reminder: Reminder, now: datetime) -> Mail | None:
    if not reminders.is_reachable(reminder.user):
        return None
    if reminder.kind == ReminderKind.CHECK_IN:
        able = reminders.who_can_report(reminder.team).filter(pk=reminder.user_id or 0)
        if _is_over(reminder, now) or not able.exists():
            return None
        mine = reminders.waiting(reminder.team, reminder.week, reminder.user)
        return email.reminder(reminder, mine, _cutoff(reminder, now)) if mine else None
    if not _is_manager(reminder) or editions.latest(reminder.team, reminder.week) is not None:
        return None
    found = duties.duties_of(reminder.team, reminder.week)
    if reminder.kind == ReminderKind.PUBLISH:
        return email.to_publish(reminder, found)
    return email.to_review(reminder, found) if found else None


def _is_over(reminder: Reminder, now: datetime) -> bool:
    """Whether it is too late to ask for that update: no lead can report on a week that is over,
    and after the cutoff only the manager's own request is passed on.
    """
    team, week = reminder.team, reminder.week
    if week != team.this_week():
        return True
    cutoff = cutoffs.cutoff_of(team, week).at if reminder.round else None
    return cutoff is not None and cutoff <= now


def _cutoff(reminder: Reminder, now: datetime) -> datetime | None:
    """Until when to report, as far as that is still to come."""
    at = cutoffs.cutoff_of(reminder.team, reminder.week).at
    return at if at is not None and at > now else None


def _is_manager(reminder: Reminder) -> bool:
    members = reminder.team.memberships.filter(user=reminder.user, role=Role.MANAGER)
    return members.exists()


def _post(reminder: Reminder, now: datetime) -> str | None:
    """Post it to its channel; what that answered, or ``None`` when nobody needs it any more."""
    channel = reminder.channel
    is_on = channel is not None and channel.is_active and channel.gets_reminders
    if channel is None or not is_on or _is_over(reminder, now):
        return None
    waits = reminders.waiting(reminder.team, reminder.week)
    if not waits:
        return None
    with translation.override(reminder.team.language):
        card: Card = channels.card_of_waiting(reminder.team, reminder.week, waits)
        return channels.post(channel, card, idempotency_key=f"reminder-{reminder.pk}")

"""Sends an edition to the team's recipients: one delivery each, by mail or to a channel.

``prepare`` writes down who is to get it; ``send_batch`` sends some of what is due, and any number
of workers may do so at once. Between the two lies the broker: a message that it loses is found by
``sweep``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from okrtracker.mail import sender
from okrtracker.mail.outbox import Clock, Unwanted
from projects import audit
from projects.models import User
from reports import channels
from reports.channels import Card, posting
from reports.digest import edition_mail, recipients
from reports.models import Channel, Delivery, Digest, Edition, SendState, WeeklyPage
from reports.pages import catching_up

logger = logging.getLogger(__name__)

# A claim of so many mails is sent in seconds, so a worker that dies holds up few of them; and one
# connection carries them, so a server is greeted four times a second at most.
BATCH: Final = 50
# Cards take a group robot some seconds each, and it allows 20 a minute.
_CARDS: Final = 5

_READERS: Final = ("membership_id", "subscriber_id", "channel_id")

# Why nobody was written to, as ``Delivery.error`` keeps it; ``delivery_errors`` has the words.
UNSUBSCRIBED: Final = "unsubscribed"
LEFT: Final = "left"
SWITCHED_OFF: Final = "disabled"


@transaction.atomic
def prepare(edition_id: int, now: datetime | None = None) -> int:
    """Write the deliveries of an edition whose digest is due; how many there are of it.

    0 when it is not due yet, was prepared before, is not to be sent or waits for its manager. In
    one transaction with ``Digest.prepared_at``: all recipients of one moment, or none yet. Where
    facts have moved since the edition, the deliveries are of the next one, which is made here.
    """
    now = now or timezone.now()
    waiting = Digest.objects.filter(prepared_at=None, due_at__lte=now)
    waiting = waiting.select_related("edition__page__team").defer("edition__document")
    arranged = waiting.filter(edition=edition_id).first()
    if arranged is None:
        return 0
    edition = catching_up.edition_to_send(arranged.edition, at=now)
    if edition is None:
        return 0
    digest = waiting.select_for_update(of=("self",)).filter(edition=edition).first()
    if digest is None:
        return 0
    page = digest.edition.page
    # The team's start was moved since: nothing of history is mailed.
    made = 0 if page.team.is_history(page.week) else deliver_to_all(digest.edition)
    digest.prepared_at = now
    digest.save(update_fields=["prepared_at"])
    return made


@transaction.atomic
def arrange_now(edition: Edition, *, by: User | None, now: datetime | None = None) -> bool:
    """Have the edition sent at once, as it is; whether that changed anything."""
    now = now or timezone.now()
    WeeklyPage.objects.filter(pk=edition.page_id).update(final_edition=edition.number)
    values = {"team": edition.team, "due_at": now, "requested_by": by}
    _digest, is_new = Digest.objects.get_or_create(edition=edition, defaults=values)
    waiting = Digest.objects.filter(edition=edition, prepared_at=None, due_at__gt=now)
    if not is_new and not waiting.update(due_at=now):
        return False
    audit.note(edition.team, "digest.send", edition, by=by, after={"due_at": now})
    return True


def deliver_to_all(edition: Edition) -> int:
    """Write a delivery to each recipient of this moment that has none; how many there are then."""
    Delivery.objects.bulk_create(missing_deliveries(edition), ignore_conflicts=True)
    return Delivery.objects.filter(edition=edition).count()


def missing_deliveries(edition: Edition) -> list[Delivery]:
    """Those of ``recipients_now`` that have none of it.

    Who has another address by now, and a chat that is called otherwise, is still the same: only
    when it failed at the old one is there anything to send to the new.
    """
    names, readers = set(), set()
    deliveries = Delivery.objects.filter(edition=edition)
    for row in deliveries.only("is_chat", "recipient", "state", *_READERS):
        names.add((row.is_chat, row.recipient))
        if row.state != SendState.FAILED:
            readers.add(_reader_of(row))
    wanted = recipients_now(edition)
    named = [row for row in wanted if (row.is_chat, row.recipient) not in names]
    return [row for row in named if _reader_of(row) not in readers]


def _reader_of(row: Delivery) -> tuple[int | None, int | None, int | None]:
    return row.membership_id, row.subscriber_id, row.channel_id


def recipients_now(edition: Edition) -> list[Delivery]:
    """A delivery, not written yet, to each whom the edition would go to at this moment."""
    return [*_mails(edition), *_cards(edition)]


def _mails(edition: Edition) -> Iterable[Delivery]:
    return (
        Delivery(
            team=edition.team,
            edition=edition,
            recipient=recipient.address,
            language=recipient.language,
            membership_id=recipient.membership_id,
            subscriber_id=recipient.subscriber_id,
        )
        for recipient in recipients.recipients_of(edition.team)
    )


def _cards(edition: Edition) -> Iterable[Delivery]:
    team = edition.team
    getting = Channel.objects.filter(team=team, is_active=True, gets_digest=True)
    return (
        Delivery(
            team=team,
            edition=edition,
            channel=channel,
            recipient=channel.name,
            is_chat=True,
            language=team.language,
        )
        for channel in getting
    )


def due(now: datetime | None = None) -> dict[int, int]:
    """By edition, how many deliveries are due; 0 where they have yet to be prepared. Two queries,
    however many teams there are.
    """
    now = now or timezone.now()
    unprepared = Digest.objects.filter(prepared_at=None, due_at__lte=now)
    due_count = dict.fromkeys(unprepared.values_list("edition", flat=True), 0)
    rows = Delivery.objects.due(now).order_by().values_list("edition")
    due_count.update(rows.annotate(Count("pk")))
    return due_count


def sweep(now: datetime | None = None) -> dict[int, int]:
    """Prepare what is due, and say by edition how many deliveries are."""
    now = now or timezone.now()
    due_count = due(now)
    unprepared = [edition_id for edition_id, count in due_count.items() if not count]
    for edition_id in unprepared:
        try:
            prepare(edition_id, now)
        except Exception:
            # One edition that cannot be prepared must not keep all others waiting.
            logger.exception("cannot prepare the digest of edition %s", edition_id)
    if unprepared:
        due_count = due(now)  # some may be of another edition now
    return {edition_id: count for edition_id, count in due_count.items() if count}


def send_batch(edition_id: int, now: datetime | None = None, limit: int = BATCH) -> int:
    """Send some of what is due of an edition; how many deliveries were settled, as sent or not.

    0 when nothing is due or nothing can be sent at present.
    """
    clock = Clock(now or timezone.now())
    rows = Delivery.objects.filter(edition=edition_id)
    cards = rows.filter(is_chat=True).select_related("channel")
    posted = posting.post_due(cards, _card_of(edition_id), clock.now, _CARDS)
    mails = rows.filter(is_chat=False).select_related("membership__user", "subscriber")
    return posted + sender.send_due(mails, partial(_writer, edition_id), clock.now, limit)


def _card_of(edition_id: int) -> Callable[[Delivery], tuple[Channel, Card]]:
    edition = cache(partial(edition_mail.edition_of, edition_id))

    def card_of(row: Delivery) -> tuple[Channel, Card]:
        channel = row.channel
        if channel is None or unwanted(row):
            raise Unwanted(SWITCHED_OFF)
        return channel, channels.card_of_edition(edition(), row.language)

    return card_of


def _writer(edition_id: int, claimed: Sequence[Delivery]) -> sender.Write[Delivery]:
    write = edition_mail.writer(edition_id, [row for row in claimed if not unwanted(row)])

    def write_wanted(row: Delivery) -> EmailMessage:
        if reason := unwanted(row):
            raise Unwanted(reason)
        return write(row)

    return write_wanted


def unwanted(row: Delivery) -> str:
    """Why this delivery is not to go out any more, whatever was wanted when it was written down;
    empty when it is. For a row read with its channel, subscriber and the member's user.
    """
    if row.is_chat:
        channel = row.channel
        gets_it = channel is not None and channel.is_active and channel.gets_digest
        return "" if gets_it else SWITCHED_OFF
    if row.subscriber is not None:
        return "" if row.subscriber.gets_digest else UNSUBSCRIBED
    if row.membership is None or not row.membership.user.is_active:
        return LEFT
    return "" if row.membership.gets_digest else UNSUBSCRIBED

"""Sends an edition to the team's recipients: one delivery each, by mail or to a channel.

``prepare`` writes down who is to get it; ``send_batch`` sends some of what is due, and any number
of workers may do so at once. Between the two lies the broker: a message that it loses is found by
``sweep``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from projects import audit
from projects.models import User
from reports import channels
from reports.digest import letters, recipients
from reports.models import Channel, Delivery, Digest, Edition, SendState, Subscriber
from reports.models.deliveries import DeliveryQuerySet
from reports.outbox import mailing, sending
from reports.outbox.mailing import Clock

logger = logging.getLogger(__name__)

# A claim of so many mails is sent in seconds, so a worker that dies holds up few of them; and one
# connection carries them, so a server is greeted four times a second at most.
BATCH: Final = 50
# Cards take a group robot some seconds each, and it allows 20 a minute.
_CARDS: Final = 5

_READERS: Final = ("membership_id", "subscriber_id", "channel_id")

# Why nobody was written to, as ``Delivery.error`` keeps it; the ledger says it in words.
UNSUBSCRIBED: Final = "unsubscribed"
LEFT: Final = "left"
SWITCHED_OFF: Final = "switched off"


@transaction.atomic
def prepare(edition_id: int, now: datetime | None = None) -> int:
    """Write the deliveries of an edition whose digest is due; how many there are of it.

    0 when it is not due yet, was prepared before or is not to be sent. In one transaction with
    ``Digest.prepared_at``: all recipients of one moment, or none yet.
    """
    now = now or timezone.now()
    waiting = Digest.objects.filter(edition=edition_id, prepared_at=None, due_at__lte=now)
    digest = waiting.select_for_update(of=("self",)).select_related("edition__page__team").first()
    if digest is None:
        return 0
    made = deliver_to_all(digest.edition)
    digest.prepared_at = now
    digest.save(update_fields=["prepared_at"])
    return made


@transaction.atomic
def arrange_now(edition: Edition, *, by: User | None, now: datetime | None = None) -> bool:
    """Have the edition sent at once, whatever was arranged; whether that changed anything."""
    now = now or timezone.now()
    values = {"team": edition.team, "due_at": now, "requested_by": by}
    _digest, is_new = Digest.objects.get_or_create(edition=edition, defaults=values)
    waiting = Digest.objects.filter(edition=edition, prepared_at=None, due_at__gt=now)
    if not is_new and not waiting.update(due_at=now):
        return False
    audit.note(edition.team, "digest.send", edition, by=by, after={"due_at": now})
    return True


def deliver_to_all(edition: Edition) -> int:
    """Write a delivery to each recipient of this moment that has none; how many there are then."""
    Delivery.objects.bulk_create(without_one(edition), ignore_conflicts=True)
    return Delivery.objects.filter(edition=edition).count()


def without_one(edition: Edition) -> list[Delivery]:
    """Those of ``recipients_now`` that have none of it.

    Who has another address by now, and a chat that is called otherwise, is still the same: only
    when it failed at the old one is there anything to send to the new.
    """
    names, readers = set(), set()
    known = Delivery.objects.filter(edition=edition)
    for row in known.only("is_chat", "recipient", "state", *_READERS):
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
            recipient=one.address,
            language=one.language,
            membership_id=one.membership_id,
            subscriber_id=one.subscriber_id,
        )
        for one in recipients.recipients_of(edition.team)
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
    found = dict.fromkeys(unprepared.values_list("edition", flat=True), 0)
    rows = Delivery.objects.due(now).order_by().values_list("edition")
    found.update(rows.annotate(Count("pk")))
    return found


def sweep(now: datetime | None = None) -> dict[int, int]:
    """Prepare what is due, and say by edition how many deliveries are."""
    now = now or timezone.now()
    found = due(now)
    for edition_id in [edition_id for edition_id, waiting in found.items() if not waiting]:
        try:
            found[edition_id] = prepare(edition_id, now)
        except Exception:
            # One edition that cannot be prepared must not keep all others waiting.
            logger.exception("cannot prepare the digest of edition %s", edition_id)
    return {edition_id: waiting for edition_id, waiting in found.items() if waiting}


def send_batch(edition_id: int, now: datetime | None = None, limit: int = BATCH) -> int:
    """Send some of what is due of an edition; how many deliveries were settled, as sent or not.

    0 when nothing is due or nothing can be sent at present. Mails share one connection, which is
    open before anything is claimed: a mail server that is away costs no recipient an attempt.
    """
    clock = Clock(now or timezone.now())
    deliveries = Delivery.objects.filter(edition=edition_id)
    settled = _post_cards(edition_id, deliveries.filter(is_chat=True), clock)
    return settled + _send_mails(edition_id, deliveries.filter(is_chat=False), clock, limit)


def _send_mails(edition_id: int, mails: DeliveryQuerySet, clock: Clock, limit: int) -> int:
    if not mails.due(clock.now).exists():
        return 0
    connection = mailers.default
    try:
        connection.open()
    except OSError as error:
        logger.warning("no mail server: edition %s is sent later: %s", edition_id, error)
        mailing.close(connection)
        sending.hold(mails, error, clock.now)
        return 0
    try:
        # Fixed and written down before the mail leaves: sent twice by a worker that died in
        # between, it is the same mail to a mail reader.
        batch = sending.claim(
            mails.select_related("membership__user", "subscriber"),
            clock.now,
            limit,
            message_id=Case(When(message_id="", then=_new_id()), default="message_id"),
        )
        return _send_claimed(edition_id, batch, connection, clock, mails)
    finally:
        mailing.close(connection)


def _send_claimed(
    edition_id: int,
    batch: list[Delivery],
    connection: BaseEmailBackend,
    clock: Clock,
    mails: DeliveryQuerySet,
) -> int:
    wanted = [row for row in batch if not _is_dropped(row)]
    dropped = len(batch) - len(wanted)
    if not wanted:
        return dropped
    try:
        write = letters.writer(edition_id, wanted)
    except Exception as error:
        # The same for every recipient, so nobody's fault: all wait until it is mended.
        logger.exception("cannot make the mail of edition %s", edition_id)
        sending.release(wanted)
        sending.hold(mails, error, clock.now)
        return dropped
    return dropped + mailing.send_all(wanted, write, connection, clock, mails)


def _is_dropped(row: Delivery) -> bool:
    """Settle what nobody wants any more, with the reason; nobody is written to."""
    reason = unwanted(row)
    if reason:
        sending.settle(row, SendState.UNWANTED, error=reason, message_id="")
    return bool(reason)


def unwanted(row: Delivery) -> str:
    """Why this delivery is not to go out any more, whatever was wanted when it was written down;
    empty when it is. For a row read with its channel, subscriber and the member's user.
    """
    if row.is_chat:
        channel = row.channel
        gets_it = channel is not None and channel.is_active and channel.gets_digest
        return "" if gets_it else SWITCHED_OFF
    if row.subscriber is not None:
        return "" if gets_digest(row.subscriber) else UNSUBSCRIBED
    if row.membership is None or not row.membership.user.is_active:
        return LEFT
    return "" if row.membership.gets_digest else UNSUBSCRIBED


def gets_digest(one: Subscriber) -> bool:
    """As ``Subscriber.objects.who_get_the_digest()`` says of many."""
    is_on = one.unsubscribed_at is None and one.removed_at is None
    return is_on and one.confirmed_at is not None


def _post_cards(edition_id: int, cards: DeliveryQuerySet, clock: Clock) -> int:
    """Post to the channels that are due, the first few; how many were settled."""
    batch = sending.claim(cards.select_related("channel"), clock.now, _CARDS)
    wanted = [row for row in batch if not _is_dropped(row)]
    if not wanted:
        return len(batch)
    edition = letters.edition_of(edition_id)
    for place, row in enumerate(wanted):
        if clock.is_half_over:
            sending.release(wanted[place:])
            return len(batch) - len(wanted) + place
        if row.channel is not None:
            _post_card(row, row.channel, edition, clock)
    return len(batch)


def _post_card(row: Delivery, channel: Channel, edition: Edition, clock: Clock) -> None:
    try:
        card = channels.card_of_edition(edition, row.language)
        answer = channels.post(channel, card, idempotency_key=f"digest-{row.pk}")
    except (channels.Rejected, channels.Unreachable) as error:
        sending.failed(row, _as_kept(error), clock.now)
    except Exception as error:
        logger.exception("cannot make the card of delivery %s", row.pk)
        sending.failed(row, error, clock.now)
    else:
        sending.sent(row, clock.now, message_id=answer[:200])


def _as_kept(error: channels.Rejected | channels.Unreachable) -> sending.NotTaken:
    """By its code, which ``reports.digest.troubles`` says in the language of whoever reads it."""
    words = f"{error.why}: {error.detail}" if error.detail else str(error.why)
    if isinstance(error, channels.Unreachable):
        return sending.NotTaken(words, wait=error.wait)
    return sending.NotTaken(words, is_for_good=True)


def _new_id() -> Concat:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return Concat(Value("<digest-"), Cast("pk", CharField()), Value(f"@{host}>"))

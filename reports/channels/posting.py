"""Posts rows of the outbox to group chats and webhooks, and settles each right after."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from okrtracker.mail import outbox
from okrtracker.mail.models import OutboxQuerySet
from okrtracker.mail.outbox import Clock, NotTaken, Unwanted
from reports import channels
from reports.models import Channel, Delivery, Reminder
from reports.vendors.message import Card, NotPosted, Unreachable

logger = logging.getLogger(__name__)


def post_due[Row: (Delivery, Reminder)](
    rows: OutboxQuerySet[Row],
    card_of: Callable[[Row], tuple[Channel, Card]],
    now: datetime,
    limit: int,
) -> int:
    """Post up to ``limit`` of the ``rows`` that are due; how many were settled, as sent or not.

    ``card_of`` says what is posted where. It raises ``Unwanted`` when nobody needs it any more.
    Once half of the lease has gone the rest is given back, as with mails.
    """
    clock = Clock(now)
    claimed = outbox.claim(rows, now, limit)
    for place, row in enumerate(claimed):
        if clock.is_half_over:
            outbox.release(claimed[place:])
            return place
        _post(row, card_of, clock)
    return len(claimed)


def _post[Row: (Delivery, Reminder)](
    row: Row, card_of: Callable[[Row], tuple[Channel, Card]], clock: Clock
) -> None:
    try:
        channel, card = card_of(row)
        answer = channels.post(channel, card, idempotency_key=f"{card.kind}-{row.pk}")
    except Unwanted as reason:
        outbox.settle_unwanted(row, str(reason))
    except NotPosted as error:
        outbox.settle_failed(row, _not_taken(error), clock.now)
    except Exception as error:
        # One card that cannot be made must not keep all others waiting.
        logger.exception("cannot make the card of %s %s", type(row).__name__, row.pk)
        outbox.settle_failed(row, error, clock.now)
    else:
        outbox.settle_sent(row, clock.now, message_id=answer[:200])


def _not_taken(error: NotPosted) -> NotTaken:
    if isinstance(error, Unreachable):
        return NotTaken(error.as_kept(), wait=error.wait)
    return NotTaken(error.as_kept(), is_for_good=True)

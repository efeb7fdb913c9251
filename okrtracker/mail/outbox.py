"""What every message goes through: it is claimed, sent, and settled. One code for all rows.

A worker claims rows until the end of a lease (``settings.SENDING_LEASE``) under a token of its own,
sends them, and settles each right after the server took it or did not. A worker that dies settles
nothing: its rows are due again when the lease runs out. One that was only slow settles nothing
either once another worker has claimed the row, because settling asks for the token.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Cast, Concat

from okrtracker import metrics
from okrtracker.mail import mime, smtp_errors
from okrtracker.mail.models import OutboxQuerySet, OutboxRow, SendState

# The pause before the second attempt; it doubles with each.
FIRST_PAUSE: Final = timedelta(seconds=settings.SENDING_PAUSE)


class NotTaken(Exception):
    """Somebody else than a mail server refused: for good or not, and how long to wait at least.

    ``str`` is kept as ``OutboxRow.error``.
    """

    def __init__(
        self, words: str, *, is_for_good: bool = False, wait: timedelta = timedelta(0)
    ) -> None:
        super().__init__(words)
        self.is_for_good = is_for_good
        self.wait = wait


class Unwanted(Exception):
    """Nobody needs the message any more, so it is not sent. ``str`` is kept as the row's error."""


@dataclass(slots=True)
class Clock:
    """The time, counted from the moment that the caller says it is."""

    start: datetime
    _began: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    @property
    def now(self) -> datetime:
        return self.start + self.passed

    @property
    def is_half_over(self) -> bool:
        """Whether half of the lease has gone: time to give back what was not begun."""
        return self.passed >= lease() / 2


def lease() -> timedelta:
    """How long a claim holds: longer than a mail server may take for what is claimed at once."""
    return timedelta(seconds=settings.SENDING_LEASE)


@transaction.atomic
def claim[Row: OutboxRow](
    rows: OutboxQuerySet[Row], now: datetime, limit: int = 1, **values: Any
) -> list[Row]:
    """Claim up to ``limit`` of the rows that are due, the oldest first; what was claimed, read
    with the relations that ``rows`` selects. ``values`` are set along with the claim.

    Of several workers each gets other rows: PostgreSQL lets each pass over what another is
    claiming at this moment; SQLite lets one write at a time.
    """
    free = rows.select_related(None).due(now).order_by("pk")
    free = free.select_for_update(skip_locked=True, of=("self",))
    chosen = list(free.values_list("pk", flat=True)[:limit])
    if not chosen:
        return []
    held = {"state": SendState.CLAIMED, "claimed_until": now + lease()}
    token = uuid.uuid4().hex
    mine = rows.select_related(None).filter(pk__in=chosen).due(now)
    mine.update(**held, claimed_by=token, **values)
    return list(rows.filter(pk__in=chosen, claimed_by=token).order_by("pk"))


def claim_mails[Row: OutboxRow](
    rows: OutboxQuerySet[Row], now: datetime, limit: int = 1
) -> list[Row]:
    """Claim rows that go out as mails: each gets a ``Message-ID``, or keeps the one it has.

    It is written down before the mail leaves: sent twice by a worker that died in between, it is
    the same mail to a mail reader.
    """
    before = Value(f"<{rows.model._meta.model_name}-")
    after = Value(f"-{uuid.uuid4().hex[:12]}@{mime.site_host()}>")
    new_id = When(message_id="", then=Concat(before, Cast("pk", CharField()), after))
    return claim(rows, now, limit, message_id=Case(new_id, default="message_id"))


def settle(row: OutboxRow, state: SendState, **values: Any) -> bool:
    """Write down what became of a claimed row, in one update, and set it on the row, too.

    ``False``, and nothing is written, when the claim is no longer held: the lease ran out and
    another worker has the row now.
    """
    fields = {"claimed_until": None, **values, "state": state, "claimed_by": ""}
    mine = type(row)._default_manager.filter(
        pk=row.pk, state=SendState.CLAIMED, claimed_by=row.claimed_by
    )
    if not mine.update(**fields):
        return False
    metrics.MESSAGES.labels(row._meta.model_name, state).inc()
    for name, value in fields.items():
        setattr(row, name, value)
    return True


def settle_sent(row: OutboxRow, now: datetime, **values: Any) -> bool:
    """The server took it. Count the attempt."""
    return settle(row, SendState.SENT, sent_at=now, error="", attempts=row.attempts + 1, **values)


def settle_unwanted(row: OutboxRow, reason: str) -> bool:
    """Nobody was written to, and no attempt is counted."""
    return settle(row, SendState.UNWANTED, error=reason, message_id="")


def settle_failed(row: OutboxRow, error: Exception, now: datetime) -> bool:
    """It was not taken. What can never work, or did not ``attempts_limit`` times, is kept as
    failed; anything else is pending again, after a pause that doubles with each attempt.

    What is the server's trouble (``smtp_errors.is_of_the_server``) is only put off.
    """
    if smtp_errors.is_of_the_server(error):
        return put_off(row, error, now)
    attempts = row.attempts + 1
    failure = {"attempts": attempts, "error": smtp_errors.words_of(error)}
    if _is_for_good(error) or attempts >= row.attempts_limit:
        return settle(row, SendState.FAILED, **failure)
    wait = error.wait if isinstance(error, NotTaken) else timedelta(0)
    return settle(row, SendState.PENDING, claimed_until=now + max(pause(attempts), wait), **failure)


def put_off(row: OutboxRow, error: Exception, now: datetime) -> bool:
    """It could not be tried: pending for a first pause, and no attempt is counted."""
    words = smtp_errors.words_of(error)
    return settle(row, SendState.PENDING, claimed_until=now + FIRST_PAUSE, error=words)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … minutes."""
    return FIRST_PAUSE * (1 << max(attempts - 1, 0))


def release(rows: Sequence[OutboxRow]) -> int:
    """Give back rows of one claim that nobody tried to send: due at once, for whoever comes."""
    if not rows:
        return 0
    first = rows[0]
    mine = type(first)._default_manager.filter(
        pk__in=[row.pk for row in rows], state=SendState.CLAIMED, claimed_by=first.claimed_by
    )
    return mine.update(state=SendState.PENDING, claimed_until=None, claimed_by="")


def hold[Row: OutboxRow](rows: OutboxQuerySet[Row], error: Exception, now: datetime) -> int:
    """Nothing can be sent at present, whoever it is to: let all that is due wait for a first
    pause, with the reason to be seen. No attempt is counted.

    So one worker that finds the mail server down spares the others the same.
    """
    return (
        rows.select_related(None)
        .due(now)
        .update(
            state=SendState.PENDING,
            claimed_until=now + FIRST_PAUSE,
            claimed_by="",
            error=smtp_errors.words_of(error),
        )
    )


def _is_for_good(error: Exception) -> bool:
    if isinstance(error, NotTaken):
        return error.is_for_good
    return smtp_errors.is_permanent(error)

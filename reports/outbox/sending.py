"""What every message goes through: it is claimed, sent, and settled. One code for all ``Sending``.

A worker claims rows until the end of a lease (``settings.SENDING_LEASE``) under a token of its own,
sends them, and settles each right after the server took it or did not. A worker that dies settles
nothing: its rows are due again when the lease runs out. One that was only slow settles nothing
either once another worker has claimed the row, because settling asks for the token.
"""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from reports.models import SendState
from reports.models.sending import Sending, SendingQuerySet

# The pause before another attempt, which doubles: from one minute on, the last attempt is some
# four hours later.
FIRST_PAUSE: Final = timedelta(seconds=settings.SENDING_PAUSE)
ATTEMPTS: Final = 9
# RFC 4954: authentication is required, too weak, failed, or wants encryption.
_AUTHENTICATION: Final = frozenset({530, 534, 535, 538})
_CLOSING: Final = 421
_TOO_LARGE: Final = 552
_BEFORE_ANY_MAIL: Final = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
)


class NotTaken(Exception):
    """What somebody else than a mail server said: for good or not, and how long to wait at least.

    ``words`` are kept as ``Sending.error``.
    """

    def __init__(
        self, words: str, *, is_for_good: bool = False, wait: timedelta = timedelta(0)
    ) -> None:
        super().__init__(words)
        self.is_for_good = is_for_good
        self.wait = wait


def lease() -> timedelta:
    """How long a claim holds: longer than a mail server may take for what is claimed at once."""
    return timedelta(seconds=settings.SENDING_LEASE)


@transaction.atomic
def claim[Row: Sending](
    rows: SendingQuerySet[Row], now: datetime, limit: int = 1, **values: Any
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


def settle(row: Sending, state: SendState, **values: Any) -> bool:
    """Write down what became of a claimed row, in one update; the row is told, too.

    ``False``, and nothing is written, when the claim is no longer held: the lease ran out and
    another worker has the row now.
    """
    fields = {"claimed_until": None, **values, "state": state, "claimed_by": ""}
    mine = type(row)._default_manager.filter(
        pk=row.pk, state=SendState.CLAIMED, claimed_by=row.claimed_by
    )
    if not mine.update(**fields):
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    return True


def sent(row: Sending, now: datetime, **values: Any) -> bool:
    """The server took it. Count the attempt."""
    return settle(row, SendState.SENT, sent_at=now, error="", attempts=row.attempts + 1, **values)


def failed(row: Sending, error: Exception, now: datetime) -> bool:
    """It was not taken. What can never work, or did not ``ATTEMPTS`` times, is kept as failed;
    anything else is pending again, after a pause that doubles with each attempt.

    What is the server's trouble (``is_servers``) is only put off.
    """
    if is_servers(error):
        return put_off(row, error, now)
    attempts = row.attempts + 1
    known = {"attempts": attempts, "error": words_of(error)}
    if is_permanent(error) or attempts >= ATTEMPTS:
        return settle(row, SendState.FAILED, **known)
    wait = error.wait if isinstance(error, NotTaken) else timedelta(0)
    return settle(row, SendState.PENDING, claimed_until=now + max(pause(attempts), wait), **known)


def put_off(row: Sending, error: Exception, now: datetime) -> bool:
    """It could not be tried: pending for a first pause, and no attempt is counted."""
    waits = {"claimed_until": now + FIRST_PAUSE, "error": words_of(error)}
    return settle(row, SendState.PENDING, **waits)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … 128 minutes."""
    return FIRST_PAUSE * (1 << max(attempts - 1, 0))


def release(rows: Sequence[Sending]) -> int:
    """Give back rows of one claim that nobody tried to send: due at once, for whoever comes."""
    if not rows:
        return 0
    first = rows[0]
    mine = type(first)._default_manager.filter(
        pk__in=[row.pk for row in rows], state=SendState.CLAIMED, claimed_by=first.claimed_by
    )
    return mine.update(state=SendState.PENDING, claimed_until=None, claimed_by="")


def hold[Row: Sending](rows: SendingQuerySet[Row], error: Exception, now: datetime) -> int:
    """Nothing can be sent at present, whoever it is to: let all that is due wait for a first
    pause, with the reason to be seen. No attempt is counted.

    So one worker that finds the mail server down spares the others the same.
    """
    return rows.due(now).update(
        state=SendState.PENDING,
        claimed_until=now + FIRST_PAUSE,
        claimed_by="",
        error=words_of(error),
    )


def is_permanent(error: Exception) -> bool:
    """Whether another attempt would fail as this one did, by SMTP's reply codes (RFC 5321, 4.2.1).

    A 5xx answer to this recipient or this mail is permanent, and so is an address that is none.
    What the server says of us (``is_servers``) never is.
    """
    if is_servers(error):
        return False
    if isinstance(error, NotTaken):
        return error.is_for_good
    codes = codes_of(error)
    return min(codes) >= 500 if codes else isinstance(error, ValueError)


def is_servers(error: Exception) -> bool:
    """Whether the trouble is the mail server's, or ours with it, and says nothing of the recipient.

    So is what goes wrong before a mail is under way (no route, no connection, the greeting, HELO,
    TLS, signing in), a sender that is refused (but for a mail that is too large, 552) and, in
    whatever place, an answer that asks for authentication or says that the service closes (421).
    A server that is away or set up wrongly for a day thus costs no recipient an attempt.

    A connection that is lost with a mail under way is not, by itself: that mail may be why, and it
    must not come back for ever. Who finds that no new connection can be had calls ``hold`` instead.
    """
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code != _TOO_LARGE
    if isinstance(error, _BEFORE_ANY_MAIL):
        return True
    if not isinstance(error, smtplib.SMTPException):
        # smtplib says in errors of its own what befalls a mail under way.
        return isinstance(error, OSError)
    return any(code == _CLOSING or code in _AUTHENTICATION for code in codes_of(error))


def codes_of(error: Exception) -> list[int]:
    """The reply codes in an error of smtplib's; none in any other."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _reason in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def words_of(error: Exception) -> str:
    """The error as one line: the server's code and words, or what the system says."""
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, reason = next(iter(error.recipients.values()))
        return _answer(code, reason)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__


def _answer(code: int, reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return " ".join(f"{code} {text}".split())

"""Sends rows of the outbox as mails over one connection, and settles each right after it was sent.

Between the server's answer and the update that settles the row lies nothing but that update: a
worker that dies right there is the one case in which a mail goes out twice, with one Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection

from okrtracker.mail import outbox, smtp_errors
from okrtracker.mail.models import OutboxQuerySet, OutboxRow
from okrtracker.mail.outbox import Clock, Unwanted

logger = logging.getLogger(__name__)

# So many mails in a row that the server would not hear of: it is no use going on.
_PATIENCE: Final = 3
# Seconds between attempts to write down what the server took.
_PAUSES: Final = (0.5, 1, 2, 4, 8)

# Writes the mail of one row. Raises ``Unwanted`` when nobody needs it any more.
type Write[Row: OutboxRow] = Callable[[Row], EmailMessage]


def send_due[Row: OutboxRow](
    rows: OutboxQuerySet[Row],
    writer: Callable[[Sequence[Row]], Write[Row]],
    now: datetime,
    limit: int,
) -> int:
    """Send up to ``limit`` of the ``rows`` that are due; how many were settled, as sent or not.

    0 when none is due or none can be sent at present. The connection is open before anything is
    claimed: a mail server that is away costs no recipient an attempt. ``writer`` reads for all the
    claimed rows at once what their mails need; an error there is the same for every recipient, so
    nobody's fault: all of them wait until it is mended.
    """
    if not rows.due(now).exists():
        return 0
    clock = Clock(now)
    kind = rows.model._meta.model_name
    server = mailers.default
    try:
        server.open()
    except OSError as error:
        logger.warning("no mail server: each %s is sent later: %s", kind, error)
        close(server)
        outbox.hold(rows, error, clock.now)
        return 0
    try:
        claimed = outbox.claim_mails(rows, clock.now, limit)
        try:
            write = writer(claimed)
        except Exception as error:
            logger.exception("cannot write the mail of any %s", kind)
            outbox.release(claimed)
            outbox.hold(rows, error, clock.now)
            return 0
        return send_claimed(claimed, write, server, clock, rows)
    finally:
        close(server)


def send_claimed[Row: OutboxRow](
    claimed: Sequence[Row],
    write: Write[Row],
    server: BaseEmailBackend,
    clock: Clock,
    waiting: OutboxQuerySet[Row],
) -> int:
    """Send the mail of each row of one claim; how many rows were settled, whatever became of them.

    A connection that is lost on the way is opened again and the others go on. Once half of the
    lease has gone the rest is given back, so that no claim runs out under a slow server. When the
    server takes nothing any more, the rest is given back and all that is ``waiting`` held.
    """
    troubles = 0
    for place, row in enumerate(claimed):
        if clock.is_half_over:
            outbox.release(claimed[place:])
            return place
        message = _written(row, write, clock)
        if message is None:
            continue
        try:
            server.send_messages([message])
        except (OSError, ValueError) as error:  # smtplib's errors are OSErrors
            logger.warning("%s %s was not sent: %s", type(row).__name__, row.pk, error)
            troubles = troubles + 1 if smtp_errors.may_befall_the_next(error) else 0
            lost = _restore(server, error)
            if lost is not None or troubles >= _PATIENCE:
                outbox.put_off(row, lost or error, clock.now)
                outbox.release(claimed[place + 1 :])
                outbox.hold(waiting, lost or error, clock.now)
                return place + 1
            outbox.settle_failed(row, error, clock.now)
        else:
            _surely(partial(outbox.settle_sent, row, clock.now))
            troubles = 0
    return len(claimed)


def _written[Row: OutboxRow](row: Row, write: Write[Row], clock: Clock) -> EmailMessage | None:
    """The row's mail; ``None`` when the row is settled without one."""
    try:
        return write(row)
    except Unwanted as reason:
        outbox.settle_unwanted(row, str(reason))
    except Exception as error:
        # One mail that cannot be made must not keep all others waiting.
        logger.exception("cannot write the mail of %s %s", type(row).__name__, row.pk)
        outbox.settle_failed(row, error, clock.now)
    return None


def _surely(write: Callable[[], bool]) -> bool:
    """Write down that a mail was taken, also when the database is away for a moment: else it would
    go out once more. It has some fifteen seconds to come back, less than half of a usual lease.
    """
    for pause in _PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError):
            logger.warning("no database to write down that a mail was sent", exc_info=True)
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(pause)
    return write()


def close(server: BaseEmailBackend) -> None:
    """An error while closing is of no account: all is settled by then."""
    with suppress(OSError):
        server.close()


def _restore(server: BaseEmailBackend, error: Exception) -> Exception | None:
    """Make the connection ready for the next mail; why that cannot be, or ``None`` when it is.

    smtplib leaves a mail begun where the server did not want its content, and after a 421 it may
    hold a connection that the server has closed.
    """
    line = getattr(server, "connection", None)
    if not isinstance(line, smtplib.SMTP):
        return None  # mails go to files or nowhere
    is_closing = smtp_errors.CLOSING in smtp_errors.codes_of(error)
    if line.sock is not None and not is_closing:
        with suppress(OSError):
            line.rset()
            return None
    close(server)
    try:
        server.open()
    except OSError as refusal:
        close(server)
        return refusal
    return None

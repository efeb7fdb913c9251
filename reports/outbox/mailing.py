"""Sends claimed rows as mails over one connection, and settles each right after it was sent.

Between the server's answer and the update that settles the row lies nothing but that update: a
worker that dies right there is the one case in which a mail goes out twice, with one Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection

from reports.models.sending import Sending, SendingQuerySet
from reports.outbox import sending

logger = logging.getLogger(__name__)

# So many mails in a row that the server would not hear of: it is no use going on.
_PATIENCE: Final = 3
# Seconds between attempts to write down what the server took.
_PAUSES: Final = (0.5, 1, 2, 4, 8)


@dataclass(slots=True)
class Clock:
    """The moment that somebody says it is, and what has passed since."""

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
        return self.passed >= sending.lease() / 2


def send_all[Row: Sending](
    rows: Sequence[Row],
    write: Callable[[Row], EmailMessage],
    server: BaseEmailBackend,
    clock: Clock,
    waiting: SendingQuerySet[Row],
) -> int:
    """Send the mail of each row of one claim; how many rows were settled, whatever became of them.

    A connection that is lost on the way is opened again and the others go on. Once half of the
    lease has gone the rest is given back, so that no claim runs out under a slow server. When the
    server takes nothing any more, the rest is given back and all that is ``waiting`` held.
    """
    troubles = 0
    for place, row in enumerate(rows):
        if clock.is_half_over:
            return place + _give_back(rows[place:])
        try:
            message = write(row)
        except Exception as error:
            # One mail that cannot be made must not keep all others waiting.
            logger.exception("cannot write the mail of %s %s", type(row).__name__, row.pk)
            sending.failed(row, error, clock.now)
            continue
        try:
            server.send_messages([message])
        except (OSError, ValueError) as error:  # smtplib's errors are OSErrors
            logger.warning("%s %s was not sent: %s", type(row).__name__, row.pk, error)
            troubles = troubles + 1 if is_ours_with_the_server(error) else 0
            lost = _restore(server, error)
            if lost is not None or troubles >= _PATIENCE:
                sending.put_off(row, lost or error, clock.now)
                _give_back(rows[place + 1 :])
                sending.hold(waiting, lost or error, clock.now)
                return place + 1
            sending.failed(row, error, clock.now)
        else:
            _surely(partial(sending.sent, row, clock.now))
            troubles = 0
    return len(rows)


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


def is_ours_with_the_server(error: Exception) -> bool:
    """Whether it may befall the next mail just as well, whoever it is to."""
    return sending.is_servers(error) or isinstance(error, smtplib.SMTPServerDisconnected)


def close(server: BaseEmailBackend) -> None:
    """What a server answers to our leave is of no account: all is settled by then."""
    with suppress(OSError):
        server.close()


def _give_back(rows: Sequence[Sending]) -> int:
    """Not settled, hence 0."""
    sending.release(rows)
    return 0


def _restore(server: BaseEmailBackend, error: Exception) -> Exception | None:
    """Make the connection ready for the next mail; why that cannot be, or ``None`` when it is.

    smtplib leaves a mail begun where the server did not want its content, and after a 421 it may
    hold a connection that the server has closed.
    """
    line = getattr(server, "connection", None)
    if not isinstance(line, smtplib.SMTP):
        return None  # mails go to files or nowhere
    is_closing = 421 in sending.codes_of(error)
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

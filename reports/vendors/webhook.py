"""A webhook of one's own: JSON, signed in its headers. ``docs/channels.md`` describes it.

The body of one delivery stays the same however often it is attempted; ``X-OKR-Delivery`` names
the delivery, so that a receiver can leave out the second of two.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from reports.vendors.message import (
    Answer,
    Card,
    Outgoing,
    Rejected,
    Robot,
    Why,
    as_json,
    fitting,
    raise_by_status,
)
from reports.vendors.vendor import Use, Vendor

VERSION: Final = 1
LIMIT: Final = 64_000  # bytes
_LONGEST_ID: Final = 200


class Webhook(Vendor):
    kind = "webhook"
    label = _("Webhook")
    secret = Use.REQUIRED
    # Half of what SHA-256 can use; shorter ones can be guessed from a single signed message.
    shortest_secret = 16
    secret_help = _("at least 16 characters of your own")
    secret_refusal = _("A webhook needs a secret: it proves who sends.")

    def outgoing(self, card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:
        body = fitting(card, _body, LIMIT)
        timestamp = int(at.timestamp())
        headers = {"X-OKR-Timestamp": str(timestamp), "X-OKR-Delivery": key}
        if robot.secret:
            headers["X-OKR-Signature"] = f"sha256={signature(robot.secret, timestamp, body)}"
        return Outgoing(robot.address, body, headers)

    def answered(self, answer: Answer) -> str:
        """The ``id`` that a 2xx answer may give as JSON, else nothing.

        Nothing else of what a stranger answers is kept, shown or logged.
        """
        raise_by_status(answer)
        if answer.status == 413:
            raise Rejected(Why.TOO_LONG, "HTTP 413")
        if answer.status in (401, 403):
            raise Rejected(Why.BAD_SIGNATURE, f"HTTP {answer.status}")
        if answer.status in (404, 410):
            raise Rejected(Why.BAD_TOKEN, f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise Rejected(Why.NOT_TAKEN, f"HTTP {answer.status}")
        given = answer.json().get("id", "")
        return str(given)[:_LONGEST_ID] if isinstance(given, str | int) else ""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 over the timestamp in seconds, a dot, and the body as it is sent."""
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hex()


def _body(card: Card) -> bytes:
    fields = {
        "version": VERSION,
        "kind": card.kind,
        "level": card.level,
        "title": card.title,
        "lines": list(card.lines),
        "url": card.url,
    }
    return as_json(fields | dict(card.about))

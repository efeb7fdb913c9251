"""The mails that went out, as their readers get them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core import mail

_LABEL: Final = re.compile(r"\d{4}-W\d\d")
_LINK: Final = re.compile(r"https?://[^/\s]+(/[^\s)>\"]*)")
_KINDS: Final = (
    ("correction", r"^\[Correction\] Payments weekly \S+: "),
    ("digest", r"^Payments weekly \S+: "),
    ("check_in", r"^\S+: \d+ projects? waits? for your update"),
    ("review", r"^\S+ is closed: "),
    ("publish", r"^\S+ waits for you to publish it"),
    ("changed", r"^\S+: \d+ projects? changed since edition \d+"),
    ("backlog", r"^\d+ weekly pages? (was|were) never published"),
    ("cycle", r"^Cycle "),
)


@dataclass(frozen=True)
class Letter:
    kind: str
    label: str  # of its week; empty where it names none in its subject
    to: str
    subject: str
    body: str
    html: str
    message_id: str

    @property
    def links(self) -> list[str]:
        """The addresses on this site that it leads to."""
        return _LINK.findall(self.body)

    def named_after(self, mark: str) -> set[str]:
        """The projects named first in the lines that begin so."""
        return set(re.findall(rf"^{re.escape(mark)}(\w+)", self.body, re.MULTILINE))


class Post:
    """Everything that was sent so far, and what of it nobody has opened yet."""

    def __init__(self) -> None:
        self.opened: list[Letter] = []

    def open(self) -> list[Letter]:
        """The mails that came since the last time."""
        letters = [_letter(message) for message in mail.outbox]
        mail.outbox.clear()
        self.opened += letters
        return letters


def _letter(message: mail.EmailMessage) -> Letter:
    subject = str(message.subject)
    kinds = [kind for kind, pattern in _KINDS if re.search(pattern, subject)]
    label = _LABEL.search(subject)
    (to,) = message.to
    address = re.search(r"<?([^\s<>]+@[^\s<>]+?)>?$", to)
    assert address, to
    html = next((str(part[0]) for part in getattr(message, "alternatives", ())), "")
    return Letter(
        kind=kinds[0] if kinds else "other",
        label=label[0] if label else "",
        to=address[1],
        subject=subject,
        body=str(message.body),
        html=html,
        message_id=str(message.extra_headers.get("Message-ID", "")),
    )


def weeks_named(links: list[str]) -> list[str]:
    """How the links of a mail name weeks."""
    return [match[1] for link in links if (match := re.search(r"/weeks/([^/]+)/", link))]


def monday_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""What is posted to a group chat, and what may become of it. Pure: no database, no network.

A ``Card`` is the message; each ``Vendor`` makes an ``Outgoing`` of it and knows what the answer
means: an id, ``Rejected`` or ``Unreachable``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Level = Literal["info", "good", "warning", "bad"]

_LINE: Final = 300  # characters of a line, and of the title below, before the vendor's own limit
_TITLE: Final = 100
_DETAIL: Final = 200


@dataclass(frozen=True, slots=True)
class Card:
    """A short message with a link: a title, a few lines of plain text, one button.

    ``about`` is what a program wants to know of it (team, week, edition …); only the webhook
    passes that on. The words are in one language already.
    """

    title: str
    lines: tuple[str, ...]
    url: str
    level: Level = "info"
    button: str = ""  # what the link is called; empty: its address
    kind: str = ""  # digest, reminder or test
    about: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Robot:
    """Where a card goes: address and secret as its owner gave them. Never printed."""

    address: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One POST. Its address and headers may hold what is secret, so it is never printed."""

    address: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status, and at most ``transport.LARGEST_ANSWER`` bytes."""

    status: int
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The JSON object of the body; empty for anything else."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class Why(StrEnum):
    """Why a card did not arrive."""

    BAD_SIGNATURE = "bad_signature"
    BAD_TOKEN = "bad_token"  # noqa: S105  no password, but what is wrong with one
    KEYWORD_MISSING = "keyword_missing"
    SENDER_BARRED = "sender_barred"
    TOO_LONG = "too_long"
    NOT_TAKEN = "not_taken"
    REDIRECTED = "redirected"
    FORBIDDEN_ADDRESS = "forbidden_address"
    UNSET_VARIABLE = "unset_variable"
    LOST_KEY = "lost_key"
    SWITCHED_OFF = "switched_off"
    UNKNOWN_KIND = "unknown_kind"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    UNKNOWN_HOST = "unknown_host"
    NO_CONNECTION = "no_connection"
    UNTRUSTED = "untrusted"
    TIMEOUT = "timeout"
    HUGE_ANSWER = "huge_answer"
    ODD_ANSWER = "odd_answer"


_WORDS: Final[dict[Why, Promise]] = {
    Why.BAD_SIGNATURE: _("The signature was not accepted: check the secret and the server's clock"),
    Why.BAD_TOKEN: _("The address is not, or no longer, that of a robot"),
    Why.KEYWORD_MISSING: _("The robot only takes messages that contain its keyword"),
    Why.SENDER_BARRED: _("The robot does not take messages from this server's IP address"),
    Why.TOO_LONG: _("The message is too long for it"),
    Why.NOT_TAKEN: _("The message was not taken"),
    Why.REDIRECTED: _("The address leads on to another one; write that one here"),
    Why.FORBIDDEN_ADDRESS: _("Messages may not be sent to this address"),
    Why.UNSET_VARIABLE: _("The environment variable is not set on the server"),
    Why.LOST_KEY: _("The address or the secret can no longer be decrypted; enter it again"),
    Why.SWITCHED_OFF: _("The channel is disabled"),
    Why.UNKNOWN_KIND: _("This version does not know this kind of channel"),
    Why.RATE_LIMITED: _("Too many messages in a short time"),
    Why.BUSY: _("The other side is busy or out of order"),
    Why.UNKNOWN_HOST: _("The host was not found"),
    Why.NO_CONNECTION: _("No connection to the host"),
    Why.UNTRUSTED: _("The certificate of the host is not trusted"),
    Why.TIMEOUT: _("The host took too long to answer"),
    Why.HUGE_ANSWER: _("The answer was too long to be that of a robot"),
    Why.ODD_ANSWER: _("The answer was not understood"),
}


class NotPosted(Exception):
    """A card that did not arrive. ``str`` says it in the language that is active then.

    ``detail`` is what the other side said, without anything secret (``redacted``).
    """

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why)  # no detail: what is printed unasked must hold nothing secret
        self.why = why
        self.detail = detail

    @property
    def words(self) -> str:
        """What is the matter, without what the other side said."""
        return str(_WORDS[self.why])

    def __str__(self) -> str:
        return f"{self.words} ({self.detail})" if self.detail else self.words

    def as_kept(self) -> str:
        """How the outbox keeps it: by its code, so that each reader sees it in their language."""
        return f"{self.why}: {self.detail}" if self.detail else str(self.why)


class Rejected(NotPosted, ValueError):
    """For good: another attempt would be answered likewise, as to any other wrong value."""


def from_kept(stored_text: str) -> Rejected | None:
    """The error that ``NotPosted.as_kept`` wrote, to be printed; ``None`` for other text."""
    why, _colon, detail = stored_text.partition(": ")
    return Rejected(Why(why), detail) if why in Why else None


class Unreachable(NotPosted):
    """For the moment. ``wait`` is how long the vendor wants to be left alone at least."""

    def __init__(self, why: Why, detail: str = "", wait: timedelta = timedelta(0)) -> None:
        super().__init__(why, detail)
        self.wait = wait


def fitting(card: Card, build: Callable[[Card], bytes], limit: int) -> bytes:
    """What ``build`` makes of the card, cut until it has at most ``limit`` bytes.

    Lines go from the end, and "… +3" says how many went. Raises ``Rejected`` when not even the
    title and the link fit.
    """
    title = shortened(card.title, _TITLE)
    lines = tuple(shortened(line, _LINE) for line in card.lines)
    for line_count in range(len(lines), -1, -1):
        rest = len(lines) - line_count
        shown = (*lines[:line_count], f"… +{rest}") if rest else lines
        body = build(replace(card, title=title, lines=shown))
        if len(body) <= limit:
            return body
    raise Rejected(Why.TOO_LONG)


def shortened(text: str, most: int) -> str:
    """One line of at most so many characters; what was cut ends in "…"."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


# What a chat's Markdown would take for a link, a picture, a mention of everybody or a colour.
_MARKS: Final = str.maketrans(
    {
        "<": "＜",
        ">": "＞",
        "[": "［",
        "]": "］",
        "*": "＊",
        "`": "＇",
        "\\": "＼",
        "@": "＠",
        "#": "＃",
    }
)


def without_markdown(text: str) -> str:
    """The text with its Markdown as full-width letters: chats know no common way to escape it."""
    return text.translate(_MARKS)


def as_json(value: dict[str, Any]) -> bytes:
    """As compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def raise_by_status(answer: Answer) -> None:
    """Raises what the HTTP status alone says, where it says that the card did not arrive."""
    status = answer.status
    if status == 429:
        raise Unreachable(Why.RATE_LIMITED, "HTTP 429", timedelta(minutes=1))
    if status in (408, 425) or status >= 500:
        raise Unreachable(Why.BUSY, f"HTTP {status}")
    if 300 <= status < 400:
        raise Rejected(Why.REDIRECTED, f"HTTP {status}")


def redacted(text: object, secrets: Iterable[str]) -> str:
    """What a vendor said, short and without any of these, or of the parts of an address."""
    words = str(text)
    for secret in sorted(set(secrets), key=len, reverse=True):
        if secret:
            words = words.replace(secret, "…")
    return shortened(words, _DETAIL)

"""What the rest of the system knows of a vendor of group chats. Pure: no database, no network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from urllib.parse import SplitResult, parse_qs

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from reports.vendors.message import (
    Answer,
    Card,
    Outgoing,
    Rejected,
    Robot,
    Unreachable,
    Why,
    raise_by_status,
)


class Use(StrEnum):
    """Whether a vendor's robots have a secret."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Vendor(ABC):
    """One kind of channel. An instance holds nothing; ``reports.vendors.VENDORS`` lists them."""

    kind: ClassVar[str]  # as the database keeps it, at most ten letters
    label: ClassVar[Promise]

    # The robots' addresses. Without hosts it may be any.
    hosts: ClassVar[frozenset[str]] = frozenset()
    path: ClassVar[str] = ""  # the whole path; with a slash at its end, how the path begins
    query: ClassVar[str] = ""  # the parameter that must be there

    secret: ClassVar[Use] = Use.OPTIONAL
    shortest_secret: ClassVar[int] = 0
    secret_help: ClassVar[Promise]  # continues "<label>: …"
    secret_refusal: ClassVar[Promise | str] = ""  # when there is none, or should be none

    def is_robot(self, parts: SplitResult) -> bool:
        """Whether a robot of theirs may have this address, whatever its host."""
        begins = parts.path.startswith(self.path) and parts.path != self.path
        fits = begins if self.path.endswith("/") else parts.path == self.path
        return fits and (not self.query or bool(parse_qs(parts.query).get(self.query)))

    def secret_problem(self, secret: str, *, is_given: bool, is_kept: bool) -> str:
        """What is wrong with the ``secret`` that was typed; empty when nothing is.

        ``is_given``: there is one, typed or in a variable; ``is_kept``: the channel has one.
        """
        if is_given and self.secret is Use.NONE:
            return str(self.secret_refusal)
        if secret and len(secret) < self.shortest_secret:
            return _("At least %(n)s characters.") % {"n": self.shortest_secret}
        is_missing = self.secret is Use.REQUIRED and not (is_given or is_kept)
        return str(self.secret_refusal) if is_missing else ""

    @abstractmethod
    def outgoing(self, card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:
        """What is posted. ``key`` is the same in each attempt at one delivery.

        Raises ``Rejected`` when not even the title and the link fit.
        """

    @abstractmethod
    def answered(self, answer: Answer) -> str:
        """The id that the other side gave the message, or nothing. Raises ``Rejected`` (for good)
        or ``Unreachable`` (for the moment) when the message was not taken.
        """


class CodedVendor(Vendor):
    """A vendor that answers 200 with a code in JSON: 0 for a message that was taken."""

    code_names: ClassVar[tuple[str, ...]] = ("errcode",)
    words_name: ClassVar[str] = "errmsg"
    busy: ClassVar[frozenset[int]] = frozenset({-1})
    too_fast: ClassVar[frozenset[int]]
    silence: ClassVar[timedelta] = timedelta(minutes=1)  # after too many messages
    refusals: ClassVar[Mapping[int, Why]]

    def answered(self, answer: Answer) -> str:
        fields = answer.json()
        code = next((fields[name] for name in self.code_names if name in fields), None)
        words = str(fields.get(self.words_name, ""))
        if code == 0:
            return ""
        if self.is_too_fast(code, words):
            raise Unreachable(Why.RATE_LIMITED, f"{code}", self.silence)
        if code in self.busy:
            raise Unreachable(Why.BUSY, f"{code} {words}".strip())
        if code is None:
            raise_by_status(answer)
            raise Rejected(Why.ODD_ANSWER, f"HTTP {answer.status}")
        raise Rejected(self.refusal(code, words), f"{code} {words}".strip())

    def is_too_fast(self, code: object, words: str) -> bool:
        return code in self.too_fast

    def refusal(self, code: int, words: str) -> Why:
        return self.refusals.get(code, Why.NOT_TAKEN)

"""A mail server that takes, refuses, delays and drops as it is told, and remembers what it took."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.machine.parts.processes import free_port


@dataclass
class Behaviour:
    """What becomes of mails. Shares are of 1; which, follows from ``seed``, address and attempt."""

    refuses: float = 0.0  # recipients, for good (550)
    postpones: float = 0.0  # attempts (451)
    drops_after: float = 0.0  # attempts: the mail is taken, and the line goes dead before we say so
    drops_within: float = 0.0  # attempts: the line goes dead instead of the answer to DATA
    delay: float = 0.0  # seconds for each mail
    seed: int = 1


@dataclass
class MailServer:
    """``taken``: (recipient, Message-ID) of each mail that was accepted, in order."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    taken: list[tuple[str, str]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)  # by recipient
    postponed: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        # A line for each line of each mail, which pytest would keep.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def forget(self, behaviour: Behaviour | None = None) -> None:
        """Begin anew, behaving like that."""
        self.behaviour = behaviour or Behaviour()
        for store in (self.taken, self.messages):
            store.clear()
        for count in (self.refused, self.postponed, self.dropped, self._attempts):
            count.clear()

    def has_taken(self, count: int) -> bool:
        return len(self.taken) >= count

    def ids_by_recipient(self) -> dict[str, list[str]]:
        ids: dict[str, list[str]] = defaultdict(list)
        for recipient, message_id in list(self.taken):
            ids[recipient].append(message_id)
        return ids

    def _falls(self, share: float, what: str, address: str, *, each_time: bool = True) -> bool:
        """Whether that share hits this address now: as the die that ``seed`` has thrown fell."""
        if not share:
            return False
        self._attempts[what, address] += each_time
        name = f"{self.behaviour.seed} {what} {address} {self._attempts[what, address]}"
        die = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64
        return die < share

    # --- what aiosmtpd calls -------------------------------------------------------------------

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._falls(self.behaviour.refuses, "refuse", address, each_time=False):
            self.refused[address] += 1
            return "550 5.1.1 no such user here"
        if self._falls(self.behaviour.postpones, "postpone", address):
            self.postponed[address] += 1
            return "451 4.7.1 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.behaviour.delay:
            await asyncio.sleep(self.behaviour.delay)
        address = envelope.rcpt_tos[0]
        if self._falls(self.behaviour.drops_within, "drop within", address):
            return self._drop(server, address)
        content: Any = envelope.content
        message = message_from_bytes(content)
        for recipient in envelope.rcpt_tos:
            self.taken.append((recipient, message["Message-ID"]))
        self.messages.append(message)
        if self._falls(self.behaviour.drops_after, "drop after", address):
            return self._drop(server, address)
        return "250 OK"

    def _drop(self, server: SMTP, address: str) -> str:
        self.dropped[address] += 1
        if server.transport is not None:
            server.transport.abort()  # type: ignore[attr-defined]  # a transport of a socket
        return "250 never heard"

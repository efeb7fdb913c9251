"""A mail server on this machine that takes what it is sent, unless a test says otherwise."""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final

_END: Final = b"\r\n.\r\n"
_ADDRESS: Final = re.compile(rb"<([^>]*)>")
HANG_UP: Final = "hang up"
_YES: Final = {"DATA": "354 go on", "QUIT": "221 bye"}


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail that the server said it took."""

    recipient: str
    content: bytes

    def read(self) -> EmailMessage:
        message = message_from_bytes(self.content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class MailServer:
    """``answer`` is asked at each command with its word (``GREET`` first, ``END`` after a mail's
    content) and the recipient, and says what the client hears instead of yes: a reply, or
    ``HANG_UP``. ``keeps`` whether the mails' contents are kept.
    """

    answer: Callable[[str, str], str | None] = lambda _word, _recipient: None
    keeps: bool = True
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    _socket: socket.socket = field(default_factory=socket.socket)

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def mailer(self) -> dict[str, Any]:
        """For ``settings.MAILERS``."""
        backend = "django.core.mail.backends.smtp.EmailBackend"
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 10}
        return {"default": {"BACKEND": backend, "OPTIONS": options}}

    def start(self) -> None:
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """No new connection; a client's next attempt is refused."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._socket.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            _Conversation(self, client).hold()


class _Conversation:
    def __init__(self, server: MailServer, client: socket.socket) -> None:
        self.server, self.client, self.recipient = server, client, ""
        self.has_begun = False  # a mail, which only its end or RSET ends

    def hold(self) -> None:
        goes_on = self._reply("GREET", "220 here").startswith("220")
        while goes_on and (line := self._receive(b"\r\n")):
            word = line[:4].decode("ascii").strip().upper()
            if word == "RCPT" and (match := _ADDRESS.search(line)):
                self.recipient = match[1].decode()
            goes_on = self._hear(word)

    def _hear(self, word: str) -> bool:
        """Whether the conversation goes on."""
        if word == "MAIL" and self.has_begun:
            return bool(self._reply("", "503 nested MAIL command"))
        reply = self._reply(word, _YES.get(word, "250 yes"))
        if word in ("MAIL", "RSET"):
            self.has_begun = word == "MAIL" and reply.startswith("250")
        if reply.startswith("354"):
            return self._take()
        return bool(reply) and not reply.startswith(("221", "421"))

    def _take(self) -> bool:
        content = self._receive(_END)
        self.has_begun = False
        reply = self.server.answer("END", self.recipient)
        if reply is None:
            kept_content = content.removesuffix(_END) if self.server.keeps else b""
            self.server.taken.append(Taken(self.recipient, kept_content))
        elif reply == HANG_UP:
            return False
        self.client.sendall(f"{reply or '250 taken'}\r\n".encode())
        return not (reply or "").startswith("421")

    def _reply(self, word: str, yes: str) -> str:
        """What was said; nothing when the server hung up."""
        reply = self.server.answer(word, self.recipient) or yes
        if reply == HANG_UP:
            return ""
        self.client.sendall(f"{reply}\r\n".encode())
        return reply

    def _receive(self, end: bytes) -> bytes:
        parts: list[bytes] = []
        while not b"".join(parts[-2:]).endswith(end):
            part = self.client.recv(65536)
            if not part:
                return b""
            parts.append(part)
        return b"".join(parts)


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A server that is there as long as the block runs."""
    server = MailServer(**options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def main() -> None:
    """A server in a process of its own: prints its port, ends with its input, prints how many
    mails it took over how many connections.
    """
    with mail_server(keeps=False) as server:
        print(server.port, flush=True)
        sys.stdin.read()
        print(len(server.taken), server.connections, flush=True)


if __name__ == "__main__":
    main()

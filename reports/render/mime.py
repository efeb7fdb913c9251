"""The digest mail as a message: one body for all recipients, a head for each.

What all copies of a mail have in common is encoded once. A copy costs its head, the lines of what
its reader owes and the link to unsubscribe, so that hundreds a second can be written.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, parseaddr
from email.utils import quote as in_quotes
from functools import cached_property, lru_cache
from typing import Any, Final
from urllib.parse import quote

import msgspec
from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

# Where a reader's own parts go. People's words hold none of them: in the text their control
# characters are taken out, in the HTML their "<" is escaped.
OWED_TEXT: Final = "\x1eowed\x1e"
OWED_HTML: Final = "<!--owed-->"
UNSUBSCRIBE_TEXT: Final = "\x1eunsubscribe\x1e"
UNSUBSCRIBE_HTML: Final = "<!--unsubscribe-->"

_EOL: Final = "\r\n"
_LINE: Final = 57  # bytes that a line of base64 (76 letters) holds
_LONGEST: Final = 900  # of what cannot be folded; a line has at most 998


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the HTML shows as ``cid:…``."""

    cid: str
    png: bytes


@dataclass(frozen=True, eq=False)
class DigestMail:
    """An edition as a mail in one language, with places for what is each reader's own."""

    subject: str  # one line
    text: str
    html: str
    images: tuple[Picture, ...]
    language: str
    list_id: str  # <weekly.pay.okr.example.com>
    list_name: str  # what the list is called: 支付产研 周报
    pdf_name: str  # 支付产研 周报 2024-W25.pdf
    pdf: bytes | None = None

    @cached_property
    def body(self) -> _Body:
        """What all copies have in common; made once."""
        return _Body(self)


def pack(mail: DigestMail) -> bytes:
    """The mail as bytes to keep; a PDF is kept as a file of its own."""
    kept = {
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "images": [[picture.cid, picture.png] for picture in mail.images],
        "language": mail.language,
        "list_id": mail.list_id,
        "list_name": mail.list_name,
        "pdf_name": mail.pdf_name,
    }
    return msgspec.msgpack.encode(kept)


def unpack(content: bytes, *, pdf: bytes | None = None) -> DigestMail:
    """The mail that ``pack`` kept, and the PDF that goes with it.

    Raises ``msgspec.DecodeError`` for anything else.
    """
    kept = msgspec.msgpack.decode(content)
    images = tuple(Picture(cid, png) for cid, png in kept.pop("images"))
    return DigestMail(**kept, images=images, pdf=pdf)


@dataclass(frozen=True, slots=True)
class Own:
    """What stands in one reader's copy alone, in the text and in the HTML."""

    owed_text: str = ""
    owed_html: str = ""
    unsubscribe_text: str = ""
    unsubscribe_html: str = ""


class DigestMessage(EmailMultiAlternatives):
    """One reader's copy, as any mail connection of Django's sends it."""

    def __init__(
        self, mail: DigestMail, own: Own, heads: list[tuple[str, str]], *, to: str, from_email: str
    ) -> None:
        self.mail, self.own, self.heads = mail, own, heads
        super().__init__(subject=mail.subject, body=own_text(mail, own), to=[to])
        # The address alone, for the envelope: the head has the name, encoded.
        self.from_email = from_email
        self.extra_headers = dict(heads)
        self.attach_alternative(own_html(mail, own), "text/html")

    def message(self, *, policy: Policy[Any] | None = None) -> EmailMessage:
        heads = [*self.heads, *self.mail.body.heads]
        return _Written(heads, self.written(), policy or default)

    def written(self) -> bytes:
        """The whole message as it goes over the wire, lines ended by CR LF."""
        heads = [*self.heads, *self.mail.body.heads]
        head = "".join(f"{name}: {value}{_EOL}" for name, value in heads)
        return head.encode("ascii") + b"\r\n" + self.mail.body.filled(self.own)


def own_text(mail: DigestMail, own: Own) -> str:
    text = mail.text.replace(OWED_TEXT, own.owed_text)
    return text.replace(UNSUBSCRIBE_TEXT, own.unsubscribe_text)


def own_html(mail: DigestMail, own: Own) -> str:
    html = mail.html.replace(OWED_HTML, own.owed_html)
    return html.replace(UNSUBSCRIBE_HTML, own.unsubscribe_html)


class _Written(EmailMessage):
    """A message that is written already; who asks for its parts has it read again."""

    def __init__(
        self, heads: Iterable[tuple[str, str]], content: bytes, policy: Policy[Any]
    ) -> None:
        super().__init__(policy=policy)
        self._content = content
        for name, value in heads:
            self.set_raw(name, value)

    def as_bytes(self, unixfrom: bool = False, policy: Policy[Any] | None = None) -> bytes:  # noqa: ARG002  the signature of the base class
        linesep = (policy or self.policy).linesep
        return self._content if linesep == _EOL else self._content.replace(b"\r\n", b"\n")

    def is_multipart(self) -> bool:
        return True

    def get_payload(self, i: int | None = None, decode: bool = False) -> Any:
        return self._read.get_payload(i, decode)  # type: ignore[call-overload]  # passed on as asked

    @cached_property
    def _read(self) -> EmailMessage:
        return message_from_bytes(self._content, policy=self.policy)


class _Body:
    """The parts of all copies, encoded, and between them the two that each copy fills in."""

    def __init__(self, mail: DigestMail) -> None:
        self.mail = mail
        digest = hashlib.sha256(f"{mail.subject}\n{mail.html}".encode()).hexdigest()[:24]
        # An equals sign before an underscore is in no part: they are all base64.
        self.mixed, self.alternative, self.related = (f"=_{digest}{n}" for n in "mar")
        self.outer = self.mixed if mail.pdf else self.alternative
        kind = "mixed" if mail.pdf else "alternative"
        self.heads = [
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/{kind};{_EOL} boundary="{self.outer}"'),
        ]
        self.html = self._html()
        self.before = self._before().encode("ascii")
        self.between = self._between().encode("ascii")
        self.after = self._after().encode("ascii")

    def filled(self, own: Own) -> bytes:
        text = _encoded(own_text(self.mail, own))
        begin, middle, end = self.html
        owed, unsubscribe = _encoded(_whole(own.owed_html)), _encoded(_whole(own.unsubscribe_html))
        html = (begin, owed, middle, unsubscribe, end)
        return b"".join((self.before, text, self.between, *html, self.after))

    def _html(self) -> tuple[bytes, bytes, bytes]:
        """The HTML around a reader's two places, each stretch encoded by itself.

        All but the last end at the end of a line of base64, so that they can be put together
        without encoding them again for every copy.
        """
        begin, _owed, rest = self.mail.html.partition(OWED_HTML)
        middle, _unsubscribe, end = rest.partition(UNSUBSCRIBE_HTML)
        return _encoded(_whole(begin)), _encoded(_whole(middle)), _encoded(end)

    def _before(self) -> str:
        opened = ""
        if self.mail.pdf:
            kind = f'multipart/alternative;{_EOL} boundary="{self.alternative}"'
            opened = _part(self.mixed, [("Content-Type", kind)])
        return opened + _part(self.alternative, _of_text("plain"))

    def _between(self) -> str:
        kind = f'multipart/related; type="text/html";{_EOL} boundary="{self.related}"'
        related = _part(self.alternative, [("Content-Type", kind)])
        return related + _part(self.related, _of_text("html"))

    def _after(self) -> str:
        shown = "".join(self._picture(picture) for picture in self.mail.images)
        ended = f"{shown}--{self.related}--{_EOL}{_EOL}--{self.alternative}--{_EOL}"
        if not self.mail.pdf:
            return ended
        return f"{ended}{_EOL}{self._pdf(self.mail.pdf)}--{self.mixed}--{_EOL}"

    def _picture(self, picture: Picture) -> str:
        heads = [
            ("Content-Type", "image/png"),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-ID", f"<{picture.cid}>"),
            ("Content-Disposition", f'inline; filename="{picture.cid.partition("@")[0]}.png"'),
        ]
        return _part(self.related, heads) + _encoded(picture.png).decode("ascii")

    def _pdf(self, pdf: bytes) -> str:
        heads = [
            ("Content-Type", "application/pdf"),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", f"attachment;{_EOL} {_named(self.mail.pdf_name)}"),
        ]
        return _part(self.mixed, heads) + _encoded(pdf).decode("ascii")


def _of_text(subtype: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", f'text/{subtype}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "base64"),
    ]


def _part(boundary: str, heads: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"{name}: {value}{_EOL}" for name, value in heads)
    return f"--{boundary}{_EOL}{told}{_EOL}"


def _encoded(content: str | bytes) -> bytes:
    """Base64 in lines of 76, ended by CR LF."""
    raw = content.replace("\n", _EOL).encode() if isinstance(content, str) else content
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


def _whole(html: str) -> str:
    """The HTML with blanks after it, so that it fills whole lines of base64."""
    size = len(html.encode()) + html.count("\n")  # a line's end is two bytes on the wire
    return html + " " * (-size % _LINE)


def _named(name: str) -> str:
    """RFC 2231, where a name has more than ASCII."""
    if name.isascii():
        return f'filename="{in_quotes(name)}"'
    return f"filename*=utf-8''{quote(name)}"


def heads_of(
    mail: DigestMail,
    *,
    to: str,
    name: str,
    from_email: str,
    message_id: str,
    at: datetime,
    unsubscribe_url: str | None,
) -> list[tuple[str, str]]:
    """The head of one copy, each value encoded as it stands on the wire.

    Raises ``ValueError`` for an address or an identifier that no head can hold.
    """
    heads = [
        ("From", _sender(from_email)),
        ("To", _mailbox(name, to)),
        ("Subject", _said(mail.subject, "Subject")),
        ("Date", format_datetime(at)),
        ("Message-ID", _plain(message_id)),
        ("Auto-Submitted", "auto-generated"),
        ("List-Id", f"{_said(mail.list_name, 'List-Id')}{_EOL} {_plain(mail.list_id)}"),
    ]
    if unsubscribe_url:
        heads += [
            ("List-Unsubscribe", f"<{_plain(unsubscribe_url)}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    return heads


@lru_cache(maxsize=256)
def _said(words: str, head: str) -> str:
    """Words of any language, folded for the line that begins with the name of the head."""
    words = " ".join(words.split())
    charset = "us-ascii" if words.isascii() else "utf-8"
    return Header(words, charset, header_name=head, maxlinelen=75).encode(linesep=_EOL)


@lru_cache(maxsize=256)
def _sender(address: str) -> str:
    return _mailbox(*parseaddr(address))


def _mailbox(name: str, address: str) -> str:
    """名字 <address>, the name encoded where it is not ASCII."""
    local, _at, domain = address.rpartition("@")
    found = _plain(f"{local}@{punycode(domain)}" if local else address)
    name = " ".join(name.split())
    if not name:
        return found
    if name.isascii():
        return f'"{in_quotes(name)}" <{found}>'
    return f"{Header(name, 'utf-8', maxlinelen=75).encode(linesep=_EOL)}{_EOL} <{found}>"


def _plain(value: str) -> str:
    """What stands in a head as it is: nothing in it may end the line or be of another alphabet."""
    if not value.isascii() or not value.isprintable() or len(value) > _LONGEST:
        raise ValueError(f"not fit for the head of a mail: {value!r}")
    return value

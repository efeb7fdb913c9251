"""What is in a mail, and how it is encoded for the wire.

What all copies of a mail have in common is encoded once. A copy costs its head and its reader's own
part, so that hundreds a second can be written; Django's own writer takes some twelve milliseconds
for each copy of a digest.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from email.header import Header
from email.utils import parseaddr
from email.utils import quote as in_quotes
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec
from django.conf import settings
from django.utils.encoding import punycode

# Where a reader's own parts go. People's words hold none of them: in the text their control
# characters are taken out, in the HTML their "<" is escaped. Mails that are kept hold them so.
TOP_TEXT: Final = "\x1eowed\x1e"
TOP_HTML: Final = "<!--owed-->"
FOOT_TEXT: Final = "\x1eunsubscribe\x1e"
FOOT_HTML: Final = "<!--unsubscribe-->"

EOL: Final = "\r\n"
_LINE: Final = 57  # bytes that a line of base64 (76 letters) holds
_LONGEST: Final = 900  # of what cannot be folded; a line has at most 998

type Headers = list[tuple[str, str]]  # names and values as they stand on the wire


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the HTML shows as ``cid:…``."""

    cid: str
    png: bytes


@dataclass(frozen=True, eq=False)
class Mail:
    """A mail in one language, with places for what is each reader's own."""

    subject: str  # one line
    text: str
    html: str
    images: tuple[Picture, ...] = ()
    language: str = ""
    list_id: str = ""  # of a mailing list: <weekly.pay.okr.example.com>
    list_name: str = ""  # what the list is called: 支付产研 周报
    pdf_name: str = ""  # 支付产研 周报 2024-W25.pdf
    pdf: bytes | None = None

    @cached_property
    def body(self) -> Body:
        """What all copies have in common; made once."""
        return Body(self)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What stands in one reader's copy alone, at the top and at the foot."""

    top_text: str = ""
    top_html: str = ""
    foot_text: str = ""
    foot_html: str = ""

    def text_of(self, mail: Mail) -> str:
        """The whole text of this reader's copy."""
        return mail.text.replace(TOP_TEXT, self.top_text).replace(FOOT_TEXT, self.foot_text)

    def html_of(self, mail: Mail) -> str:
        return mail.html.replace(TOP_HTML, self.top_html).replace(FOOT_HTML, self.foot_html)


def pack(mail: Mail) -> bytes:
    """The mail as bytes to keep; a PDF is kept as a file of its own."""
    packed = {
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "images": [[picture.cid, picture.png] for picture in mail.images],
        "language": mail.language,
        "list_id": mail.list_id,
        "list_name": mail.list_name,
        "pdf_name": mail.pdf_name,
    }
    return msgspec.msgpack.encode(packed)


def unpack(content: bytes, *, pdf: bytes | None = None) -> Mail:
    """The mail that ``pack`` kept, and the PDF that goes with it.

    Raises ``msgspec.DecodeError`` for anything else.
    """
    unpacked = msgspec.msgpack.decode(content)
    images = tuple(Picture(cid, png) for cid, png in unpacked.pop("images"))
    return Mail(**unpacked, images=images, pdf=pdf)


class Body:
    """The parts of all copies, encoded, and between them the two that each copy fills in."""

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        digest = hashlib.sha256(f"{mail.subject}\n{mail.html}".encode()).hexdigest()[:24]
        # An equals sign before an underscore is in no part: they are all base64.
        self.mixed, self.alternative, self.related = (f"=_{digest}{n}" for n in "mar")
        self.outer = self.mixed if mail.pdf else self.alternative
        kind = "mixed" if mail.pdf else "alternative"
        self.headers = [
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/{kind};{EOL} boundary="{self.outer}"'),
        ]
        self.html = self._html()
        self.before = self._before().encode("ascii")
        self.between = self._between().encode("ascii")
        self.after = self._after().encode("ascii")

    def filled(self, own: OwnPart) -> bytes:
        text = _encoded(own.text_of(self.mail))
        begin, middle, end = self.html
        top, foot = _encoded(_whole(own.top_html)), _encoded(_whole(own.foot_html))
        html = (begin, top, middle, foot, end)
        return b"".join((self.before, text, self.between, *html, self.after))

    def _html(self) -> tuple[bytes, bytes, bytes]:
        """The HTML around a reader's two places, each stretch encoded by itself.

        All but the last end at the end of a line of base64, so that they can be put together
        without encoding them again for every copy.
        """
        begin, _top, rest = self.mail.html.partition(TOP_HTML)
        middle, _foot, end = rest.partition(FOOT_HTML)
        return _encoded(_whole(begin)), _encoded(_whole(middle)), _encoded(end)

    def _before(self) -> str:
        opened = ""
        if self.mail.pdf:
            kind = f'multipart/alternative;{EOL} boundary="{self.alternative}"'
            opened = _part(self.mixed, [("Content-Type", kind)])
        return opened + _part(self.alternative, _of_text("plain"))

    def _between(self) -> str:
        if not self.mail.images:
            return _part(self.alternative, _of_text("html"))
        kind = f'multipart/related; type="text/html";{EOL} boundary="{self.related}"'
        related = _part(self.alternative, [("Content-Type", kind)])
        return related + _part(self.related, _of_text("html"))

    def _after(self) -> str:
        ended = f"--{self.alternative}--{EOL}"
        if self.mail.images:
            pictures = "".join(self._picture(picture) for picture in self.mail.images)
            ended = f"{pictures}--{self.related}--{EOL}{EOL}{ended}"
        if not self.mail.pdf:
            return ended
        return f"{ended}{EOL}{self._pdf(self.mail.pdf)}--{self.mixed}--{EOL}"

    def _picture(self, picture: Picture) -> str:
        headers = [
            ("Content-Type", "image/png"),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-ID", f"<{picture.cid}>"),
            ("Content-Disposition", f'inline; filename="{picture.cid.partition("@")[0]}.png"'),
        ]
        return _part(self.related, headers) + _encoded(picture.png).decode("ascii")

    def _pdf(self, pdf: bytes) -> str:
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", f"attachment;{EOL} {_named(self.mail.pdf_name)}"),
        ]
        return _part(self.mixed, headers) + _encoded(pdf).decode("ascii")


def site_host() -> str:
    """The host that the identifiers of mails, lists and pictures end in."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _of_text(subtype: str) -> Headers:
    return [
        ("Content-Type", f'text/{subtype}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "base64"),
    ]


def _part(boundary: str, headers: Headers) -> str:
    lines = "".join(f"{name}: {value}{EOL}" for name, value in headers)
    return f"--{boundary}{EOL}{lines}{EOL}"


def _encoded(content: str | bytes) -> bytes:
    """Base64 in lines of 76, ended by CR LF."""
    raw = content.replace("\n", EOL).encode() if isinstance(content, str) else content
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


@lru_cache(maxsize=256)
def words(text: str, header: str) -> str:
    """Words of any language as the value of that header, folded as its line wants it."""
    text = " ".join(text.split())
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, header_name=header, maxlinelen=75).encode(linesep=EOL)


@lru_cache(maxsize=256)
def sender(address: str) -> str:
    return mailbox(*parseaddr(address))


def mailbox(name: str, address: str) -> str:
    """名字 <address>, the name encoded where it is not ASCII."""
    local, _at, domain = address.rpartition("@")
    encoded = plain(f"{local}@{punycode(domain)}" if local else address)
    name = " ".join(name.split())
    if not name:
        return encoded
    if name.isascii():
        return f'"{in_quotes(name)}" <{encoded}>'
    return f"{Header(name, 'utf-8', maxlinelen=75).encode(linesep=EOL)}{EOL} <{encoded}>"


def plain(value: str) -> str:
    """A value that stands in a header as it is. Raises ``ValueError`` for anything that would end
    the line or is of another alphabet.
    """
    if not value.isascii() or not value.isprintable() or len(value) > _LONGEST:
        raise ValueError(f"not fit for the head of a mail: {value!r}")
    return value

"""The page as a file of each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from okrtracker.mail.mime import pack
from reports.models import FileKind
from reports.render import html
from reports.render.mail import digest
from reports.render.markdown import markdown
from reports.render.pdf import pdf
from reports.weekly.changes import Imprint
from reports.weekly.document import WeeklyDocument, dump

type Maker = Callable[[WeeklyDocument, Imprint | None, str], bytes]


def make(
    document: WeeklyDocument, kind: FileKind, language: str, imprint: Imprint | None = None
) -> bytes:
    """The page in that language; with its ``imprint``, that of an edition.

    Raises ``PdfUnavailable`` where this machine cannot make a PDF.
    """
    return _MAKERS[kind](document, imprint, language)


def _html(document: WeeklyDocument, imprint: Imprint | None, language: str) -> bytes:
    return html.standalone(document, language=language, imprint=imprint)


def _markdown(document: WeeklyDocument, imprint: Imprint | None, language: str) -> bytes:
    return markdown(document, language=language, imprint=imprint).encode()


def _json(document: WeeklyDocument, imprint: Imprint | None, _language: str) -> bytes:
    return json(document, imprint=imprint)


def json(page: WeeklyDocument, *, imprint: Imprint | None = None) -> bytes:
    """UTF-8, keys in a stable order, decimals as strings; ``document.load`` reads it back.

    An edition's imprint stands beside the document's own keys, as ``edition``.
    """
    built = dump(page)
    if imprint is not None:
        built["edition"] = msgspec.to_builtins(imprint)
    encoded = msgspec.json.encode(built, order="sorted")
    return msgspec.json.format(encoded, indent=2) + b"\n"


def _mail(document: WeeklyDocument, imprint: Imprint | None, language: str) -> bytes:
    return pack(digest.compose(document, imprint, language))


_MAKERS: Final[dict[FileKind, Maker]] = {
    FileKind.HTML: _html,
    FileKind.MARKDOWN: _markdown,
    FileKind.JSON: _json,
    FileKind.PDF: pdf,
    FileKind.MAIL: _mail,
}

"""Each kind of file that holds weekly pages, read into the text of one Markdown document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from reports.importer.formats.encoding import NotTextError, decode

LARGEST: Final = 32 * 2**20  # bytes of one file; ten years of weekly pages are a tenth of that
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, and .docx with a password


class CannotReadError(ValueError):
    """Why a file gives no page, in words for the person who imports it."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file as Markdown."""

    text: str
    modified: date | None = None


def is_readable(suffix: str) -> bool:
    """Whether files whose names end so (``.md``, in any case) hold pages; archives do not count."""
    return suffix.lower() in _READERS


def read_document(suffix: str, data: bytes) -> Document:
    """The document in ``data``; ``suffix`` says which kind it is. Raises ``CannotReadError``."""
    if not data.strip():
        raise CannotReadError("the file is empty")
    if len(data) > LARGEST:
        raise CannotReadError(f"larger than {LARGEST // 2**20} MB")
    if data.startswith(_OLD_OFFICE):
        raise CannotReadError("an old Office file or one with a password; save it as .docx")
    try:
        document = _READERS[suffix.lower()](data)
    except NotTextError as error:
        raise CannotReadError(error.reason, error.line) from error
    except ModuleNotFoundError as error:
        raise CannotReadError(
            f"reading {suffix.lower()} files needs the extra 'import' ({error.name} is missing)"
        ) from error
    if not document.text.strip():
        raise CannotReadError("holds no text")
    return document


def _plain(data: bytes) -> Document:
    return Document(decode(data))


def _html(data: bytes) -> Document:
    from reports.importer.formats.markup import html_to_markdown  # lxml loads slowly

    return Document(html_to_markdown(data))


def _docx(data: bytes) -> Document:
    from reports.importer.formats.word import docx_to_markdown  # mammoth loads slowly

    return docx_to_markdown(data)


_READERS: Final[dict[str, Callable[[bytes], Document]]] = {
    **dict.fromkeys((".md", ".markdown", ".txt", ".text"), _plain),
    **dict.fromkeys((".html", ".htm"), _html),
    ".docx": _docx,
}

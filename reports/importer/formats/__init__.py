"""Each kind of file that holds weekly pages, read into the text of one Markdown document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from reports.importer.formats.encoding import decode
from reports.importer.formats.grids import CellGrid
from reports.importer.formats.limits import LARGEST
from reports.importer.formats.problems import CannotReadError, Problem

_HTML: Final = re.compile(rb"<(?:html|table|meta|!doctype)", re.IGNORECASE)
_HTML_WITHIN: Final = 2048
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, and .docx with a password


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file as Markdown, or its sheets where it is a spreadsheet."""

    text: str
    modified: date | None = None
    grids: tuple[CellGrid, ...] = ()


def is_readable(suffix: str) -> bool:
    """Whether files whose names end so (``.md``, in any case) hold pages; archives do not count."""
    return suffix.lower() in _READERS


def is_spreadsheet(suffix: str) -> bool:
    """Whether such a file holds sheets, each of which may be a page."""
    return suffix.lower() in (*_WORKBOOKS, *_SEPARATED)


def read_document(suffix: str, data: bytes) -> Document:
    """The document in ``data``; ``suffix`` says which kind it is. Raises ``CannotReadError``."""
    if not data.strip():
        raise CannotReadError(Problem.EMPTY)
    if len(data) > LARGEST:
        raise CannotReadError(Problem.LARGE, LARGEST // 2**20)
    if data.startswith(_OLD_OFFICE) and suffix.lower() not in _WORKBOOKS:
        raise CannotReadError(Problem.OLD_OFFICE)
    try:
        document = _READERS[suffix.lower()](data)
    except ModuleNotFoundError as error:
        raise CannotReadError(Problem.EXTRA_MISSING, suffix.lower()) from error
    if not document.text.strip() and not document.grids:
        raise CannotReadError(Problem.NO_TEXT)
    return document


def _plain(data: bytes) -> Document:
    return Document(decode(data))


def _html(data: bytes) -> Document:
    from reports.importer.formats.markup import html_to_markdown  # lxml loads slowly

    return Document(html_to_markdown(data))


def _docx(data: bytes) -> Document:
    from reports.importer.formats.word import docx_to_markdown  # mammoth loads slowly

    return docx_to_markdown(data)


def _workbook(data: bytes) -> Document:
    """A workbook; many systems give their HTML or CSV the name .xls."""
    if data.startswith((_OLD_OFFICE, b"PK")):
        from reports.importer.formats.workbook import read_workbook  # loads slowly

        return read_workbook(data)
    return _html(data) if _HTML.search(data[:_HTML_WITHIN]) else _separated(data)


def _separated(data: bytes) -> Document:
    from reports.importer.formats.separated import read_separated  # needs this module

    grid = read_separated(data)
    return Document("", grids=(grid,) if grid.rows else ())


_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
_SEPARATED: Final = (".csv", ".tsv")
_READERS: Final[dict[str, Callable[[bytes], Document]]] = {
    **dict.fromkeys((".md", ".markdown", ".txt", ".text"), _plain),
    **dict.fromkeys((".html", ".htm"), _html),
    ".docx": _docx,
    **dict.fromkeys(_WORKBOOKS, _workbook),
    **dict.fromkeys(_SEPARATED, _separated),
}

"""Files in, weekly pages out: what stands at a path, as Markdown, one page at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from projects.weeks import Numbering
from reports.importer.column_mapping import NO_MAPPINGS, ColumnMappings
from reports.importer.formats import is_readable, is_spreadsheet, read_document
from reports.importer.formats.archive import ARCHIVE, Member, open_archive
from reports.importer.formats.limits import LARGEST
from reports.importer.formats.problems import CannotReadError, Problem
from reports.importer.source import SourceLine, SourcePage, Unreadable
from reports.importer.sources.notion import Sheet, is_index, joined
from reports.importer.sources.workbooks import pages_of

_HIDDEN: Final = re.compile(r"\.|__MACOSX$|~\$")
_LETTERS: Final = 100_000  # sorts after every number that fits in a name
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(slots=True)
class _Reader:
    """What every file of one call is read with."""

    numbering: Numbering
    today: date | None
    mappings: ColumnMappings
    seen: set[Path] = field(default_factory=set)


def read_paths(
    paths: Iterable[Path],
    *,
    numbering: Numbering,
    today: date,
    mappings: ColumnMappings = NO_MAPPINGS,
) -> Iterator[SourcePage | Unreadable]:
    """Each document at ``paths`` in their order: a weekly page, or a log that is not cut yet.

    Folders and archives are read whole, in natural order of names; what holds no pages there
    (pictures, hidden files, pages that only list links) is passed over. A file that
    cannot be read gives an ``Unreadable``; this never raises. ``numbering`` and ``today`` serve to
    tell the weeks of a long log or a spreadsheet apart, ``mappings`` to read its columns.
    """
    reader = _Reader(numbering, today, mappings)
    for path in paths:
        yield from _read_path(path, reader)


def source_lines(text: str) -> tuple[SourceLine, ...]:
    """The lines of ``text`` with their numbers from 1.

    Every line end that Unicode knows counts (CR, CRLF, U+2028, form feed …), so that
    separators of old editors and chats do not glue two lines together.
    """
    return tuple(SourceLine(number, line) for number, line in enumerate(text.splitlines(), start=1))


def _read_path(path: Path, reader: _Reader) -> Iterator[SourcePage | Unreadable]:
    name = path.as_posix()
    try:
        if _is_known(path, reader.seen):
            return
        if path.is_dir():
            yield from _some(name, _collection(name, list(_files_below(path, reader.seen)), reader))
        elif not path.exists():
            yield Unreadable(name, Problem.NO_FILE)
        elif path.suffix.lower() == ARCHIVE:
            yield from _some(name, _archive(name, Member.of(path), reader))
        elif is_readable(path.suffix):
            yield from _single(name, Member.of(path), reader)
        else:
            yield _of_no_kind(name, path.suffix)
    except (OSError, ValueError, RuntimeError) as error:  # a name too long, a loop of links
        yield Unreadable(name, Problem.OTHER, (str(error),))


def _of_no_kind(name: str, suffix: str) -> Unreadable:
    if suffix:
        return Unreadable(name, Problem.KIND, (suffix,))
    return Unreadable(name, Problem.NO_SUFFIX)


def _some(name: str, pages: Iterator[SourcePage | Unreadable]) -> Iterator[SourcePage | Unreadable]:
    """The pages; an ``Unreadable`` where the folder or archive that was named holds none."""
    nothing = Unreadable(name, Problem.NO_PAGES)
    first = next(pages, nothing)
    yield first
    yield from pages


def _single(name: str, member: Member, reader: _Reader) -> Iterator[SourcePage | Unreadable]:
    for sheet in _sheets(name, member, reader):
        if isinstance(sheet, Sheet) and is_index(sheet) and not is_spreadsheet(member.suffix):
            yield Unreadable(name, Problem.ONLY_LINKS)
        else:
            yield sheet.page if isinstance(sheet, Sheet) else sheet


def _is_known(path: Path, seen: set[Path]) -> bool:
    """Whether this file was read before: a folder and a file in it may both be named."""
    real = path.resolve()
    was_seen = real in seen
    seen.add(real)
    return was_seen


def _files_below(folder: Path, seen: set[Path]) -> Iterator[Member]:
    """The files in a folder and its folders, in natural order, hidden ones left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _HIDDEN.match(name)]
        for name in files:
            path = Path(place, name)
            if _HIDDEN.match(name):
                continue
            inner = path.relative_to(folder).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
                yield Member.refused(inner, Problem.LINK_LEADS_OUT)
            elif not _is_known(path, seen):
                yield Member.of(path, inner)


def _archive(name: str, member: Member, reader: _Reader) -> Iterator[SourcePage | Unreadable]:
    try:
        members = [
            inner
            for inner in open_archive(member)
            if not any(_HIDDEN.match(part) for part in inner.path.split("/") if part != "..")
        ]
    except CannotReadError as error:
        yield Unreadable.of(name, error)
        return
    yield from _collection(name, members, reader)


def _collection(
    name: str, members: Sequence[Member], reader: _Reader
) -> Iterator[SourcePage | Unreadable]:
    """The pages of a folder or archive, sub-pages joined to the page that they belong to."""
    sheets: list[Sheet | Unreadable] = []
    archives: list[Member] = []
    for member in sorted(members, key=lambda member: _natural(member.path)):
        if member.suffix == ARCHIVE:
            archives.append(member)
        elif is_readable(member.suffix):
            sheets += _sheets(f"{name}/{member.path}", member, reader)
    for sheet in joined(sheets):
        yield sheet.page if isinstance(sheet, Sheet) else sheet
    for member in archives:
        yield from _archive(f"{name}/{member.path}", member, reader)


def _sheets(name: str, member: Member, reader: _Reader) -> list[Sheet | Unreadable]:
    """The document in a file; of a spreadsheet each of its pages."""
    try:
        document = read_document(member.suffix, member.read(LARGEST))
    except CannotReadError as error:
        return [Unreadable.of(name, error)]
    modified = document.modified or member.modified
    if not document.grids:
        page = SourcePage(name, source_lines(document.text), modified=modified)
        return [Sheet(member.path, page)]
    pages = pages_of(
        name,
        document.grids,
        reader.mappings,
        modified=modified,
        numbering=reader.numbering,
        today=reader.today,
    )
    return [Sheet(f"{member.path}{page.name.removeprefix(name)}", page) for page in pages]


def _natural(path: str) -> list[tuple[int, str]]:
    """Sorts W9 before W10, figures before letters, a page before the folder of its sub-pages."""
    return [
        (len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else (_LETTERS, part)
        for part in _DIGITS.split(path.lower())
        if part
    ]


def read_member(
    member: Member,
    *,
    numbering: Numbering = "calendar",
    today: date | None = None,
    mappings: ColumnMappings = NO_MAPPINGS,
) -> Iterator[Sheet | SourcePage | Unreadable]:
    """One file that was handed in: a ``Sheet``, those of a spreadsheet, or the pages of an archive.

    The caller joins the sheets of all files (``joined``) and cuts long logs (``split_log``).
    """
    reader = _Reader(numbering, today, mappings)
    if member.suffix == ARCHIVE:
        yield from _some(member.path, _archive(member.path, member, reader))
    elif is_readable(member.suffix):
        yield from _sheets(member.path, member, reader)
    else:
        yield _of_no_kind(member.path, member.suffix)

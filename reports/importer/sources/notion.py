"""Pages that belong together in a Notion export: sub-pages, and pages that only list links.

A sub-page lies in the folder that bears the name of its page, or is linked from it there. One
without a week's label of its own becomes part of the weekly page above it, so nothing is lost.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from reports.importer.dating.headings import (
    BOLD,
    StandingOut,
    standing_out,
    title_labels,
    week_labels,
)
from reports.importer.dating.week import is_metadata, name_labels, without_id
from reports.importer.reading.tables import split_cells
from reports.importer.source import SourceLine, SourcePage, Unreadable

_LINK_TO_PAGE: Final = re.compile(
    r"\]\(<?(?P<target>[^\s<>]{1,500}?\.(?:md|html?))>?(?:#[^()\s]*)?\)", re.IGNORECASE
)
_LINKS: Final = re.compile(r"!?\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*\)")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_HEADING: Final = re.compile(r"(?P<hashes>#{1,6})(?=\s)")
_WORD: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document with its path in its folder or archive."""

    path: str
    page: SourcePage

    @property
    def key(self) -> str:
        """The path in the one form in which a link to it can be looked up."""
        return unicodedata.normalize("NFC", self.path)


def is_index(sheet: Sheet) -> bool:
    """Whether a page holds nothing but a title, links and metadata, and names no week."""
    texts = (line.text for line in sheet.page.lines if line.text.strip())
    title = next(texts, "")
    first = standing_out(title)
    rest = texts if first and first.rank <= BOLD else chain((title,), texts)
    if any(_WORD.search(_LINKS.sub("", text)) and not is_metadata(text) for text in rest):
        return False
    return not _bears_label(sheet)


def joined(sheets: Sequence[Sheet | Unreadable]) -> Iterator[Sheet | Unreadable]:
    """The sheets, each sub-page at the end of its weekly page, without those that only list."""
    weeks = {
        without_id(PurePosixPath(sheet.path).stem)
        for sheet in sheets
        if isinstance(sheet, Sheet) and not sheet.page.columns and _bears_label(sheet)
    }
    sheets = [
        sheet for sheet in sheets if isinstance(sheet, Unreadable) or not _lists(sheet, weeks)
    ]
    pages = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
    parents = _parents(pages)
    children: dict[str, list[Sheet]] = {}
    for page in pages:
        if page.key in parents:
            children.setdefault(parents[page.key], []).append(page)
    for sheet in sheets:
        if isinstance(sheet, Unreadable):
            yield sheet
        elif sheet.key not in parents and (sheet.key in children or not is_index(sheet)):
            yield _with_children(sheet, children)


def _lists(sheet: Sheet, weeks: Collection[str]) -> bool:
    """Whether it is the table of a database whose pages are among the others, a week each."""
    if not weeks or not sheet.page.columns:
        return False
    rows = [split_cells(line.text) for line in sheet.page.lines if line.text.startswith("| ")]
    listed = sum(any(cell in weeks for cell in cells) for cells in rows)
    return listed * 2 >= len(rows) - 1 > 0


def _parents(pages: Sequence[Sheet]) -> dict[str, str]:
    """For the key of each sub-page the key of the page that it becomes part of."""
    owners: dict[str, Sheet] = {}  # by the folder that their sub-pages lie in
    for page in pages:
        path = PurePosixPath(page.key)
        for stem in filter(None, (path.stem, without_id(path.stem))):
            owners.setdefault(str(path.with_name(stem)), page)
    by_key = {page.key: page for page in pages}
    parents: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.key.count("/")):  # a page before its sub-pages
        owner = owners.get(posixpath.dirname(page.key))
        if owner and (owner.key in parents or _bears_label(owner)) and not _is_a_week(page):
            parents[page.key] = owner.key
        elif page.key not in parents and _bears_label(page):
            for key in _links_below(page, by_key):
                if key not in parents and not _is_a_week(by_key[key]):
                    parents[key] = page.key
    return parents


def _links_below(page: Sheet, by_key: Mapping[str, Sheet]) -> Iterator[str]:
    """The pages in folders beside ``page`` that it links to."""
    folder = posixpath.dirname(page.key)
    for line in page.page.lines:
        if "](" in line.text:
            for link in _LINK_TO_PAGE.finditer(line.text):
                target = unicodedata.normalize("NFC", unquote(link["target"]))
                key = posixpath.normpath(posixpath.join(folder, target))
                if key in by_key and _is_below(key, folder):
                    yield key


def _is_below(key: str, folder: str) -> bool:
    """Whether ``key`` lies in a folder within ``folder``, not in it itself."""
    inner = posixpath.dirname(key)
    return inner != folder and (not folder or inner.startswith(f"{folder}/"))


def _bears_label(sheet: Sheet) -> bool:
    """Whether its title or file name says a week, whatever else stands there."""
    return bool(name_labels(PurePosixPath(sheet.path).stem) or title_labels(_title(sheet)))


def _is_a_week(sheet: Sheet) -> bool:
    """Whether its title or file name is a week's label and hardly more: a page of its own."""
    names = (without_id(PurePosixPath(sheet.path).stem), _title(sheet))
    return any(week_labels(StandingOut(1, name)) for name in names)


def _title(sheet: Sheet) -> str:
    for line in sheet.page.lines:
        if line.text.strip():
            first = standing_out(line.text)
            return first.text if first else ""
    return ""


def _with_children(sheet: Sheet, children: Mapping[str, Sequence[Sheet]]) -> Sheet:
    if sheet.key not in children:
        return sheet
    lines = list(sheet.page.lines)
    for child in _descendants(sheet, children):
        first = lines[-1].number + 1 if lines else 1
        added = ["", *_as_section(child)]
        lines.extend(SourceLine(number, text) for number, text in enumerate(added, start=first))
    return replace(sheet, page=replace(sheet.page, lines=tuple(lines)))


def _descendants(sheet: Sheet, children: Mapping[str, Sequence[Sheet]]) -> Iterator[Sheet]:
    for child in children.get(sheet.key, ()):
        yield child
        yield from _descendants(child, children)


def _as_section(child: Sheet) -> Iterator[str]:
    """The sub-page under a second-level heading, its own headings two levels deeper."""
    texts = [line.text for line in child.page.lines]
    index = next((index for index, text in enumerate(texts) if text.strip()), 0)
    first = standing_out(texts[index])
    if first and first.rank <= BOLD:
        del texts[index]
        yield f"## {first.text}"
    else:
        yield f"## {without_id(PurePosixPath(child.path).stem)}"
    yield ""
    fenced = False
    for text in texts:
        if _FENCE.match(text):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(text)
        if heading:
            yield "#" * min(6, len(heading["hashes"]) + 2) + text[heading.end() :]
        else:
            yield text

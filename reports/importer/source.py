"""What a file gives: the text of each page in it, as Markdown, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reports.importer.column_mapping import TableColumns
from reports.importer.formats.problems import CannotReadError, Problem

# The warning of a page that names no week, until a person gives it one.
NO_WEEK: Final = "no_week"

_ITEM: Final = re.compile(r"\d{1,3}\. (?=\S)")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a page: its number in the file (from 1) and its text, marks and indent kept."""

    number: int
    text: str
    place: str = ""  # in a spreadsheet: the cell that it comes from (第25周!A5)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One weekly page as it stands in its file; one file may hold many (a long log)."""

    name: str  # the path as given, inside an archive "export.zip/2024-W25.md"
    lines: tuple[SourceLine, ...]  # title and `Created:` included, empty lines too
    part: int = 0  # 1, 2 … in a file that holds many weeks; 0 when the page is the whole file
    modified: date | None = None  # the file's own date, where the format keeps one (docx, zip)
    before: date | None = None  # Monday of the page before it in the same file, when known
    heading: int | None = None  # in a long log: the number of the line that names the week
    start: date | None = None  # in a long log: the Monday of the week that line names
    guessed: bool = False  # whether only today's date gave its year
    columns: tuple[TableColumns, ...] = ()  # of the tables of a spreadsheet


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that gave no page: the others go on."""

    name: str
    problem: Problem
    figures: tuple[str, ...] = ()
    line: int | None = None
    names_no_week: bool = False  # readable, but somebody must say its week

    @classmethod
    def of(cls, name: str, error: CannotReadError) -> Unreadable:
        return cls(name, error.problem, error.figures, error.line)

    @property
    def reason(self) -> str:
        """In English."""
        return self.problem.words(self.figures)


@dataclass(frozen=True, slots=True)
class PageWeek:
    """Which week a page is of, and what is odd about it."""

    start: date  # Monday
    label: str  # as the page writes it (第16周 2023-04-14; 2024-w26 as 2024-W26), else computed
    warnings: tuple[str, ...] = ()  # label_mismatch, week_guessed


_QUOTE: Final = " > "  # of an entry, behind its margin


def own_items(texts: Sequence[str]) -> dict[int, int]:
    """The lines below the first of each entry as our own pages print it, by their places; each
    with the place of that first line.

    They are indented to the words of a numbered item, and end in quotes: what the page itself says
    of the entry. What looks like a heading or another project among them is part of its text.
    """
    places: dict[int, int] = {}
    if not any(_QUOTE in text for text in texts):
        return places  # most pages are nobody's export
    first, margin, end = 0, "", 0  # without a margin no item is open
    for place, text in enumerate([*texts, "."]):
        if margin and not text.strip():
            continue
        if margin and text.startswith(margin):
            end = place
            continue
        if end > first and texts[end].startswith(f"{margin}> "):
            places.update(dict.fromkeys(range(first + 1, end + 1), first))
        match = _ITEM.match(text)
        first, margin, end = place, " " * len(match[0]) if match else "", place
    return places

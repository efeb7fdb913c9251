"""What a file gives: the text of each page in it, as Markdown, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from reports.importer.column_mapping import TableColumns
from reports.importer.formats.problems import CannotReadError, Problem

# The warning of a page that names no week, until a person gives it one.
NO_WEEK: Final = "no_week"


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

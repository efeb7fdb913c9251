"""Read and parse the pages in files: the pure half of an import, one page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from projects.weeks import Numbering
from reports.importer.column_mapping import NO_MAPPINGS, ColumnMappings
from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.page import ParsedPage
from reports.importer.reading.parse import parse
from reports.importer.source import SourcePage, Unreadable
from reports.importer.sources.paths import read_paths


@dataclass(slots=True)
class ReadResult:
    """What the files gave: the pages, and what could not be read, in the order of the files."""

    numbering: Numbering
    pages: list[ParsedPage] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def read_pages(
    paths: Iterable[Path],
    *,
    numbering: Numbering | None,
    today: date,
    columns: ColumnMappings = NO_MAPPINGS,
) -> ReadResult:
    """All weekly pages in the files. Without a ``numbering`` the pages tell which they use.

    ``columns`` are the team's mappings of columns whose headings the vocabulary does not know.
    """
    result = ReadResult(numbering or "calendar")
    sources: list[SourcePage] = []
    for page in read_paths(paths, numbering=result.numbering, today=today, mappings=columns):
        if isinstance(page, Unreadable):
            result.unreadable.append(page)
        else:
            sources.append(page)
    if numbering is None:
        result.numbering = likely_numbering(sources, today=today)
    for source in sources:
        try:
            week = week_of_page(source, numbering=result.numbering, today=today)
        except NoWeek as error:
            result.unreadable.append(Unreadable(source.name, str(error)))
        else:
            result.pages.append(parse(source, week))
    return result


def likely_numbering(sources: Iterable[SourcePage], *, today: date) -> Numbering:
    """The numbering in which fewer labels contradict their pages' dates, else ``calendar``."""
    odd: dict[Numbering, int] = {"calendar": 0, "iso": 0}
    for source in sources:
        for numbering in odd:
            try:
                week = week_of_page(source, numbering=numbering, today=today)
            except NoWeek:
                continue
            odd[numbering] += "label_mismatch" in week.warnings
    return "iso" if odd["iso"] < odd["calendar"] else "calendar"

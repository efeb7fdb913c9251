"""Read and parse the pages in files: the pure half of an import."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from projects.weeks import Numbering
from reports.importer.column_mapping import NO_MAPPINGS, ColumnMappings
from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.formats.problems import Problem
from reports.importer.known_names import names_of, unreported
from reports.importer.page import ParsedPage
from reports.importer.reading.parse import parse
from reports.importer.source import PageWeek, SourcePage, Unreadable
from reports.importer.sources.paths import read_paths

_MANY: Final = 60  # pages; fewer are parsed sooner than processes begin
_MOST_PROCESSES: Final = 8
_CHUNK: Final = 16


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
    week: date | None = None,
    known_names: Sequence[str] = (),
    columns: ColumnMappings = NO_MAPPINGS,
) -> ReadResult:
    """All weekly pages in the files. Without a ``numbering`` the pages tell which they use.

    ``week`` is the Monday of pages that name none. ``known_names`` are names and aliases of
    projects: a line that begins with one reports that project. ``columns`` are the team's mappings
    of columns whose headings the vocabulary does not know.
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
    dated: list[tuple[SourcePage, PageWeek]] = []
    for source in sources:
        try:
            page_week = week_of_page(source, numbering=result.numbering, today=today, given=week)
        except NoWeek as error:
            result.unreadable.append(
                Unreadable(source.name, Problem.OTHER, (str(error),), names_no_week=True)
            )
        else:
            dated.append((source, page_week))
    result.pages = parse_all(dated, known_names)
    return result


def parse_all(
    dated: Sequence[tuple[SourcePage, PageWeek]], known_names: Sequence[str] = ()
) -> list[ParsedPage]:
    """The pages parsed, by several processes where there are many and the program may have them.

    A second look takes the names that other pages call their projects by: a line that begins with
    one reports that project.
    """
    pages = _parsed_by_many([(source, week, ()) for source, week in dated])
    names = names_of(pages, known_names)
    leading = [unreported(page, names) if names else () for page in pages]
    again = [place for place, own in enumerate(leading) if own]
    tasks = [(pages[place].source, pages[place].week, leading[place]) for place in again]
    for place, page in zip(again, _parsed_by_many(tasks), strict=True):
        pages[place] = page
    return pages


type _Task = tuple[SourcePage, PageWeek, tuple[str, ...]]

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(ParsedPage)
_NO_SOURCE: Final = SourcePage("", ())
_tasks: Sequence[_Task] = ()  # in a process that parses: all that there are


def _parsed(task: _Task) -> ParsedPage:
    source, week, known_names = task
    return parse(source, week, known_names=known_names)


def _parsed_by_many(tasks: Sequence[_Task]) -> list[ParsedPage]:
    processes = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)
    # Only a program of one thread forks safely, and a daemon (a worker's process) must not.
    is_alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    if len(tasks) < _MANY or processes == 1 or not is_alone:
        return [_parsed(task) for task in tasks]
    # The processes inherit the tasks; what they send back is a quarter of the time of pickles.
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, fork, _begin, (tasks,)) as pool:
        encoded = pool.map(_parsed_at, range(len(tasks)), chunksize=_CHUNK)
        pages = map(_DECODER.decode, encoded)
        return [
            replace(page, source=source) for page, (source, _, _) in zip(pages, tasks, strict=True)
        ]


def _begin(tasks: Sequence[_Task]) -> None:
    """Prepare a process that lives no longer than its tasks."""
    global _tasks  # noqa: PLW0603 - of this process alone
    _tasks = tasks
    gc.disable()


def _parsed_at(place: int) -> bytes:
    """The page without its source, which is half of its size: who asked has that."""
    return _ENCODER.encode(replace(_parsed(_tasks[place]), source=_NO_SOURCE))


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

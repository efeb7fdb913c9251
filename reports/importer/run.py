"""Read and parse the pages in files: the pure half of an import."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from projects.weeks import Numbering
from reports.importer.column_mapping import NO_MAPPINGS, ColumnMappings
from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.formats.problems import Problem
from reports.importer.known_names import names_of, unreported
from reports.importer.page import ParsedPage
from reports.importer.reading.parse import parse
from reports.importer.source import PageWeek, SourcePage, Unreadable
from reports.importer.sources.logs import split_log
from reports.importer.sources.paths import read_paths

_MANY: Final = 60  # pages; fewer are parsed sooner than processes begin
_MOST_PROCESSES: Final = 8
_LONG: Final = 500  # lines; the pages of such a log are shared among the processes
_CHUNK: Final = 8  # the last one ends a twentieth of a second after the others at most


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
    split = partial(_split, numbering=result.numbering, today=today)
    documents: list[SourcePage] = []
    for document in read_paths(paths, numbering=result.numbering, today=today, mappings=columns):
        if isinstance(document, Unreadable):
            result.unreadable.append(document)
        else:
            documents += split(document) if len(document.lines) > _LONG else [document]
    if numbering is None:
        result.numbering = _likely_numbering(documents, split, today)
    dated = partial(week_of_page, numbering=result.numbering, today=today, given=week)
    read = _by_many(partial(_read_document, split, dated), documents, list[_Outcome])
    for document, outcomes in zip(documents, read, strict=True):
        for outcome in outcomes:
            if outcome.page is None:
                refused = (Problem.OTHER, (outcome.no_week,))
                result.unreadable.append(Unreadable(document.name, *refused, names_no_week=True))
            else:
                result.pages.append(outcome.with_source(document))
    _look_again(result.pages, known_names)
    return result


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a page of a document gave. A process sends it back without what is there already."""

    page: ParsedPage | None = None
    is_whole: bool = False  # the page is all of its document, whose text is left out
    no_week: str = ""  # why the page has none

    def with_source(self, document: SourcePage) -> ParsedPage:
        page = self.page
        if page is None:
            raise ValueError(self.no_week)
        return replace(page, source=document) if self.is_whole else page


type _Split = Callable[[SourcePage], list[SourcePage]]
type _WeekOf = Callable[[SourcePage], PageWeek]

_NO_SOURCE: Final = SourcePage("", ())


def _split(document: SourcePage, *, numbering: Numbering, today: date) -> list[SourcePage]:
    """The pages of a log that is not cut yet; any other as it is."""
    if document.part:
        return [document]
    return split_log(document, numbering=numbering, today=today)


def _read_document(split: _Split, week_of: _WeekOf, document: SourcePage) -> list[_Outcome]:
    """The pages of a document, cut, dated and parsed."""
    outcomes: list[_Outcome] = []
    for source in split(document):
        try:
            week = week_of(source)
        except NoWeek as error:
            outcomes.append(_Outcome(no_week=str(error)))
            continue
        page = parse(source, week)
        is_whole = source is document
        outcomes.append(_Outcome(replace(page, source=_NO_SOURCE) if is_whole else page, is_whole))
    return outcomes


def _look_again(pages: list[ParsedPage], known_names: Sequence[str]) -> None:
    """Parses pages anew with the names that other pages call their projects by.

    A line that begins with one reports that project.
    """
    names = names_of(pages, known_names)
    leading = [unreported(page, names) if names else () for page in pages]
    again = [(pages[place], place, own) for place, own in enumerate(leading) if own]
    parsed = _by_many(_parsed_again, [(page, own) for page, _, own in again], ParsedPage)
    for (page, place, _), anew in zip(again, parsed, strict=True):
        pages[place] = replace(anew, source=page.source)


def _parsed_again(task: tuple[ParsedPage, tuple[str, ...]]) -> ParsedPage:
    page, known_names = task
    return replace(parse(page.source, page.week, known_names=known_names), source=_NO_SOURCE)


_ENCODER: Final = msgspec.msgpack.Encoder()
# In a process that works for another: what it does with each task, and all tasks.
_work: Callable[[Any], Any] = repr
_tasks: Sequence[Any] = ()


def _by_many[T, R](work: Callable[[T], R], tasks: Sequence[T], kind: type[R]) -> list[R]:
    """What the work gives for each task, by several processes where that is sooner and safe."""
    processes = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)
    # Only a program of one thread forks safely, and a daemon (a worker's process) must not.
    is_alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    if len(tasks) < _MANY or processes == 1 or not is_alone:
        return [work(task) for task in tasks]
    # The processes inherit the tasks, and with the first one the patterns that it compiled; what
    # they send back is a quarter of the time of pickles.
    first = work(tasks[0])
    fork = multiprocessing.get_context("fork")
    decoder = msgspec.msgpack.Decoder(kind)
    with ProcessPoolExecutor(processes, fork, _begin, (work, tasks)) as pool:
        encoded = pool.map(_encoded_at, range(1, len(tasks)), chunksize=_CHUNK)
        return [first, *(decoder.decode(result) for result in encoded)]


def _begin(work: Callable[[Any], Any], tasks: Sequence[Any]) -> None:
    """Prepare a process that lives no longer than its tasks."""
    global _work, _tasks
    _work, _tasks = work, tasks
    gc.disable()


def _encoded_at(place: int) -> bytes:
    return _ENCODER.encode(_work(_tasks[place]))


def _likely_numbering(documents: Sequence[SourcePage], split: _Split, today: date) -> Numbering:
    """The numbering in which fewer labels contradict their pages' dates, else ``calendar``."""
    count = partial(_contradictions, split, today)
    counts = _by_many(count, documents, tuple[int, int])
    calendar, iso = (sum(odd[place] for odd in counts) for place in (0, 1))
    return "iso" if iso < calendar else "calendar"


def _contradictions(split: _Split, today: date, document: SourcePage) -> tuple[int, int]:
    """How many labels of the document contradict their dates as ``calendar`` and as ``iso``."""
    numberings: tuple[Numbering, ...] = ("calendar", "iso")
    odd = [0, 0]
    for source in split(document):
        for place, numbering in enumerate(numberings):
            with suppress(NoWeek):
                week = week_of_page(source, numbering=numbering, today=today)
                odd[place] += "label_mismatch" in week.warnings
    return odd[0], odd[1]

"""What a worker does with the files of an import: pages, each with its week, and the doubts.

Until a person applies it nothing is written but rows of the import itself.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from django.db import transaction

from projects.models import Team
from reports.importer.database.columns import load_columns
from reports.importer.database.known import project_names
from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.decisions import key_of
from reports.importer.formats.archive import Member
from reports.importer.formats.problems import Problem
from reports.importer.known_names import names_of, unreported
from reports.importer.page import ParsedPage
from reports.importer.reading.parse import parse
from reports.importer.source import NO_WEEK, PageWeek, SourcePage, Unreadable
from reports.importer.sources.logs import split_log
from reports.importer.sources.notion import Sheet, is_index, joined
from reports.importer.sources.paths import read_member
from reports.imports import doubts, review, work
from reports.imports.documents import packed
from reports.imports.time_limit import TookTooLong, time_limit
from reports.models import ImportFile, ImportPage, ImportState, PageImport

logger = logging.getLogger(__name__)

MOST_PAGES: Final = 3_000
_FILE_LASTS: Final = 60.0  # seconds; a zip of 500 pages takes two
_PAGE_LASTS: Final = 10.0  # seconds; a page takes ten thousandths


def problem_of(fault: Mapping[str, Any]) -> Problem | None:
    """The problem of one of a file's ``faults``; None for one of before they had names."""
    return Problem.__members__.get(fault.get("problem", ""))


def read(import_id: int) -> None:
    """Read the files of the import, if it is still to be read and nobody else does."""
    page_import = work.claim(import_id, ImportState.READING)
    if page_import is None:
        return
    try:
        _Reading(page_import).run()
    except work.CalledOff:
        logger.info("import %s was called off", import_id)


@dataclass(slots=True)
class _Reading:
    """One run over the files. It keeps everything in memory and saves it at the end."""

    page_import: PageImport
    pages: list[ImportPage] = field(default_factory=list)
    parsed: list[ParsedPage] = field(default_factory=list)  # of the same order
    unreadable: list[Unreadable] = field(default_factory=list)
    progress: work.ImportProgress = field(init=False)

    def __post_init__(self) -> None:
        self.progress = work.ImportProgress(self.page_import)

    @property
    def team(self) -> Team:
        return self.page_import.team

    def run(self) -> None:
        files = list(self.page_import.files.defer("data"))
        sources = self._sources(files)
        if len(sources) > MOST_PAGES:
            self.unreadable += [
                Unreadable(page.name, Problem.MANY_PAGES, (str(MOST_PAGES),))
                for page in sources[MOST_PAGES:]
            ]
        self.progress.begin("pages", len(sources[:MOST_PAGES]))
        today = self.team.today()
        for source in sources[:MOST_PAGES]:
            self.progress.at(source.name)
            self._guarded(source.name, partial(self._read_page, source, today))
            self.progress.next()
        self.progress.begin("compare", len(self.pages))
        self._look_again()
        self._save(files)

    def _guarded(self, name: str, step: Callable[[], object], lasts: float = _PAGE_LASTS) -> None:
        """One step; what it cannot cope with is named, and the others go on."""
        try:
            with time_limit(lasts):
                step()
        except TookTooLong:
            self.unreadable.append(Unreadable(name, Problem.LONG))
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            logger.exception("cannot read %s", name)
            self.unreadable.append(Unreadable(name, Problem.BROKEN, (type(error).__name__,)))

    def _sources(self, files: list[ImportFile]) -> list[SourcePage]:
        """The text of each page in the files."""
        self.progress.begin("files", len(files))
        sheets: list[Sheet | Unreadable] = []
        pages: list[SourcePage | Unreadable] = []
        for file in files:
            self.progress.at(file.name)

            parts: list[Sheet | SourcePage | Unreadable] = []
            self._guarded(file.name, partial(self._open, file, parts), _FILE_LASTS)
            sheets += [part for part in parts if isinstance(part, Sheet)]
            pages += [part for part in parts if not isinstance(part, Sheet)]
            self.progress.next()
        pages[:0] = [
            part.page if isinstance(part, Sheet) else part
            for part in joined(sheets)
            if isinstance(part, Unreadable) or not is_index(part)
        ]
        self.unreadable += [page for page in pages if isinstance(page, Unreadable)]
        whole = [page for page in pages if not isinstance(page, Unreadable)]
        return [page for source in whole for page in self._cut(source)]

    def _open(self, file: ImportFile, parts: list[Sheet | SourcePage | Unreadable]) -> None:
        member = _member_of(file)
        numbering, today = self.team.numbering, self.team.today()
        columns = load_columns(self.team)
        parts.extend(read_member(member, numbering=numbering, today=today, mappings=columns))

    def _cut(self, source: SourcePage) -> Iterator[SourcePage]:
        cut: list[SourcePage] = []
        today, numbering = self.team.today(), self.team.numbering
        self._guarded(
            source.name, lambda: cut.extend(split_log(source, numbering=numbering, today=today))
        )
        return iter(cut)

    def _read_page(self, source: SourcePage, today: date) -> None:
        self._keep(self._parsed(source, today))

    def _keep(self, page: ParsedPage, place: int | None = None) -> None:
        """The page as a row, in the place of one that was read before."""
        row = ImportPage(
            team=self.team,
            page_import=self.page_import,
            source=page.source.name[-500:],
            week=None if NO_WEEK in page.warnings else page.week.start,
            key=key_of(page.source),
            document=packed(page),
        )
        if place is None:
            self.pages.append(row)
            self.parsed.append(page)
        else:
            self.pages[place], self.parsed[place] = row, page

    def _look_again(self) -> None:
        """With the names that other pages and the team call projects by: they begin a report."""
        names = names_of(self.parsed, project_names(self.team))
        for place, page in enumerate(self.parsed):
            self.progress.at(page.source.name)
            if own := unreported(page, names):
                self._guarded(page.source.name, partial(self._reread, place, page, own))
            self.progress.next()

    def _reread(self, place: int, page: ParsedPage, names: tuple[str, ...]) -> None:
        self._keep(parse(page.source, page.week, known_names=names), place)

    def _parsed(self, source: SourcePage, today: date) -> ParsedPage:
        try:
            week = week_of_page(source, numbering=self.team.numbering, today=today)
        except NoWeek:
            # It is shown as of the present week, and waits for a person to say its own.
            this_week = self.team.this_week()
            week = PageWeek(this_week, self.team.week_label(this_week), (NO_WEEK,))
        return parse(source, week)

    def _save(self, files: list[ImportFile]) -> None:
        with transaction.atomic():
            rows = PageImport.objects.select_for_update().filter(pk=self.page_import.pk)
            if rows.values_list("state", flat=True).first() != ImportState.READING:
                raise work.CalledOff
            self.page_import.pages.all().delete()
            ImportPage.objects.bulk_create(self.pages, batch_size=100)
            self._save_files(files)
            doubts.refresh(self.page_import, review.decisions_of(self.page_import))
            state = ImportState.REVIEW if self.pages else ImportState.FAILED
            work.finish(self.page_import, state, step="", done=len(self.pages))

    def _save_files(self, files: list[ImportFile]) -> None:
        """What each file gave. Its bytes stay: it may be read again with other columns."""
        names = {file.name: file for file in files}
        pages = Counter(_file_of(page.source, names) for page in self.pages)
        faults: dict[str, list[dict[str, Any]]] = {}
        for fault in self.unreadable:
            file_faults = faults.setdefault(_file_of(fault.name, names), [])
            why = {"problem": fault.problem.name, "figures": fault.figures}
            file_faults.append({"name": fault.name, "line": fault.line, **why})
        for file in files:
            file.is_read = True
            file.pages, file.faults = pages[file.name], faults.get(file.name, [])
        fields = ["is_read", "pages", "faults"]
        ImportFile.objects.bulk_update(files, fields, batch_size=100)


def _file_of(name: str, files: dict[str, ImportFile]) -> str:
    """The file that a page of that name came from: ``export.zip`` for ``export.zip/W25.md``."""
    while name not in files and "/" in name:
        name = name.rpartition("/")[0]
    return name


def _member_of(file: ImportFile) -> Member:
    """The file for the readers: its bytes come from the database when they are asked for."""

    def content(limit: int) -> bytes:
        row = ImportFile.objects.only("data").get(pk=file.pk)
        return bytes(row.data or b"")[: limit + 1]

    return Member(file.name, content)

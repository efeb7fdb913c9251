"""The budgets (docs/architecture.md) and what is measured against them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from time import process_time
from typing import Final

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.template import engines

from projects import prose
from projects.access import Access
from projects.checkin.reading import claims
from projects.models import Role
from projects.weeks import WEEK as ONE_WEEK
from reports.dashboard import boards
from reports.importer.reading.parse import parse
from reports.importer.run import read_pages
from reports.importer.source import PageWeek, SourcePage
from reports.importer.sources.paths import source_lines
from reports.models import WeeklyPage
from reports.pages import live, publish
from tests.bench.history import SLUG, Department, make_department
from tests.bench.measure import Browser, queries, side_by_side
from tests.bench.old_pages import old_page, write_pages
from tests.bench.sending import send_digest
from tests.flushing import may_flush

_RUNS: Final = 60
_FLOOR: Final = "× floor"


@dataclass(frozen=True, slots=True)
class Result:
    """One budget; ``at_least`` turns the comparison round. No budget: for information."""

    what: str
    measured: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def is_within(self) -> bool:
        if self.budget is None:
            return True
        return self.measured >= self.budget if self.at_least else self.measured <= self.budget

    def __str__(self) -> str:
        if self.budget is None:
            verdict = ""
        else:
            sign = "≥" if self.at_least else "≤"
            verdict = f"{sign} {self.budget:g} {'ok' if self.is_within else 'OVER BUDGET'}"
        return f"{self.what:<58}{self.measured:>9.2f} {self.unit:<12}{verdict}"


def run(folder: Path, recipients: int) -> list[Result]:
    """All measurements; ``folder`` is for files, ``recipients`` how many a digest is sent to."""
    call_command("collectstatic", interactive=False, verbosity=0)
    results: list[Result] = []
    with _database():
        ratios = {}
        for projects, weeks in ((40, 52), (40, 520), (400, 52)):
            with _department(projects, weeks) as department:
                dashboard, ratios[projects, weeks] = _dashboard(department, projects, weeks)
                results += dashboard
                if (projects, weeks) == (40, 52):
                    results += _table_rows(department)
                    results += _pages(department)
                    results += _check_in(department)
                    results += _published(department)
                if projects == 40:
                    results += _compile(department, weeks)
        # Of what was measured minutes apart, on a machine that may have been busier by then.
        growth = ratios[40, 520] / ratios[40, 52]
        results.append(Result("dashboard, 520 weeks against 52", growth, "× time", 1.1))
        # The last: an edition cannot be deleted again.
        results += _digest(recipients)
    results += [_prose(), *_import(folder)]
    return results


@contextmanager
def _database() -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


@contextmanager
def _department(projects: int, weeks: int) -> Iterator[Department]:
    department = make_department(projects, weeks)
    live.compile_page(department.team, department.week)
    yield department
    may_flush()
    call_command("flush", interactive=False, verbosity=0)


def _ratio(browser: Browser, address: str) -> tuple[float, float, int]:
    """Time against the floor of a page of that size, time in ms, queries."""
    size = len(browser.get(address))
    page, floor = partial(browser.get, address), partial(browser.get, f"/floor/{size}/")
    taken, least = side_by_side(_RUNS, page, floor)
    return taken / least, taken, queries(page)


def _dashboard(department: Department, projects: int, weeks: int) -> tuple[list[Result], float]:
    what = f"dashboard, {projects} projects, {weeks} weeks"
    browser = Browser(department.manager)
    ratio, taken, asked = _ratio(browser, f"/t/{SLUG}/")
    first, _ = side_by_side(_RUNS // 2, partial(browser.get, f"/t/{SLUG}/"), _forget)
    budget = 3.0 if projects == 40 else None
    return [
        Result(what, ratio, _FLOOR, budget),
        Result(what, taken, "ms"),
        Result(f"{what}, the first reader", first, "ms"),
        Result(what, asked, "queries", 12),
    ], ratio


def _table_rows(department: Department) -> list[Result]:
    """Why the dashboard writes the rows of its table itself (``reports.dashboard.tables``)."""
    access = Access(department.manager, department.team, Role.MANAGER)
    board = boards.board_of(access, department.week, QueryDict())
    assert board is not None
    table = board.table
    loop = (
        "{% for row in table.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    )
    template = engines["django"].from_string(f"{loop}{{% endfor %}}")
    own, library = side_by_side(_RUNS // 6, table.body, partial(template.render, {"table": table}))
    return [
        Result("rows of the table, 40 projects, as written", own, "ms"),
        Result("rows of the table, 40 projects, by django-tables2", library / own, "× as written"),
    ]


def _forget() -> None:
    """As after a save, when nothing that is kept of the dashboard holds any longer."""
    cache.clear()
    live._stored_page.cache_clear()
    boards._made_of.cache_clear()


def _pages(department: Department) -> list[Result]:
    label = department.team.week_label(department.week)
    ratio, taken, asked = _ratio(Browser(department.manager), f"/t/{SLUG}/weeks/{label}/")
    what = "weekly page, 40 projects"
    return [
        Result(what, ratio, _FLOOR),
        Result(what, taken, "ms"),
        Result(what, asked, "queries", 12),
    ]


def _published(department: Department) -> list[Result]:
    """The page of a reader; it is kept for a minute, then rendered anew around the same sheet."""
    publish.publish_week(
        department.team, department.week, publish.Publication(by=department.manager, mails=False)
    )
    label = department.team.week_label(department.week)
    address = f"/t/{SLUG}/weeks/{label}/"
    browser = Browser(department.manager)
    ratio, taken, asked = _ratio(browser, address)
    first, _ = side_by_side(_RUNS // 2, partial(browser.get, address), cache.clear)
    what = "published weekly page, 40 projects"
    return [
        Result(what, ratio, _FLOOR, 1.5),
        Result(what, taken, "ms"),
        Result(what, asked, "queries", 12),
        Result(f"{what}, the first reader", first, "ms"),
    ]


def _check_in(department: Department) -> list[Result]:
    """Saving another text and another percent, and the card that comes back."""
    browser = Browser(department.manager)
    project, numbers = department.project, count(1)
    entry = project.entries.get(week=department.week)
    milestones = list(project.milestones.all())

    def save() -> bytes:
        number = next(numbers)
        percents = {f"m{m.pk}-percent": str(50 + number % 50) for m in milestones}
        return browser.post(
            f"/t/{SLUG}/projects/{project.pk}/checkin/",
            {
                **percents,
                **{f"m{m.pk}-reason": "重新估算" for m in milestones},
                "text": f"第{number}次更新：完成联调，进度{50 + number % 50}%",
                "health": "on_track",
                "revision": str(entry.revision + number - 1),
            },
        )

    def free() -> None:
        # As a worker would: otherwise only the first save sends a message.
        WeeklyPage.objects.update(queued_at=None)

    size = len(save())
    floor = partial(browser.get, f"/floor/{size}/")
    taken, least, _ = side_by_side(_RUNS, save, floor, free)
    return [
        Result("saving a check-in", taken / least, _FLOOR, 3),
        Result("saving a check-in", taken, "ms"),
        Result("saving a check-in", queries(save), "queries"),
        Result("the floor of that", least, "ms"),
    ]


def _compile(department: Department, weeks: int) -> list[Result]:
    what = f"compile, 40 projects, {weeks} weeks"
    work = partial(live.compile_page, department.team, department.week)

    def cold() -> None:
        claims.read.cache_clear()
        work()

    taken, warm = side_by_side(_RUNS // 2, cold, work)
    return [
        Result(f"{what}, texts not read before", taken, "ms", 30),
        Result(f"{what}, one text changed", warm, "ms", 30),
        Result(what, queries(work), "queries", 12),
    ]


def _prose() -> Result:
    """Lines of old pages, each with words that were not read before."""
    lines = [line for line in old_page(0).splitlines() if line.strip()]
    numbers = count(1)

    def work() -> None:
        number = next(numbers)
        week = date(2024, 1, 1) + number * ONE_WEEK
        for line in lines:
            prose.read(f"{line}，第{number}次", week=week)

    (taken,) = side_by_side(_RUNS // 2, work)
    return Result(
        "prose, not read before", len(lines) / taken * 1000, "lines/s", 3000, at_least=True
    )


def _import(folder: Path) -> list[Result]:
    source, files = folder / "pages", 200
    source.mkdir()
    write_pages(source, files)
    work = partial(read_pages, [source], numbering="calendar", today=date(2026, 1, 5))
    (taken,) = side_by_side(3, work)
    return [
        Result("import, read and parsed", files / taken * 1000, "pages/s", 200, at_least=True),
        _parsing(),
    ]


def _parsing() -> Result:
    """Pages of following weeks parsed by one process, beside a plain loop over their characters."""
    weeks = (date(2022, 1, 3) + number * ONE_WEEK for number in count())
    texts = map(old_page, count())

    def parse_next() -> None:
        page = SourcePage("page.md", source_lines(next(texts)))
        parse(page, PageWeek(next(weeks), ""))

    characters = old_page(0)

    def look_at_each() -> None:
        for sign in characters:
            ord(sign)

    taken, floor = side_by_side(_RUNS, parse_next, look_at_each, clock=process_time)
    return Result("import, a page parsed", taken / floor, "× characters", 110)


def _digest(recipients: int) -> list[Result]:
    department = make_department(40, 52)
    live.compile_page(department.team, department.week)
    sent = send_digest(department, recipients)
    what = f"digest, {sent.recipients} recipients"
    return [
        Result(what, sent.a_second, "mails/s", 200, at_least=True),
        Result(f"{what}, connections", sent.connections, ""),
        Result(f"{what}, to prepare", sent.preparing, "s"),
        Result("digest, a mail over the wire", sent.size / 1000, "kB"),
        Result("digest, to render", 1000 * sent.rendering, "ms"),
        Result("digest, to write one copy", 1000 * sent.writing, "ms", 2),
    ]

"""The demo team's history: weekly pages that it wrote by hand before it had the tool.

They are imported like any team's (``reports.importer``), so they look like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from projects.models import User
from reports.demo.clock import DemoClock
from reports.demo.story import WEEKS
from reports.demo.traces import dated
from reports.importer.database.apply import apply_plan
from reports.importer.database.known import load_known
from reports.importer.page import ParsedPage
from reports.importer.plan import make_plan
from reports.importer.reading.parse import parse
from reports.importer.source import PageWeek, SourceLine, SourcePage

_PAGES: Final = Path(__file__).parent / "past"
_DAYS: Final = 100  # ``{d10}`` in a page is the day ten days after its Monday


def import_past(clock: DemoClock, by: User) -> None:
    """Import the pages on the team's second day. The name of each is how many weeks ago it was."""
    team = clock.team
    plan = make_plan(_pages(clock), load_known(team, team.numbering))
    at = clock.at(WEEKS - 1, 0.25)
    with dated(team, at):
        batch = apply_plan(plan, team, by=by)
    if batch is not None:
        batch.applied_at = at
        batch.save(update_fields=["applied_at"])


def _pages(clock: DemoClock) -> Iterator[ParsedPage]:
    team = clock.team
    for path in sorted(_PAGES.glob("*.md")):
        week = clock.week(int(path.stem))
        label = team.week_label(week)
        days = {f"d{n}": _day(week + timedelta(days=n)) for n in range(_DAYS)}
        friday = week + timedelta(days=4)
        written = path.read_text(encoding="utf-8").format(
            label=label, friday=f"{friday.year}年{_day(friday)}", **days
        )
        lines = tuple(SourceLine(n, line) for n, line in enumerate(written.splitlines(), 1))
        yield parse(SourcePage(f"{label}.md", lines), PageWeek(week, label))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"

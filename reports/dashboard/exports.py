"""The dashboard's table as a grid of values: the same rows, order and columns as on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from projects.history import gains
from projects.templatetags.okr import health_words
from projects.text.wording import LAST_KNOWN
from projects.weeks import WEEK
from reports.dashboard.overview import BoardRow
from reports.dashboard.tables import ProjectsTable
from reports.render import wording
from reports.render.spreadsheets import Grid, Value
from reports.templatetags.dashboard import group

# Heading, and the value of a row below it.
type Column = tuple[str, Callable[[BoardRow], Value]]


def grid_of(table: ProjectsTable) -> Grid:
    """Of all the table's pages. What the screen puts into one cell gets a column each here."""
    groups: Column = (_("Group"), lambda row: group(row.section))
    columns = [
        groups,
        *(part for column in table.columns for part in _columns(table, column.name)),
    ]
    return Grid(
        title=f"{table.team.slug} {table.team.week_label(table.week)}",
        headings=tuple(str(capfirst(heading)) for heading, _value in columns),
        rows=tuple(tuple(value(row) for _heading, value in columns) for row in table.data),
    )


def _columns(table: ProjectsTable, name: str) -> Iterator[Column]:
    """The columns of the grid that stand for one of the table's."""
    heading = str(table.columns[name].header)
    match name:
        case "health":
            yield heading, _health
        case "percent":
            yield f"{heading} %", lambda row: row.entry.percent
            yield str(LAST_KNOWN), _last_known_in(table)
            yield table.of_change.text, lambda row: row.change.percent
        case "history":
            for ago in reversed(range(gains.WEEKS)):
                week = table.week - ago * WEEK
                yield f"{table.team.week_label(week)} %", _percent_of(week)
        case "due_on":
            yield heading, lambda row: row.entry.due_on
            yield _("first due"), lambda row: row.entry.first_due_on if row.entry.slips else None
            yield _("days late"), lambda row: row.entry.slip_days if row.entry.slips else None
            yield _("moves"), lambda row: row.entry.slips or None
            yield _("due date moved by days"), lambda row: row.change.due_days
        case "reported_at":
            yield heading, _told_on(table)
            yield _("reported by"), lambda row: wording.reporter(row.entry) or None
            yield _("weeks without an update"), lambda row: row.entry.weeks_silent or None
        case _:
            yield heading, lambda row: getattr(row.entry, name)


def _health(row: BoardRow) -> str:
    return health_words(row.entry.health, row.entry.weeks_silent)


def _percent_of(week: date) -> Callable[[BoardRow], Decimal | None]:
    return lambda row: dict(row.entry.history).get(week)


def _last_known_in(table: ProjectsTable) -> Callable[[BoardRow], str | None]:
    """The week that told the percent, where that is an earlier one than the latest entry's."""

    def label(row: BoardRow) -> str | None:
        week = row.entry.last_percent_week
        return table.team.week_label(week) if row.entry.is_carried and week else None

    return label


def _told_on(table: ProjectsTable) -> Callable[[BoardRow], date | None]:
    """The day of the update; of a project that was not updated, that of its last one."""

    def day(row: BoardRow) -> date | None:
        entry = row.entry
        if not entry.is_updated:
            return entry.last_reported_on
        return table.team.local(entry.reported_at).date() if entry.reported_at else None

    return day

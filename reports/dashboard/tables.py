"""The projects of a week as a table: its columns, their headings, and each cell once as HTML.

django-tables2 holds the definition of the columns. It does not render the rows: it resolves,
inspects and escapes each cell anew, which takes some 30 times as long as the code here and, for 40
projects, more than the whole budget of the page (``python -m tests.bench`` measures both). So the
rows are written here, with what they share (words, addresses, dates) looked up once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Final

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.models import Team
from reports.dashboard.cells import Cells
from reports.dashboard.filters import COLUMNS, SIZES, TableState
from reports.dashboard.overview import BoardRow
from reports.templatetags.dashboard import group

# These stand under the project's name, and not in cells of their own.
UNDER_NAME: Final = ("lead", "stage")


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """A column's heading; ``query`` sorts by it, and is empty where the column does not sort."""

    name: str
    text: str
    query: str = ""
    direction: str = ""  # ascending or descending, when the rows are sorted by this column


class ProjectsTable(tables.Table):  # type: ignore[misc]  # the library is untyped
    """Rows are ``reports.dashboard.overview.BoardRow``, filtered and sorted. In the page's order
    they stand in groups, one for a section.

    A column that no row fills is left out: pages from before the tool knew no stage and no health.
    """

    project = tables.Column(_("project"))
    lead = tables.Column(pgettext_lazy("of a project", "lead"))
    stage = tables.Column(_("stage"))
    health = tables.Column(_("health"))
    percent = tables.Column(_("complete"))
    history = tables.Column(_("last 8 weeks"), orderable=False)
    due_on = tables.Column(_("due"))
    reported_at = tables.Column(_("updated"))
    text = tables.Column(_("progress this week"), orderable=False)

    def __init__(
        self,
        rows: Sequence[BoardRow],
        state: TableState,
        team: Team,
        week: date,
        *,
        filled: Sequence[str],
        may_ask: bool = False,
    ) -> None:
        self.state, self.team, self.week = state, team, week
        self.count = len(rows)
        self.pages = max(ceil(len(rows) / state.size), 1)
        self.number = min(state.page, self.pages)
        shown = {"project", *filled} & {"project", *state.columns}
        super().__init__(list(rows), exclude=[name for name in COLUMNS if name not in shown])
        names = [column.name for column in self.columns]
        self._cells = Cells(
            team,
            week,
            self._since_week,
            under_name=[name for name in names if name in UNDER_NAME],
            may_ask=may_ask,
        )
        self._written: list[tuple[str, Callable[[BoardRow], str]]] = [
            (f' class="col-{name}"', getattr(self._cells, name))
            for name in names
            if name not in UNDER_NAME
        ]

    @cached_property
    def headings(self) -> tuple[ColumnHeading, ...]:
        """Of the cells; ``under_name`` are those of what stands under the project's name."""
        columns = (column for column in self.columns if column.name not in UNDER_NAME)
        return tuple(self._heading(column) for column in columns)

    @cached_property
    def under_name(self) -> tuple[ColumnHeading, ...]:
        columns = (column for column in self.columns if column.name in UNDER_NAME)
        return tuple(self._heading(column) for column in columns)

    def _heading(self, column: tables.columns.BoundColumn) -> ColumnHeading:
        text = str(capfirst(column.header))
        if not column.orderable:
            return ColumnHeading(column.name, text)
        return self.heading(column.name, text)

    def heading(self, name: str, text: str) -> ColumnHeading:
        """A heading that sorts by ``name``: up at first, then down, then the page's order again."""
        up, down = name, f"-{name}"
        following = {up: down, down: ""}.get(self.state.sort, up)
        direction = {up: "ascending", down: "descending"}.get(self.state.sort, "")
        return ColumnHeading(name, text, self.state.query(sort=following), direction)

    @cached_property
    def of_change(self) -> ColumnHeading:
        """The second heading over the percents: what they are compared with."""
        return self.heading("change", self._since_week)

    @cached_property
    def _since_week(self) -> str:
        if not self.state.against:
            return gettext("since last week")
        return gettext("since %(week)s") % {"week": self.state.against}

    @property
    def has_history(self) -> bool:
        """Whether the small charts are shown, whose marks want a legend."""
        return any(heading.name == "history" for heading in self.headings)

    @property
    def unsorted(self) -> str:
        return self.state.query(sort="")

    @property
    def page_queries(self) -> list[tuple[int, str]]:
        """Each page of the table, and its query."""
        return [(number, self.state.query(page=number)) for number in range(1, self.pages + 1)]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many rows a page may have; empty where all fit on the smallest."""
        return SIZES if self.count > SIZES[0] else ()

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """Address and label of each kind of file that holds what is shown, of all pages."""
        query = self.state.query(page=1).removesuffix("?")
        slug, label = self.team.slug, self.team.week_label(self.week)
        return [
            (reverse("reports:dashboard_export", args=(slug, label, ending)) + query, name)
            for ending, name in (("csv", "CSV"), ("xlsx", "Excel"))
        ]

    @cached_property
    def records(self) -> Sequence[BoardRow]:
        """The rows of this page of the table."""
        first = (self.number - 1) * self.state.size
        rows: Sequence[BoardRow] = self.data.data[first : first + self.state.size]
        return rows

    def body(self) -> SafeString:
        """All rows of this page of the table, with the groups' headings between them, as HTML."""
        return SafeString("".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        last = None
        for row in self.records:
            if not self.state.sort and (heading := group(row.section)) != last:
                last = heading
                yield self._group(heading)
            cells = "".join(
                f"<td{attributes}>{render(row)}</td>" for attributes, render in self._written
            )
            yield f"<tr>{cells}</tr>"

    def _group(self, heading: str) -> str:
        count = self._counts[heading]
        words = ngettext("%(n)s project", "%(n)s projects", count) % {"n": count}
        return (
            f'<tr class="group"><th colspan="{len(self._written)}" scope="rowgroup">'
            f"{escape(heading)} <small>{escape(words)}</small></th></tr>"
        )

    @cached_property
    def _counts(self) -> Counter[str]:
        """By group, how many rows of all pages stand in it."""
        return Counter(group(row.section) for row in self.data.data)


def filled_columns(rows: Sequence[BoardRow]) -> tuple[str, ...]:
    """The columns that some row has something for."""
    entries = [row.entry for row in rows]
    filled = {
        "lead": any(entry.lead for entry in entries),
        "stage": any(entry.stage for entry in entries),
        "health": any(entry.health for entry in entries),
        "percent": any(entry.percent is not None for entry in entries),
        "history": any(len(entry.history) > 1 for entry in entries),
        "due_on": any(entry.due_on for entry in entries),
        "reported_at": True,
        "text": any(entry.text for entry in entries),
    }
    return tuple(name for name, is_filled in filled.items() if is_filled)

"""The projects of a week as a table: its columns, their headings, and each cell once as HTML.

django-tables2 holds the definition of the columns. It does not render the rows: it resolves,
inspects and escapes each cell anew, which takes some 30 times as long as the code here and, for 40
projects, more than the whole budget of the page (``python -m tests.bench`` measures both). So the
rows are written here, with what they share (words, addresses, dates) looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, partial
from math import ceil
from typing import Final

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.history.charts import sparkline
from projects.models import DatePrecision, Health, Team
from projects.standing import is_last_known
from projects.templatetags.okr import (
    age,
    change,
    due,
    health_chip,
    last_known,
    number,
    progress_bar,
    slipped,
    tone,
)
from projects.weeks import WEEK
from reports.dashboard.filters import COLUMNS, SIZES, TableState
from reports.dashboard.overview import BoardRow
from reports.templatetags.dashboard import group, project_address
from reports.weekly.document import Entry

# Stands where nothing is known, so that a gap does not look like a fault of the page.
_UNKNOWN: Final = '<span class="unknown">–</span>'
# Weeks that the small chart of a row shows, this one included.
WEEKS_SHOWN: Final = 8


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
        self.state, self.team, self.week, self.may_ask = state, team, week, may_ask
        self.is_present = week == team.this_week()
        self.count = len(rows)
        self.pages = max(ceil(len(rows) / state.size), 1)
        self.number = min(state.page, self.pages)
        shown = {"project", *filled} & {"project", *state.columns}
        super().__init__(list(rows), exclude=[name for name in COLUMNS if name not in shown])
        # Many rows say the same: each change and each date is put into words once.
        self._change = cache(change)
        self._day = cache(partial(_day_words, week))
        self._cells: list[tuple[str, Callable[[BoardRow], str]]] = [
            (_attributes(column), getattr(self, f"render_{column.name}")) for column in self.columns
        ]

    @cached_property
    def headings(self) -> tuple[ColumnHeading, ...]:
        return tuple(self._heading(column) for column in self.columns)

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
                yield (
                    f'<tr class="group"><th colspan="{len(self._cells)}" scope="rowgroup">'
                    f"{escape(heading)}</th></tr>"
                )
            cells = "".join(
                f"<td{attributes}>{render(row)}</td>" for attributes, render in self._cells
            )
            yield f"<tr>{cells}</tr>"

    # --- cells: HTML, every word of a person escaped ----------------------------------------

    def render_project(self, record: BoardRow) -> str:
        entry = record.entry
        address = project_address(self.team.slug, entry.project_id)
        link = f'<a href="{address}">{escape(entry.project)}</a>'
        star = f" {self._star}" if entry.is_focus else ""
        return f"{link}{star}{self._ask(entry, address)}"

    def _ask(self, entry: Entry, address: str) -> str:
        """As ``components/ask_question.html`` has it, which costs more than all other cells."""
        if not self.may_ask:
            return ""
        form = f"{address}questions/?week={self._label}"
        label = escape(self._ask_about % {"name": entry.project})
        return (
            f' <div class="ask"><a class="ask-open" href="{form}" hx-get="{form}"'
            f' hx-target="closest .ask" hx-swap="outerHTML" aria-label="{label}">'
            f"{self._ask_word}</a></div>"
        )

    @cached_property
    def _label(self) -> str:
        return self.team.week_label(self.week)

    @cached_property
    def _ask_about(self) -> str:
        return gettext("Ask about %(name)s")

    @cached_property
    def _ask_word(self) -> str:
        return escape(gettext("Ask"))

    @cached_property
    def _star(self) -> str:
        label = escape(gettext("focus project"))
        return f'<span class="star" role="img" aria-label="{label}" title="{label}">★</span>'

    def render_lead(self, record: BoardRow) -> str:
        return escape(record.entry.lead) if record.entry.lead else _UNKNOWN

    def render_stage(self, record: BoardRow) -> str:
        return escape(record.entry.stage) if record.entry.stage else _UNKNOWN

    def render_health(self, record: BoardRow) -> str:
        entry = record.entry
        if is_last_known(entry.health, entry.weeks_silent):
            return health_chip(entry.health, entry.weeks_silent, is_short=True)
        return self._chips[entry.health]

    @cached_property
    def _chips(self) -> dict[str, str]:
        return {"": _UNKNOWN} | {health.value: health_chip(health) for health in Health}

    def render_percent(self, record: BoardRow) -> str:
        entry = record.entry
        if entry.percent is None:
            return _UNKNOWN
        label = self._complete % {"project": entry.project}
        bar = progress_bar(
            entry.percent, label, entry.time_gone, tone(entry.health, entry.weeks_silent)
        )
        changed = last_known() if entry.is_carried else self._change(record.change.percent)
        return f"{bar} {number(entry.percent)}% {changed}{self._since(record)}"

    @cached_property
    def _complete(self) -> str:
        return gettext("%(project)s: complete")

    def _since(self, record: BoardRow) -> str:
        """Since which week, where the one before told nothing."""
        since = record.change.since
        if since is None:
            return ""
        words = gettext("since %(week)s") % {"week": self.team.week_label(since)}
        return f' <small class="since">{escape(words)}</small>'

    def render_history(self, record: BoardRow) -> str:
        begin = self.week - (WEEKS_SHOWN - 1) * WEEK
        history = record.entry.history
        return sparkline([point for point in history if point[0] >= begin]) or _UNKNOWN

    def render_due_on(self, record: BoardRow) -> str:
        entry, moved = record.entry, record.change.due_days
        if entry.due_on is None:
            return _UNKNOWN
        now = due_with_slips(entry, entry.due_on, self.week, self._day)
        return f"{now} {self._moved(moved)}" if moved else now

    def _moved(self, days: int) -> str:
        """How far the date moved since the week that the table is compared with."""
        if days > 0:
            words = ngettext("%(days)s day later", "%(days)s days later", days)
        else:
            words = ngettext("%(days)s day earlier", "%(days)s days earlier", -days)
        css = "down" if days > 0 else "up"
        words_since = f"{self._since_week} {words % {'days': abs(days)}}"
        return f'<span class="moved {css}">{escape(words_since)}</span>'

    def render_reported_at(self, record: BoardRow) -> str:
        entry = record.entry
        if entry.closed_on:
            words = gettext("closed %(day)s") % {"day": self._day(entry.closed_on, "day")}
            return f'<span class="chip">{escape(words)}</span>'
        if entry.is_owed:
            return f'<span class="stale">{escape(silent_for(entry))}</span>'
        if not entry.is_updated and entry.last_reported_on:
            # It rests, so it owes nothing.
            return self._day(entry.last_reported_on, DatePrecision.DAY)
        if entry.reported_at is None:
            return _UNKNOWN
        if self.is_present:
            text: str = escape(age(entry.reported_at, self.team))
        else:
            text = self._day(self.team.local(entry.reported_at).date(), DatePrecision.DAY)
        unchanged = weeks_unchanged(entry)
        if not unchanged:
            return text
        words = ngettext("%(n)s week unchanged", "%(n)s weeks unchanged", unchanged)
        return f'{text} <span class="stale">{escape(words % {"n": unchanged})}</span>'


def _attributes(column: tables.columns.BoundColumn) -> str:
    """Of a cell. On a phone, where a row is a card, a date alone does not say what it is."""
    css = f' class="col-{column.name}"'
    if column.name != "due_on":
        return css
    return f'{css} data-label="{escape(capfirst(column.header))}"'


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
    }
    return tuple(name for name, is_filled in filled.items() if is_filled)


def due_with_slips(
    entry: Entry, due_on: date, week: date, date_of: Callable[[date, str], str] | None = None
) -> SafeString:
    """The date; when it has slipped, the first one struck out before it, then days and times.

    ``date_of`` puts a date of a precision into words, as HTML; a table keeps those that recur.
    """
    date_of = date_of or partial(_day_words, week)
    now = date_of(due_on, entry.due_precision)
    if not entry.slips:
        return SafeString(now)
    first = ""
    if entry.slip_days and entry.first_due_on is not None:
        first = f"<s>{date_of(entry.first_due_on, entry.first_precision)}</s> "
    return SafeString(f"{first}{now} {slipped(entry.slips, entry.slip_days)}")


def _day_words(week: date, value: date, precision: str) -> str:
    return escape(due(value, precision, week))


def silent_for(entry: Entry) -> str:
    """How long nobody has updated it: 未更新 2 周."""
    if entry.last_week is None:
        return gettext("no update yet")
    weeks = entry.weeks_silent
    words = ngettext("not updated for %(n)s week", "not updated for %(n)s weeks", weeks)
    return words % {"n": weeks}


def weeks_unchanged(entry: Entry) -> int:
    """For how many weeks the percent has stood still, once that is a finding; else 0."""
    weeks = (
        finding.params["weeks"] for finding in entry.findings if finding.code == "percent_stalled"
    )
    return int(next(weeks, 0))

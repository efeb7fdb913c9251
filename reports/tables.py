"""The projects of a week as a table that sorts by any column."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.charts import sparkline
from projects.models import Health, Team
from projects.templatetags.okr import (
    age,
    change,
    day,
    due,
    health_chip,
    progress_bar,
    slipped,
    tone,
)
from projects.templatetags.okr import (
    percent as percent_text,
)
from reports.dashboard import Row
from reports.weekly.document import Entry


def _cell(css: str) -> dict[str, dict[str, object]]:
    return {"td": {"class": css}}


# Stands where nothing is known, so that a gap does not look like a fault of the page.
_UNKNOWN = mark_safe('<span class="unknown">–</span>')


class ProjectsTable(tables.Table):  # type: ignore[misc]  # the library is untyped
    """Rows are ``reports.dashboard.Row``. In page order they stand in groups, one for a section.

    A column that no row fills is left out: pages from before the tool knew no stage and no health.
    """

    project = tables.Column(_("project"), accessor="entry__project", attrs=_cell("name"))
    lead = tables.Column(
        pgettext_lazy("of a project", "lead"), accessor="entry__lead", attrs=_cell("col-lead")
    )
    stage = tables.Column(_("stage"), accessor="entry__stage", attrs=_cell("col-stage"))
    health = tables.Column(
        _("health"), accessor="entry__health", order_by="severity", attrs=_cell("col-health")
    )
    percent = tables.Column(
        _("complete"),
        accessor="entry__percent",
        attrs={"td": {"class": lambda record: f"col-percent {tone(record.entry.health)}"}},
    )
    history = tables.Column(
        _("last weeks"), accessor="entry__history", orderable=False, attrs=_cell("col-history")
    )
    due_on = tables.Column(_("due"), accessor="entry__due_on", attrs=_cell("col-due_on"))
    reported_at = tables.Column(
        _("updated"),
        accessor="entry__reported_at",
        order_by=("entry__last_week", "entry__reported_at"),
        empty_values=(),
        attrs=_cell("col-reported_at"),
    )

    class Meta:
        order_by_field = "sort"
        default = _UNKNOWN

    def __init__(self, rows: Iterable[Row], team: Team, week: date, *, is_present: bool) -> None:
        self.team, self.week, self.is_present = team, week, is_present
        rows = list(rows)
        super().__init__(rows, exclude=_never_filled(row.entry for row in rows))

    def render_project(self, record: Row) -> SafeString:
        entry = record.entry
        url = reverse("projects:project_detail", args=(self.team.slug, entry.project_id))
        link = format_html('<a href="{}">{}</a>', url, entry.project)
        if not entry.is_focus:
            return link
        star = format_html(
            '<span class="star" role="img" aria-label="{0}" title="{0}">★</span>',
            gettext("focus project"),
        )
        return format_html("{} {}", link, star)

    def render_health(self, value: str) -> SafeString:
        return health_chip(value)

    def render_percent(self, value: Decimal, record: Row) -> SafeString:
        entry = record.entry
        label = gettext("%(project)s: complete") % {"project": entry.project}
        bar = progress_bar(value, label)
        return format_html("{} {} {}", bar, percent_text(value), change(entry.change))

    def render_history(self, value: tuple[tuple[date, Decimal], ...]) -> SafeString:
        return sparkline(value)

    def render_due_on(self, value: date, record: Row) -> SafeString:
        return due_with_slips(record.entry, value, self.week)

    def render_reported_at(self, value: datetime | None, record: Row) -> SafeString | str:
        entry = record.entry
        if not entry.is_updated and entry.health == Health.PAUSED and entry.last_reported_on:
            return day(entry.last_reported_on, self.week)  # it rests, so it owes nothing
        if not entry.is_updated:
            return format_html('<span class="stale">{}</span>', _silent_for(entry))
        if value is None:
            return ""
        return age(value, self.team) if self.is_present else day(self.team.local(value), self.week)


def _never_filled(entries: Iterable[Entry]) -> list[str]:
    entries = list(entries)
    filled = {
        "lead": any(entry.lead for entry in entries),
        "stage": any(entry.stage for entry in entries),
        "health": any(entry.health for entry in entries),
        "percent": any(entry.percent is not None for entry in entries),
        "history": any(len(entry.history) > 1 for entry in entries),
        "due_on": any(entry.due_on for entry in entries),
    }
    return [name for name, is_filled in filled.items() if entries and not is_filled]


def _silent_for(entry: Entry) -> str:
    if entry.last_week is None:
        return gettext("never updated")
    weeks = entry.weeks_silent
    text = ngettext("%(n)s week ago", "%(n)s weeks ago", weeks)
    return text % {"n": weeks}


def due_with_slips(entry: Entry, due_on: date, week: date) -> SafeString:
    """The date; when it has slipped, the first one struck out before it, then days and times."""
    now = due(due_on, entry.due_precision, week)
    if not entry.slips or entry.first_due_on is None:
        return format_html("{}", now)
    first = day(entry.first_due_on, week)
    return format_html("<s>{}</s> {} {}", first, now, slipped(entry.slips, entry.slip_days))

"""The cells of the dashboard's table, each as HTML in which every word of a person is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, cached_property, partial
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, npgettext

from projects import weeks
from projects.history.gains import gain_columns
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
from projects.text import wording
from projects.text.gist import gist
from projects.text.numbers import HUNDRED
from reports.dashboard.overview import BoardRow
from reports.templatetags.dashboard import project_address
from reports.weekly.document import Entry

# Stands where nothing is known, so that a gap does not look like a fault of the page.
_UNKNOWN: Final = '<span class="unknown">–</span>'
# Of the words of this week; two lines show less.
_LONGEST_TEXT: Final = 140


class Cells:
    """Writes a cell of a row: a method for each column, named like it."""

    def __init__(
        self,
        team: Team,
        week: date,
        since_week: str,
        *,
        under_name: Sequence[str] = (),
        may_ask: bool = False,
    ) -> None:
        """``since_week`` says what the week is compared with; ``under_name`` are columns."""
        self.team, self.week = team, week
        self._since_week, self._under_name, self._may_ask = since_week, under_name, may_ask
        self._is_present = week == team.this_week()
        self._today = weeks.judged_on(week, team.today())
        # Many rows say the same: each change and each date is put into words once.
        self._change = cache(change)
        self._day = cache(partial(_day_words, week))
        self._slip = cache(_slip_chip)

    def project(self, row: BoardRow) -> str:
        """The name; below it who leads the project and its stage."""
        entry = row.entry
        address = project_address(self.team.slug, entry.project_id)
        link = f'<a href="{address}">{escape(entry.project)}</a>'
        star = f" {self._star}" if entry.is_focus else ""
        below = " · ".join(
            f'<span class="col-{name}">{escape(value)}</span>'
            for name in self._under_name
            if (value := getattr(entry, name))
        )
        small = f" <small>{below}</small>" if below else ""
        return f"{link}{star}{small}{self._ask(entry, address)}"

    def _ask(self, entry: Entry, address: str) -> str:
        """As ``components/ask_question.html`` has it, which costs more than all other cells."""
        if not self._may_ask:
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

    def health(self, row: BoardRow) -> str:
        entry = row.entry
        if is_last_known(entry.health, entry.weeks_silent):
            return health_chip(entry.health, entry.weeks_silent, is_short=True)
        return self._chips[entry.health]

    @cached_property
    def _chips(self) -> dict[str, str]:
        return {"": _UNKNOWN} | {health.value: health_chip(health) for health in Health}

    def percent(self, row: BoardRow) -> str:
        entry = row.entry
        if entry.percent is None:
            return _UNKNOWN
        label = self._complete % {"project": entry.project}
        bar = progress_bar(
            entry.percent, label, entry.time_gone, tone(entry.health, entry.weeks_silent)
        )
        figure = f"{bar} <b>{number(entry.percent)}%</b>"
        if entry.is_carried:
            return f'<span class="figure">{figure}</span> {last_known()}'
        changed = self._change(row.change.percent)
        return f'<span class="figure">{figure} {changed}</span>{self._since(row)}'

    @cached_property
    def _complete(self) -> str:
        return gettext("%(project)s: complete")

    def _since(self, row: BoardRow) -> str:
        """Since which week, where the one before told nothing."""
        since = row.change.since
        if since is None:
            return ""
        words = gettext("since %(week)s") % {"week": self.team.week_label(since)}
        return f' <small class="since">{escape(words)}</small>'

    def history(self, row: BoardRow) -> str:
        return gain_columns(row.entry.gains, self.week) or _UNKNOWN

    def due_on(self, row: BoardRow) -> str:
        """The date; below it how far it moved, or how long it has passed."""
        entry = row.entry
        if entry.due_on is None:
            return _UNKNOWN
        day = self._day(entry.due_on, entry.due_precision)
        below = self._moved(entry, row.change.due_days) or self._overdue(entry, entry.due_on)
        return f"{day} <small>{below}</small>" if below else day

    def _moved(self, entry: Entry, days: int | None) -> str:
        """The slip as one chip; where the date moved in the span that is compared, that first."""
        first = ""
        if entry.slip_days and entry.first_due_on is not None:
            first = self._day(entry.first_due_on, entry.first_precision)
        if not days:
            return self._slip(entry.slips, entry.slip_days, first)
        moved = ngettext("%(days)s day", "%(days)s days", abs(days)) % {"days": f"{days:+d}"}
        parts = [f"{self._since_week} {moved}"]
        if entry.slip_days:
            parts.append(gettext("%(days)s in all") % {"days": entry.slip_days})
        css = "slip" if days > 0 else "slip ok"
        return f'<span class="{css} moved"{_first(first)}>{escape(" · ".join(parts))}</span>'

    def _overdue(self, entry: Entry, due_on: date) -> str:
        days = (self._today - due_on).days
        if days <= 0 or entry.percent is None or entry.percent >= HUNDRED:
            return ""
        words = ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}
        return f'<span class="down">{escape(words)}</span>'

    def reported_at(self, row: BoardRow) -> str:
        entry = row.entry
        if entry.closed_on:
            words = gettext("closed %(day)s") % {"day": self._day(entry.closed_on, "day")}
            closed: str = escape(words)
            return closed
        if entry.is_owed:
            sign = '<span aria-hidden="true">◌</span>'
            return f'<span class="stale">{sign} {escape(silent_for(entry))}</span>'
        if not entry.is_updated and entry.last_reported_on:
            return self._resting(entry, entry.last_reported_on)
        if entry.reported_at is None:
            return _UNKNOWN
        if self._is_present:
            text: str = escape(age(entry.reported_at, self.team))
        else:
            text = self._day(self.team.local(entry.reported_at).date(), DatePrecision.DAY)
        unchanged = weeks_unchanged(entry)
        if not unchanged:
            return text
        words = ngettext("%(n)s week unchanged", "%(n)s weeks unchanged", unchanged)
        return f'{text} <small class="stale">{escape(words % {"n": unchanged})}</small>'

    def _resting(self, entry: Entry, day: date) -> str:
        """Of a project that owes nothing: for how long it is paused, else when it was reported."""
        if entry.health != Health.PAUSED or not entry.weeks_silent:
            return self._day(day, DatePrecision.DAY)
        words = ngettext("paused %(n)s week", "paused %(n)s weeks", entry.weeks_silent)
        return escape(words % {"n": entry.weeks_silent})

    def text(self, row: BoardRow) -> str:
        """What this week's entry says, or what the last one said; the table shows two lines."""
        entry = row.entry
        if not entry.text and entry.last_text:
            words = gettext("Last: %(text)s") % {"text": _shortened(entry.last_text)}
        else:
            words = _shortened(entry.text)
        return f"<span>{escape(words)}</span>" if words else _UNKNOWN


def _shortened(text: str) -> str:
    return gist(text, _LONGEST_TEXT)


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


def _slip_chip(times: int, days: int, first: str) -> str:
    """``60 days late · 3 moves``; a narrow table hides the moves, which are still read out."""
    if not times:
        return ""
    late, _dot, moves = wording.slip(times, days).partition(" · ")
    times_words = f'<span class="times"> · {escape(moves)}</span>' if moves else ""
    return f'<span class="slip"{_first(first)}>{escape(late)}{times_words}</span>'


def _first(day: str) -> str:
    """The attribute that tells the first date; ``day`` is HTML."""
    if not day:
        return ""
    return f' title="{gettext("first due %(day)s") % {"day": day}}"'


def _day_words(week: date, value: date, precision: str) -> str:
    return escape(due(value, precision, week))


def silent_for(entry: Entry) -> str:
    """When it was updated last, of a project that owes its update: 2 weeks ago, 未更新 2 周."""
    if entry.last_week is None:
        return gettext("no update yet")
    weeks_silent = entry.weeks_silent
    words = npgettext("of the last update", "%(n)s week ago", "%(n)s weeks ago", weeks_silent)
    return words % {"n": weeks_silent}


def weeks_unchanged(entry: Entry) -> int:
    """For how many weeks the percent has stood still, once that is a finding; else 0."""
    counts = (
        finding.params["weeks"] for finding in entry.findings if finding.code == "percent_stalled"
    )
    return int(next(counts, 0))

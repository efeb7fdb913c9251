"""What the list of objectives and the page of one of them show: scores, readings, the course."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.history import progress_chart
from projects.history.charts import sparkline
from projects.history.progress_chart import NARROW, WIDE
from projects.history.timeline import Point, Timeline
from projects.models import Health, Objective
from projects.objectives import scores
from reports.dashboard.objectives import Past, ResultState
from reports.dashboard.tables import due_with_slips
from reports.weekly.document import Entry

register = template.Library()

# Stands where nothing is known, so that a gap does not look like a fault of the page.
UNKNOWN: Final = SafeString('<span class="unknown">–</span>')


def score_tone(score: Decimal | None) -> str:
    """The CSS class of a score: 0.7 is good, less than 0.4 is not."""
    if score is None:
        return ""
    if score >= scores.GOOD:
        return "ok"
    return "warn" if score >= scores.FAIR else "bad"


@register.simple_tag
def score_bar(score: Decimal | None, label: str) -> SafeString:
    """``0.68`` with its bar; a dash where nothing was read yet."""
    if score is None:
        return UNKNOWN
    return format_html(
        '<span class="score {tone}"><progress max="1" value="{score}" aria-label="{label}">'
        "</progress> <b>{score}</b></span>",
        tone=score_tone(score),
        score=f"{score:.2f}",
        label=_("%(name)s: score") % {"name": label},
    )


@register.simple_tag
def readings_chart(state: ResultState, week: date | None = None) -> SafeString:
    """The readings (from that week on) as a line between baseline and target."""
    readings = state.since(week) if week else state.readings[-8:]
    return sparkline(readings, unit=state.result.metric.unit, scale=state.scale)


@register.simple_tag
def course_chart(objective: Objective, past: Past, today: date) -> SafeString:
    """The objective's percent over its cycle, for wide and for narrow screens."""
    timeline = Timeline(
        today=today,
        points=tuple(Point(week, percent) for week, percent in past.percents),
        ended_on=objective.cycle.ends_on,
    )
    name = str(objective)
    return progress_chart.draw(timeline, None, name, WIDE) + progress_chart.draw(
        timeline, None, name, NARROW
    )


@register.simple_tag
def entry_due(entry: Entry, week: date) -> SafeString:
    """The due date; when it slipped, the first one struck out before it, then days and times."""
    if entry.due_on is None:
        return UNKNOWN
    return due_with_slips(entry, entry.due_on, week)


@register.filter
def health_word(health: str) -> str:
    """A health in words, where its sign alone stands on the page."""
    return str(Health(health).label) if health else ""

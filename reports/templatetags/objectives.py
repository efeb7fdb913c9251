"""What the list of objectives and the page of one of them show: scores, readings, the course."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.history import progress_chart
from projects.history.charts import sparkline
from projects.history.progress_chart import NARROW, WIDE
from projects.history.timeline import Point, Timeline
from projects.models import Objective
from projects.text import formulas
from projects.text.formulas import Formula
from projects.text.numbers import rounded_share, score_text
from reports.dashboard.cells import due_with_slips
from reports.dashboard.objectives import Past, ResultState
from reports.weekly.comparison import ObjectiveCard
from reports.weekly.document import Entry, KeyResultState

register = template.Library()

# Stands where nothing is known, so that a gap does not look like a fault of the page.
UNKNOWN: Final = SafeString('<span class="unknown">–</span>')


_PIPS: Final = 10


@register.simple_tag
def score_pips(score: Decimal | None) -> SafeString:
    """``0.68`` with ten pips: never a bar, which is how progress looks. A dash before a reading."""
    if score is None:
        return UNKNOWN
    filled = rounded_share(score * _PIPS, places=0, whole=Decimal(_PIPS))
    pips = "".join(
        f'<rect class="{"on" if place < filled else ""}" x="{place * 10}" width="8" height="8"/>'
        for place in range(_PIPS)
    )
    return format_html(
        '<span class="score"><svg class="pips" width="98" height="8" aria-hidden="true">{}</svg>'
        " <b>{}</b></span>",
        SafeString(pips),
        score_text(score),
    )


@register.simple_tag
def progress_formula(card: ObjectiveCard) -> Formula:
    return formulas.mean_of_projects(
        [(share.project, share.percent) for share in card.shares], card.percent
    )


@register.simple_tag
def score_formula(
    results: Iterable[KeyResultState | ResultState], score: Decimal | None
) -> Formula:
    return formulas.mean_of_scores([(str(r.metric), r.score) for r in results], score)


@register.simple_tag
def result_formula(state: ResultState) -> Formula:
    """How a key result's score comes about."""
    result = state.result
    return formulas.score_of(
        *(state.value, result.baseline, result.target, state.score), result.metric.unit
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

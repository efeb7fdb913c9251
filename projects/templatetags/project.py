"""What only the page of a project shows: its chart, its forecast in words, its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.checkin.recording import weighted_percent
from projects.forms.portfolio import project_bulk
from projects.history import progress_chart
from projects.history.charts import sparkline
from projects.history.forecast import ENOUGH, Forecast, NoForecast
from projects.history.load import History, MetricHistory
from projects.history.progress_chart import NARROW, WIDE
from projects.history.timeline import DueDate, Happening, Timeline
from projects.models import (
    AuditRecord,
    Cycle,
    Incident,
    KeyResult,
    Membership,
    Metric,
    Milestone,
    Objective,
    Project,
    Team,
)
from projects.templatetags.okr import change, percent
from projects.text import formulas
from projects.text.actions import ACTIONS
from projects.text.formulas import Formula
from projects.text.wording import date_text

register = template.Library()
register.filter("row_value", project_bulk.row_value)

_NO_FORECAST: Final = {
    NoForecast.PAUSED: gettext_lazy("It is paused."),
    NoForecast.UNKNOWN: gettext_lazy("Too little data: nobody has told a percent yet."),
    NoForecast.STALE: gettext_lazy("Too little data: the latest percent is more than 8 weeks old."),
    NoForecast.NO_PROGRESS: gettext_lazy("At the pace of the last weeks there is no end in sight."),
}

_FIELDS: Final = {
    "after": gettext_lazy("placed after"),
    "alias": gettext_lazy("alias"),
    "author": gettext_lazy("author"),
    "reason": gettext_lazy("reason"),
    "week": gettext_lazy("week"),
}


@register.simple_tag
def chart_of(project: Project, history: History) -> SafeString:
    """The progress chart twice, for wide and for narrow screens; the stylesheet shows one."""
    wide, narrow = (
        progress_chart.draw(history.timeline, history.forecast, project.name, size)
        for size in (WIDE, NARROW)
    )
    return wide + narrow


@register.simple_tag
def milestone_formula(milestones: Iterable[Milestone]) -> Formula | None:
    """How the percent by milestones comes about; ``None`` where no percent of any is known.

    The milestones may be those of ``MilestoneQuerySet.as_of`` a week.
    """
    counting = [
        (milestone.name, getattr(milestone, "percent_then", milestone.percent), milestone.weight)
        for milestone in milestones
        if not milestone.is_dropped
    ]
    percent = weighted_percent((share, weight) for _name, share, weight in counting)
    return None if percent is None else formulas.mean_of_milestones(counting, percent)


@register.simple_tag
def forecast_formula(forecast: Forecast, today: date) -> Formula:
    """How the likely end of a project comes about."""
    return formulas.end_at_pace(
        *(forecast.percent, forecast.pace, forecast.weeks),
        start=forecast.start,
        end=forecast.likely,
        today=today,
    )


@register.simple_tag
def time_formula(project: Project, history: History) -> Formula | None:
    """How the time that is gone comes about; ``None`` where none is shown."""
    due = history.deciding.due_on if history.deciding else None
    if history.time_gone is None or project.started_on is None or due is None:
        return None
    return formulas.share_of_time(project.started_on, due, project.team.today(), history.time_gone)


@register.simple_tag
def chart_legend(history: History) -> SafeString:
    return progress_chart.legend(history.timeline, history.forecast)


@register.simple_tag
def course_rows(timeline: Timeline, team: Team) -> SafeString:
    """The rows of the table under the chart. There may be hundreds: a template is slow at that."""
    return format_html_join(
        "",
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        '<td class="wide">{}</td><td class="wide">{}</td></tr>',
        (
            (
                team.week_label(row.week),
                percent(row.percent) or "–",
                change(row.change),
                percent(row.planned) or "–",
                _lines(_moved(old, new, timeline.today) for old, new in row.due_dates),
                _lines(_happened(incident, timeline.today) for incident in row.incidents),
            )
            for row in timeline.by_week()
        ),
    )


def _lines(lines: Iterable[SafeString]) -> SafeString:
    lines = list(lines)
    if not lines:  # in most weeks
        return SafeString("")
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))


def _moved(old: DueDate | None, new: DueDate, near: date) -> SafeString:
    dates = [
        date_text(due_date.due_on, due_date.precision, near) for due_date in (old, new) if due_date
    ]
    reason = format_html(" <small>{}</small>", new.reason) if new.reason else ""
    return format_html("{}{}", " → ".join(dates), reason)


def _happened(incident: Happening, near: date) -> SafeString:
    words = (date_text(incident.day, "day", near), incident.severity, incident.text)
    return format_html("{}", " ".join(filter(None, words)))


@register.filter
def why_no_forecast(reason: NoForecast) -> str:
    if reason is NoForecast.TOO_FEW:
        text = ngettext(
            "Too little data: it takes %(n)s week with a percent.",
            "Too little data: it takes %(n)s weeks with a percent.",
            ENOUGH,
        )
        return text % {"n": ENOUGH}
    return str(_NO_FORECAST.get(reason, ""))


@register.filter
def against_due(weeks: int) -> str:
    """How the forecast stands to the due date, in weeks."""
    if weeks == 0:
        return _("about when it is due")
    if weeks > 0:
        text = ngettext(
            "about %(n)s week after it is due", "about %(n)s weeks after it is due", weeks
        )
        return text % {"n": weeks}
    text = ngettext(
        "about %(n)s week before it is due", "about %(n)s weeks before it is due", -weeks
    )
    return text % {"n": -weeks}


@register.filter
def action(record: AuditRecord) -> str:
    return str(ACTIONS.get(record.action, record.action))


@register.filter
def values_changed(record: AuditRecord) -> list[tuple[str, str, str]]:
    """Each field of the record: its name, what it was, what it is; empty for nothing."""
    fields = dict.fromkeys((*record.before, *record.after))
    return [
        (_field_name(field), _in_words(record.before, field), _in_words(record.after, field))
        for field in fields
    ]


# Whose fields records name.
_NAMED: Final = (
    Project,
    Milestone,
    Team,
    Membership,
    Objective,
    KeyResult,
    Metric,
    Incident,
    Cycle,
)


def _field_name(field: str) -> str:
    if field in _FIELDS:
        return str(_FIELDS[field])
    for model in _NAMED:
        try:
            return str(getattr(model._meta.get_field(field), "verbose_name", field))
        except FieldDoesNotExist:
            continue
    return field


def _in_words(values: Mapping[str, Any], field: str) -> str:
    value = values.get(field)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return "" if value is None else str(value)


@register.simple_tag(takes_context=True)
def page_address(context: Context, name: str, number: int, anchor: str) -> str:
    """This page's address with another page of one of its lists."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}#{anchor}"


@register.simple_tag
def line_of(history: MetricHistory) -> SafeString:
    """A metric's last weeks as a line, within its own range."""
    return sparkline(history.history, unit=history.metric.unit, scale=None)

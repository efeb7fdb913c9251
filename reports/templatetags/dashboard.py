"""What the screens around the weekly page say of a project."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Final

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.history.trend import trend
from projects.models import Health
from projects.teams.cutoffs import Cutoff
from reports.dashboard.attention import Silence
from reports.dashboard.filters import UNCONFIRMED
from reports.dashboard.overview import Completeness, IncidentTile, completeness_of
from reports.render import wording
from reports.weekly.document import Entry, MetricState, PageSection, WeeklyDocument
from reports.weekly.sections import Kind

register = template.Library()

TOKEN: Final = "token-of-the-reader"  # noqa: S105  it stands in for one, and is none


@register.filter
def silence(entry: Entry) -> str:
    """How long nobody has updated a project."""
    if entry.last_week is None:
        return _("no update yet")
    weeks = entry.weeks_silent
    return ngettext("for %(n)s week", "for %(n)s weeks", weeks) % {"n": weeks}


@register.filter
def unreachable(silence: Silence) -> str:
    """Why nobody can be reminded of a project."""
    if silence.lead is not None:
        return _("no mail address") if silence.lead.is_active else _("account deactivated")
    return _("lead has no account") if silence.entry.lead else _("no lead")


@register.filter
def with_token(content: SafeString, token: str) -> SafeString:
    """HTML out of the cache, with the reader's own CSRF token where ``TOKEN`` stands in for it.

    The token is only made where a form is.
    """
    return SafeString(content.replace(TOKEN, str(token))) if TOKEN in content else content


@register.filter
def health_label(health: str) -> str:
    """Of a choice of the filter."""
    return _("Not confirmed lately") if health == UNCONFIRMED else str(Health(health).label)


@register.simple_tag
def incident_trend(tile: IncidentTile) -> SafeString:
    """How many incidents there were in the last weeks, from the fewest to the most."""
    return trend(tile.history, "")


@register.simple_tag
def metric_trend(metric: MetricState) -> SafeString:
    """The last weeks, with the target."""
    return trend(metric.course or metric.history, metric.unit, metric.target)


@register.simple_tag
def metric_verdict(metric: MetricState) -> SafeString:
    """How the value stands to its target: ■ 目标 99.97% · 低于目标."""
    if metric.target is None:
        return SafeString("")
    target = _("target %(value)s") % {"value": wording.quantity(metric.target, metric.unit)}
    if metric.value is None:
        css, sign, verdict = "", "", _("no value yet")
    elif metric.misses_target:
        is_low = metric.value < metric.target
        css, sign, verdict = "down", "■ ", _("below target") if is_low else _("above target")
    else:
        css, sign, verdict = "up", "✓ ", _("met")
    return format_html('<small class="wide {}">{}{} · {}</small>', css, sign, target, verdict)


@register.simple_tag
def time_left(cutoff: Cutoff) -> str:
    """Of the present week, how long until its cutoff: 进行中 · 距截止 1 天 3 小时."""
    if cutoff.at is None:
        return _("in progress · no working day this week")
    left = cutoff.at - timezone.now()
    if left <= timedelta(0):
        return _("in progress, past the cutoff")
    hours, minutes = left.seconds // 3600, left.seconds // 60 % 60
    words = [
        ngettext("%(n)s day", "%(n)s days", left.days) % {"n": left.days},
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours},
        ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes},
    ]
    parts = words[:2] if left.days else words[1:] if hours else words[2:]
    return _("in progress · %(time)s to the cutoff") % {"time": " ".join(parts)}


@register.simple_tag
def completeness(document: WeeklyDocument) -> Completeness:
    return completeness_of(document)


@register.filter
def group(section: PageSection) -> str:
    """Over the projects of a section in the table; old pages have one section a focus project."""
    if section.kind is Kind.FOCUS:
        return _("Focus projects")
    return wording.short_heading(section)


@lru_cache(maxsize=10_000)
def project_address(team: str, project_id: int) -> str:
    """Of the project's page; remembered, for a dashboard has a hundred of them."""
    return reverse("projects:project_detail", args=(team, project_id))

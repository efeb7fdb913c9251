"""That a page is published and lies behind the facts, for the screens where work goes on."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from projects.models import Team
from reports.pages import catching_up
from reports.render import wording
from reports.weekly.needs import Behind

register = template.Library()


@register.simple_tag
def page_behind(team: Team, week: date) -> Behind | None:
    """How the week's latest edition lies behind the facts, if it does; at most six queries."""
    return catching_up.behind(team, week)


@register.filter
def weekday_time(moment: datetime) -> str:
    """周五 16:00."""
    return wording.weekday_time(moment)

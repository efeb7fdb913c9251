"""That a page is published and lies behind the facts, for the screens where work goes on."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.template import Context

from projects.models import LastSave, StatusEntry, Team
from reports.pages import catching_up
from reports.render import wording
from reports.weekly.needs import Behind

register = template.Library()


@register.simple_tag(takes_context=True)
def page_behind(context: Context, team: Team, week: date) -> Behind | None:
    """How the week's latest edition lies behind the facts, if it does; at most six queries."""
    behind, context["request"].latest_edition_at = catching_up.behind_since(team, week)
    return behind


@register.simple_tag(takes_context=True)
def may_undo(context: Context, entry: StatusEntry) -> bool:
    """Whether the reader can undo the save of this entry: it is theirs and the latest, and no
    edition holds it. One query a page.
    """
    request, access = context["request"], context["access"]
    save: LastSave | None = getattr(entry, "last_save", None)
    if save is None or save.by_id != access.user.pk or save.revision != entry.revision:
        return False
    if not hasattr(request, "latest_edition_at"):
        request.latest_edition_at = catching_up.published_at(access.team, entry.week)
    published_at: datetime | None = request.latest_edition_at
    return published_at is None or published_at < save.at


@register.filter
def weekday_time(moment: datetime) -> str:
    """周五 16:00."""
    return wording.weekday_time(moment)

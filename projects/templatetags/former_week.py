"""The notice that a week's label in the address meant another week; on every page that has one."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

from projects.access import Access
from projects.models import Team
from projects.teams.numbering import FormerMeaning, former_meaning

register = template.Library()

_OF_EVERY_WEEK: Final = ("reports:week_dashboard", "reports:week_run", "reports:deliveries")


@register.inclusion_tag("components/former_week.html", takes_context=True)
def former_week_notice(context: template.Context) -> dict[str, Any]:
    """The label is a part of the path, or the parameter ``week``. One query, in rare weeks only."""
    request, access = context.get("request"), context.get("access")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or not isinstance(access, Access):
        return {}
    label = match.kwargs.get("label") or request.GET.get("week", "")
    former = former_meaning(access.team, label)
    if former is None:
        return {}
    return {"former": former, "address": _address(request, match, access.team, former)}


def _address(request: HttpRequest, match: ResolverMatch, team: Team, former: FormerMeaning) -> str:
    """The same screen of the other week where every week has it, else that week's page."""
    label = team.week_label(former.week)
    if "label" not in match.kwargs:
        return f"{request.path}?week={label}"
    view = match.view_name if match.view_name in _OF_EVERY_WEEK else "reports:weekly_page"
    return reverse(view, args=(team.slug, label))

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user, get_week
from reports.pages import editions
from reports.views import sheets


@require_safe
def weekly_page(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The latest edition of the weekly page; while there is none, the page as it stands."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    standing = editions.standing(access.team, week)
    if standing is None:
        return sheets.live_page(request, access, week, None)
    return sheets.latest_page(request, access, week, standing)

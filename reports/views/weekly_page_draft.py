from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user, get_week
from reports.pages import editions
from reports.views import sheets


@require_safe
def weekly_page_draft(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The weekly page as the facts stand now, whether or not an edition was published."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    latest = editions.latest(access.team, week)
    return sheets.live_page(request, access, week, latest)

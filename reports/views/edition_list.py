from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user, get_week
from reports.pages import editions
from reports.pages.navigation import navigation_of


@require_safe
def edition_list(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The editions of a week's page, the newest first, each with what it changed."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "imprints": [editions.imprint_of(one) for one in editions.editions_of(access.team, week)],
    }
    return render(request, "reports/edition_list.html", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access as allowed
from reports.pages import editions
from reports.pages.navigation import navigation_of


@require_safe
def edition_list(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The editions of a week's page, the newest first, each with what it changed."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    week = allowed.get_week(access.team, label)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "imprints": [editions.imprint_of(one) for one in editions.editions_of(access.team, week)],
    }
    return render(request, "reports/edition_list.html", context)

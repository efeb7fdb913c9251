from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import incidents
from projects.access import get_team_for_user


@require_safe
def incident_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's incidents, the latest week first, and which of them wait for their review."""
    access = get_team_for_user(request, team)
    page = incidents.page_of(access.team, request.GET.get("page"))
    context = {
        "access": access,
        "section": "incidents",
        "page": page,
        "weeks": incidents.by_week(access.team, page),
    }
    return render(request, "projects/incident_list.html", context)

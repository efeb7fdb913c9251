from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_manager
from projects.teams import setup


@require_safe
def team_setup(request: HttpRequest, team: str) -> HttpResponse:
    """How far the team is set up, and where to go on."""
    access = get_team_for_manager(request, team)
    context = {"access": access, "section": "settings", "progress": setup.progress(access.team)}
    return render(request, "projects/team_setup.html", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access as allowed
from projects.teams import setup


@require_safe
def team_setup(request: HttpRequest, team: str) -> HttpResponse:
    """How far the team is set up, and where to go on."""
    access = allowed.get_team_for_manager(allowed.signed_in(request), team)
    context = {"access": access, "section": "settings", "progress": setup.progress(access.team)}
    return render(request, "projects/team_setup.html", context)

"""What each role does in a week, and what the words on the screens mean."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user
from projects.models import Role
from projects.text.terms import TERMS
from reports.schedule.hours import hours_of


@require_safe
def team_help(request: HttpRequest, team: str) -> HttpResponse:
    """The help for the reader's own role, or for the one that ``?role=`` names."""
    access = get_team_for_user(request, team)
    wanted = request.GET.get("role", "")
    context = {
        "access": access,
        "section": "help",
        "role": Role(wanted) if wanted in Role.values else access.role,
        "roles": Role.choices,
        "hours": hours_of(access.team),
        "terms": TERMS,
    }
    return render(request, "reports/team_help.html", context)

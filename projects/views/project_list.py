from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user
from projects.portfolio import catalogue


@require_safe
def project_list(request: HttpRequest, team: str) -> HttpResponse:
    """Every project of the team by cycle and objective; ``?q`` is a part of a name or an alias."""
    access = get_team_for_user(request, team)
    search = request.GET.get("q", "").strip()
    context = {
        "access": access,
        "section": "projects",
        "chapters": catalogue.catalogue_of(access.team, search),
        "search": search,
        "today": access.team.today(),
    }
    return render(request, "projects/project_list.html", context)

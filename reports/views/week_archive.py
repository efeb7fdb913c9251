from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user
from reports.pages.navigation import weeks_by_year


@require_safe
def week_archive(request: HttpRequest, team: str) -> HttpResponse:
    """Every week that has a page, by year, the newest first."""
    access = get_team_for_user(request, team)
    context = {"access": access, "section": "weeks", "years": weeks_by_year(access.team)}
    return render(request, "reports/week_archive.html", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_manager
from reports import trail
from reports.render.spreadsheets import csv


@require_safe
def audit(request: HttpRequest, team: str) -> HttpResponse:
    """Who changed what in the team, and when: for its managers, searched by words."""
    access = get_team_for_manager(request, team)
    words = request.GET.get("q", "")
    context = {
        "access": access,
        "section": "settings",
        "words": words,
        "page": trail.page_of(access.team, words, request.GET.get("page")),
    }
    return render(request, "reports/audit.html", context)


@require_safe
def audit_export(request: HttpRequest, team: str) -> HttpResponse:
    """The same as a file of comma-separated values, all pages of it."""
    access = get_team_for_manager(request, team)
    return HttpResponse(
        csv(trail.grid_of(access.team, request.GET.get("q", ""))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{access.team.slug}-audit.csv"'},
    )

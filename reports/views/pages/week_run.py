from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.access import get_team_for_manager
from projects.teams.week_addresses import get_week
from reports.pages.navigation import navigation_of
from reports.schedule.runs import run_of


@require_safe
def week_run(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """What the schedule has done in a week and will do, and what it left to the manager."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    context = {
        "access": access,
        "section": "weeks",
        "label": label,
        "navigation": navigation_of(access.team, week),
        "run": run_of(access.team, week, timezone.now()),
    }
    return render(request, "reports/week_run.html", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.models import DayException
from projects.teams import day_exceptions


@require_POST
def day_exception_remove(request: HttpRequest, team: str, day_exception_id: int) -> HttpResponse:
    access = get_team_for_manager(request, team)
    exceptions = DayException.objects.select_related("team")
    day_exception = get_object_or_404(exceptions, team=access.team, pk=day_exception_id)
    day_exceptions.remove(day_exception, by=access.user)
    return redirect("projects:calendar", access.team.slug)

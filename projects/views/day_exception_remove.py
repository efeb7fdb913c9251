from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.models import DayException
from projects.teams import day_exceptions


@require_POST
def day_exception_remove(request: HttpRequest, team: str, day_exception: int) -> HttpResponse:
    access = allowed.get_team_for_manager(allowed.signed_in(request), team)
    exceptions = DayException.objects.select_related("team")
    found = get_object_or_404(exceptions, team=access.team, pk=day_exception)
    day_exceptions.remove(found, by=access.user)
    return redirect("projects:calendar", access.team.slug)

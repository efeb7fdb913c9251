from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.forms.day_exception import DayExceptionForm
from projects.teams import day_exceptions
from projects.views.calendar import show_calendar


@require_POST
def day_exception_add(request: HttpRequest, team: str) -> HttpResponse:
    """A day that the team works, or does not, whatever its calendar says."""
    access = get_team_for_manager(request, team)
    form = DayExceptionForm(request.POST)
    if form.is_valid():
        try:
            day_exceptions.add(access.team, **form.cleaned_data, by=access.user)
        except day_exceptions.DayTaken:
            form.refuse_day()
        else:
            return redirect("projects:calendar", access.team.slug)
    return show_calendar(request, access, form)

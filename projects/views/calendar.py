from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import Access, get_team_for_manager
from projects.forms.day_exception import DayExceptionForm
from projects.teams import cutoffs

_WEEKS: Final = 12  # a quarter: the next holidays and the make-up days around them


@require_safe
def calendar(request: HttpRequest, team: str) -> HttpResponse:
    """When the next weeks close, and the team's exceptions from its calendar."""
    access = get_team_for_manager(request, team)
    return show_calendar(request, access, DayExceptionForm())


def show_calendar(request: HttpRequest, access: Access, form: DayExceptionForm) -> HttpResponse:
    """The page, with what is wrong about a new exception at its place (422)."""
    context = {
        "access": access,
        "section": "settings",
        "outlook": cutoffs.outlook_of(access.team, _WEEKS),
        "today": access.team.today(),
        "exceptions": access.team.day_exceptions.all(),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/calendar.html", context, status=status)

"""When the weeks close, and a team's exceptions from its calendar."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects.access import Access, get_team_for_manager
from projects.forms.team import DayExceptionForm, RemovalForm
from projects.models import DayException
from projects.teams import cutoffs, rescheduling

_WEEKS: Final = 12  # a quarter: the next holidays and the make-up days around them


@require_safe
def calendar(request: HttpRequest, team: str) -> HttpResponse:
    """When the next weeks close, and the team's exceptions from its calendar."""
    access = get_team_for_manager(request, team)
    return _page(request, access, DayExceptionForm())


def _page(
    request: HttpRequest,
    access: Access,
    form: DayExceptionForm,
    removal: RemovalForm | None = None,
) -> HttpResponse:
    """The page, with what is wrong or asked about an exception at its place (422)."""
    context = {
        "access": access,
        "section": "settings",
        "outlook": cutoffs.outlook_of(access.team, _WEEKS),
        "today": access.team.today(),
        "exceptions": access.team.day_exceptions.all(),
        "form": form,
        "removal": removal,
    }
    status = 422 if form.is_bound or removal else 200
    return render(request, "projects/calendar.html", context, status=status)


@require_POST
def day_exception_add(request: HttpRequest, team: str) -> HttpResponse:
    """A day that the team works, or does not, whatever its calendar says."""
    access = get_team_for_manager(request, team)
    form = DayExceptionForm(request.POST)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("day", "is_working", "note")}
        try:
            with rescheduling.confirmed(access.team, form.answer):
                cutoffs.add_exception(access.team, **wanted, by=access.user)
        except rescheduling.Unconfirmed as question:
            form.ask(question)
        except cutoffs.DayTaken:
            form.refuse_day()
        else:
            return redirect("projects:calendar", access.team.slug)
    return _page(request, access, form)


@require_POST
def day_exception_remove(request: HttpRequest, team: str, day_exception_id: int) -> HttpResponse:
    access = get_team_for_manager(request, team)
    exceptions = DayException.objects.select_related("team")
    day_exception = get_object_or_404(exceptions, team=access.team, pk=day_exception_id)
    form = RemovalForm(request.POST, of=day_exception_id)
    try:
        with rescheduling.confirmed(access.team, form.answer if form.is_valid() else ""):
            cutoffs.remove_exception(day_exception, by=access.user)
    except rescheduling.Unconfirmed as question:
        form.ask(question)
        return _page(request, access, DayExceptionForm(), form)
    return redirect("projects:calendar", access.team.slug)

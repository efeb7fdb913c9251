"""The numbers that somebody owns, entered beside their check-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.access import Access, get_team_for_reporter
from projects.conflicts import EditConflict
from projects.forms.guarded import NOT_SAVED
from projects.forms.numbers import OwedNumbersForm, as_last_week, typed_for_gone
from projects.models import Metric
from projects.operations import metrics
from projects.operations.owed_numbers import owed_numbers
from projects.views.checkin import cards, page


@require_POST
def checkin_numbers(request: HttpRequest, team: str) -> HttpResponse:
    """Save all numbers that the reader owes this week, or none of them.

    With ``same`` among the data nothing is saved: last week's values come back in the empty
    fields, to be seen and then saved.
    """
    access = get_team_for_reporter(request, team)
    week = access.team.this_week()
    owed = owed_numbers(access.team, week, access.leads)
    if "same" in request.POST:
        return _show(request, access, OwedNumbersForm(owed, as_last_week(owed, request.POST)))
    form = OwedNumbersForm(owed, request.POST)
    if not form.is_valid():
        return _show(request, access, form, status=422)
    try:
        metrics.record_numbers(
            access.team, week, form.numbers(), by=access.user, opened=form.opened
        )
    except EditConflict as conflict:
        form.show_both(conflict)
        return _show(request, access, form, status=422)
    notice = _("The numbers are saved.")
    if gone := typed_for_gone(Metric.objects.filter(team=access.team), request.POST):
        notice = NOT_SAVED % {"typed": " · ".join(gone)}
    if not htmx.wants_partial(request):
        messages.info(request, notice)
        return redirect(f"{cards.address(request, access)}#numbers")
    again = OwedNumbersForm(owed_numbers(access.team, week, access.leads))
    return _show(request, access, again, notice=notice)


def _show(
    request: HttpRequest,
    access: Access,
    form: OwedNumbersForm,
    *,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    if not htmx.wants_partial(request):
        return page.show(request, access, numbers=form, status=status)
    context = {"access": access, "numbers": form, "numbers_notice": notice, "is_renewed": True}
    return htmx.render(
        request, "projects/checkin_numbers.html", "checkin_numbers", context, status=status
    )

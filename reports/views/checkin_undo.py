"""Undoing the latest save of a check-in. An edition may hold it, so it is not in ``projects``."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import htmx
from okrtracker.requests.clean import number_in
from projects.access import get_project_for_reporter
from projects.checkin import undoing, worklist
from projects.conflicts import EditConflict
from projects.views.checkin import cards, page
from reports.pages import catching_up

CHECKIN_LIST = "#checkin_cards"


@require_POST
def checkin_undo(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Undo the reader's save of this week that made the ``revision``: the form is open again."""
    access, project = get_project_for_reporter(request, team, project_id)
    week = access.team.this_week()
    number = number_in(request.POST.get("revision")) or 0
    try:
        catching_up.undo_check_in(project, week, revision=number, by=access.user)
        notice = _("Undone. What stood there before is back.")
    except EditConflict:
        notice = _("Not undone: somebody has changed this since.")
    except undoing.NothingToUndo:
        notice = _("There is nothing to undo: it was undone already, or is published.")
    address = cards.address(request, access, worklist.assignment_of(project, week))
    if not htmx.wants_partial(request):
        messages.info(request, notice)
        return redirect(address)
    response = htmx.retarget(page.show(request, access, project.pk, notice=notice), CHECKIN_LIST)
    return htmx.replace_url(response, address)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.access import get_project_for_reporter
from projects.checkin import drafts, worklist
from projects.forms import CheckInForm
from projects.views import cards


@require_POST
def project_draft_discard(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Throw away what the reader typed and did not send; the form shows what stands there."""
    access, project = get_project_for_reporter(request, team, project_id)
    week = access.team.this_week()
    drafts.discard(access.user, project, week)
    assignment = worklist.assignment_of(project, week)
    if not htmx.wants_partial(request):
        return redirect(cards.address(request, access, assignment))
    form = CheckInForm(assignment, list(access.team.stages.all()))
    return cards.card(request, access, assignment, form)

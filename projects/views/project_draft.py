from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.access import get_project_for_reporter
from projects.checkin import drafts, worklist
from projects.forms import CheckInForm
from projects.views import cards


@require_POST
def project_draft(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Keep what was typed into the fields that were sent, and say when; nothing is reported yet.

    It is asked in the background while somebody types, so nothing is ever wrong with what comes.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    form = CheckInForm(assignment, (), request.POST)
    draft = drafts.save(
        access.user,
        project,
        assignment.week,
        typed=form.sent(),
        standing=form.standing,
        entry_revision=form.opened_revision,
    )
    if not htmx.wants_partial(request):
        return redirect(cards.address(request, access, assignment))
    context = {"access": access, "assignment": assignment, "draft": draft, "is_kept": True}
    return render(request, "projects/project_checkin.html#draft_state", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_project_for_reporter
from projects.checkin import worklist
from projects.forms import CheckInForm


@require_safe
def project_checkin_milestones(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The rows of milestones in the check-in form as they are now, with what was typed in them.

    Only htmx asks for it, when the milestones were edited beside a form that is being filled in.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    form = CheckInForm(assignment, access.team.stages.all())
    form.show(request.GET.dict())
    context = {"access": access, "assignment": assignment, "form": form}
    return render(request, "projects/project_checkin.html#milestone_rows", context)

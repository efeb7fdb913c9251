from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.access import get_project_for_reporter
from projects.checkin.ledger import standing
from projects.forms import MilestoneForm
from projects.models import Milestone


@require_safe
def project_checkin_reason(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """The reason field of one milestone, shown or not as what was typed so far wants it.

    Changes nothing; only htmx asks for it. Without JavaScript the form asks when it is sent.
    """
    access, milestone = get_project_for_reporter(request, team, project_id)
    milestones = Milestone.objects.filter(project=milestone).as_of(access.team.this_week())
    row = get_object_or_404(milestones, pk=milestone_id)
    form = MilestoneForm(row, standing(row), request.GET, auto_id=f"p{milestone.pk}-%s")
    return render(request, "projects/project_checkin.html#milestone_reason", {"milestone": form})

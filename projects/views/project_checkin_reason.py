from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects import access as allowed
from projects.checkin.ledger import standing
from projects.forms import MilestoneForm
from projects.models import Milestone


@require_safe
def project_checkin_reason(
    request: HttpRequest, team: str, project: int, milestone: int
) -> HttpResponse:
    """The reason field of one milestone, shown or not as what was typed so far wants it.

    Changes nothing; only htmx asks for it. Without JavaScript the form asks when it is sent.
    """
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    allowed.require_can_report(access, found)
    milestones = Milestone.objects.filter(project=found).as_of(access.team.this_week())
    row = get_object_or_404(milestones, pk=milestone)
    form = MilestoneForm(row, standing(row), request.GET, auto_id=f"p{found.pk}-%s")
    return render(request, "projects/project_checkin.html#milestone_reason", {"milestone": form})

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access as allowed
from projects import worklist
from projects.forms import CheckInForm


@require_safe
def checkin(request: HttpRequest, team: str) -> HttpResponse:
    """My projects of this week, those that wait for their update first, each with its form.

    A manager sees the whole team's with ``?of=all``, and when they lead no project themselves.
    """
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    allowed.require_may_report(access)
    week = access.team.this_week()
    is_all = access.is_manager and request.GET.get("of") == "all"
    assignments = worklist.assignments_of(access.team, week, None if is_all else access.user)
    if access.is_manager and not assignments:
        is_all, assignments = True, worklist.assignments_of(access.team, week)
    stages = list(access.team.stages.all())
    cards = [
        # The whole team's forms at once would be a long page: there they open one by one.
        (
            assignment,
            CheckInForm(assignment, stages) if not is_all and assignment.is_waiting else None,
        )
        for assignment in assignments
    ]
    context = {
        "access": access,
        "section": "checkin",
        "week": week,
        "label": access.team.week_label(week),
        "cards": cards,
        "is_all": is_all,
        "may_switch": access.is_manager
        and any(one.project.lead_id == access.user.pk for one in assignments),
        "progress": worklist.progress_of(assignments),
    }
    return render(request, "projects/checkin.html", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access as allowed
from projects import ledger, worklist
from projects.models import ProgressChange, StatusEntry

_ENTRIES = 26
_CHANGES = 40


@require_safe
def project_detail(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """One project: how it stands, its milestones, what was moved and why, its last half-year."""
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    week = access.team.this_week()
    slips = ledger.slips(found)
    changes = ProgressChange.objects.filter(milestone__project=found)
    entries = StatusEntry.objects.filter(project=found)
    context = {
        "access": access,
        "project": found,
        "assignment": worklist.assignment_of(found, week),
        "milestones": [(one, slips.get(one.pk)) for one in found.milestones.all()],
        "changes": changes.select_related("milestone", "by").order_by("-week", "-pk")[:_CHANGES],
        "entries": entries.select_related("author", "stage").order_by("-week")[:_ENTRIES],
        "can_report": access.can_report(found),
        "today": access.team.today(),
    }
    return render(request, "projects/project_detail.html", context)

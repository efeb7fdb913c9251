from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_milestone_for_reporter
from projects.checkin import milestones
from projects.views.project_milestones import changed


@require_POST
def milestone_move(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """One place up, or with ``steps=1`` one down; at the end of the list it stays."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    steps = 1 if request.POST.get("steps") == "1" else -1
    milestones.reorder(milestone, steps, by=access.user)
    return changed(request, access, milestone.project, _("Moved: %(name)s") % {"name": milestone})

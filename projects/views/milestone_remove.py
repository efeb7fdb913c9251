from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_milestone_for_reporter
from projects.checkin import milestones
from projects.views.project_milestones import changed


@require_POST
def milestone_remove(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """Take away one that was added by mistake; what has a history is not offered, and refused."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    name = milestone.name
    try:
        milestones.remove(milestone, by=access.user)
    except milestones.HasHistory:
        said = _("%(name)s has a history by now: drop it instead.") % {"name": name}
    else:
        said = _("Removed: %(name)s") % {"name": name}
    return changed(request, access, milestone.project, said)

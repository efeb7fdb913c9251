from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.checkin import milestones
from projects.views.project_milestones import changed


@require_POST
def milestone_remove(request: HttpRequest, team: str, project: int, milestone: int) -> HttpResponse:
    """Take away one that was added by mistake; what has a history is not offered, and refused."""
    user = allowed.signed_in(request)
    access, found = allowed.get_milestone_for_user(user, team, project, milestone)
    allowed.require_can_report(access, found.project)
    name = found.name
    try:
        milestones.remove(found, by=access.user)
    except milestones.HasHistory:
        said = _("%(name)s has a history by now: drop it instead.") % {"name": name}
    else:
        said = _("Removed: %(name)s") % {"name": name}
    return changed(request, access, found.project, said)

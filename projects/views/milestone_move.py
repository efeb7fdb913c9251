from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.checkin import milestones
from projects.views.project_milestones import changed


@require_POST
def milestone_move(request: HttpRequest, team: str, project: int, milestone: int) -> HttpResponse:
    """One place up, or with ``steps=1`` one down; at the end of the list it stays."""
    user = allowed.signed_in(request)
    access, found = allowed.get_milestone_for_user(user, team, project, milestone)
    allowed.require_can_report(access, found.project)
    steps = 1 if request.POST.get("steps") == "1" else -1
    milestones.reorder(found, steps, by=access.user)
    return changed(request, access, found.project, _("Moved: %(name)s") % {"name": found})

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_objective_for_manager
from projects.objectives import objectives


@require_POST
def objective_delete(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """Take back an objective that nothing refers to; one that is in use stays, and says why."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    try:
        objectives.delete(objective, by=access.user)
    except objectives.ObjectiveInUse:
        words = _("%(name)s is in use: projects, old entries or other objectives refer to it.")
        messages.error(request, words % {"name": objective})
        return redirect("projects:objective_edit", access.team.slug, objective.pk)
    messages.success(request, _("Deleted: %(name)s") % {"name": objective})
    return redirect("reports:objective_list", access.team.slug)

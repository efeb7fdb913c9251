from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_cycle_for_manager
from projects.objectives import cycles


@require_POST
def cycle_delete(request: HttpRequest, team: str, cycle_id: int) -> HttpResponse:
    """Take back a cycle without objectives; one that has some stays, and says why."""
    access, cycle = get_cycle_for_manager(request, team, cycle_id)
    try:
        cycles.delete(cycle, by=access.user)
    except cycles.CycleInUse:
        words = _("%(name)s has objectives, which would be lost with it.")
        messages.error(request, words % {"name": cycle})
        return redirect("projects:cycle_edit", access.team.slug, cycle.pk)
    messages.success(request, _("Deleted: %(name)s") % {"name": cycle})
    return redirect("reports:objective_list", access.team.slug)

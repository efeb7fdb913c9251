from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.objectives import cycles


@require_POST
def cycle_delete(request: HttpRequest, team: str, cycle: int) -> HttpResponse:
    """Take back a cycle without objectives; one that has some stays, and says why."""
    access, found = allowed.get_cycle_for_user(allowed.signed_in(request), team, cycle)
    allowed.require_manager(access)
    try:
        cycles.delete(found, by=access.user)
    except cycles.CycleInUse:
        words = _("%(name)s has objectives, which would be lost with it.")
        messages.error(request, words % {"name": found})
        return redirect("projects:cycle_edit", access.team.slug, found.pk)
    messages.success(request, _("Deleted: %(name)s") % {"name": found})
    return redirect("reports:objective_list", access.team.slug)

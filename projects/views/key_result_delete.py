from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_key_result_for_manager
from projects.objectives import objectives


@require_POST
def key_result_delete(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """Remove a key result; its metric and what was read of it stay."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    objectives.delete_key_result(key_result, by=access.user)
    messages.success(request, _("Deleted: %(name)s") % {"name": key_result.metric})
    return redirect("projects:objective_edit", access.team.slug, objective_id)

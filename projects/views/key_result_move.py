from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projects.access import get_key_result_for_manager
from projects.objectives import objectives


@require_POST
def key_result_move(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """One place up (``up`` is among the data) or down in its objective."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    objectives.move_key_result(key_result, -1 if "up" in request.POST else 1, by=access.user)
    return redirect("projects:objective_edit", access.team.slug, objective_id)

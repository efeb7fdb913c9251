from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.objectives import objectives


@require_POST
def key_result_move(
    request: HttpRequest, team: str, objective: int, key_result: int
) -> HttpResponse:
    """One place up (``up`` is among the data) or down in its objective."""
    access, found = allowed.get_key_result_for_user(
        allowed.signed_in(request), team, objective, key_result
    )
    allowed.require_manager(access)
    objectives.move_key_result(found, -1 if "up" in request.POST else 1, by=access.user)
    return redirect("projects:objective_edit", access.team.slug, objective)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.objectives import objectives


@require_POST
def objective_move(request: HttpRequest, team: str, objective: int) -> HttpResponse:
    """One place up (``up`` is among the data) or down in its cycle, then back to the list."""
    access, found = allowed.get_objective_for_user(allowed.signed_in(request), team, objective)
    allowed.require_manager(access)
    objectives.move(found, -1 if "up" in request.POST else 1, by=access.user)
    return redirect(
        reverse(
            "reports:objective_list",
            args=(access.team.slug,),
            query={"cycle": found.cycle.name},
            fragment=f"o{found.pk}",
        )
    )

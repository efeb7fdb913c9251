from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from projects.access import get_objective_for_manager
from projects.objectives import objectives


@require_POST
def objective_move(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """One place up (``up`` is among the data) or down in its cycle, then back to the list."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    objectives.move(objective, -1 if "up" in request.POST else 1, by=access.user)
    return redirect(
        reverse(
            "reports:objective_list",
            args=(access.team.slug,),
            query={"cycle": objective.cycle.name},
            fragment=f"o{objective.pk}",
        )
    )

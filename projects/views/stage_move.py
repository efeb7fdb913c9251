from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.models import Stage
from projects.portfolio import stages


@require_POST
def stage_move(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """One place down, or up with ``direction=up``."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    is_up = request.POST.get("direction") == "up"
    stages.move_stage(stage, "up" if is_up else "down", by=access.user)
    return redirect("projects:stage_list", access.team.slug)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.models import Stage
from projects.portfolio import stages
from projects.views.stage_list import show_stages


@require_POST
def stage_remove(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """Take a stage off the list; ``replacement`` is the stage that what is in it goes to."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    others = Stage.objects.filter(team=access.team).exclude(pk=stage.pk)
    chosen = request.POST.get("replacement", "")
    replacement = others.filter(pk=chosen).first() if chosen.isdecimal() else None
    try:
        stages.remove_stage(stage, replacement, by=access.user)
    except stages.StageInUse:
        return show_stages(request, access, in_use=stage)
    return redirect("projects:stage_list", access.team.slug)

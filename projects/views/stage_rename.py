from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.conflicts import EditConflict
from projects.forms.team import StageForm
from projects.models import Stage
from projects.portfolio import stages
from projects.views.stage_list import show_stages


@require_POST
def stage_rename(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """Give a stage another name."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    form = StageForm(request.POST, stage=stage)
    if form.is_valid():
        try:
            stages.rename_stage(
                stage, form.cleaned_data["name"], by=access.user, opened=form.opened
            )
        except stages.NameTaken:
            form.refuse_name()
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            return redirect("projects:stage_list", access.team.slug)
    return show_stages(request, access, renamed=(stage, form))

"""The steps that a project goes through, in the order of the team."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okrtracker.requests.clean import number_in
from projects.access import Access, get_team_for_manager
from projects.conflicts import EditConflict
from projects.forms.guarded import seen_place
from projects.forms.team import StageForm
from projects.models import Stage
from projects.ordering import MovedAlready
from projects.portfolio import stages
from projects.text.wording import moved_already


@require_http_methods(["GET", "HEAD", "POST"])
def stage_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's stages in order; a POST adds one at the end."""
    access = get_team_for_manager(request, team)
    form = StageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            stages.add_stage(access.team, form.cleaned_data["name"], by=access.user)
        except stages.StageNameTaken:
            form.refuse_name()
        else:
            return redirect("projects:stage_list", access.team.slug)
    return _page(request, access, new=form)


def _page(
    request: HttpRequest,
    access: Access,
    *,
    new: StageForm | None = None,
    renamed: tuple[Stage, StageForm] | None = None,
    in_use: Stage | None = None,
) -> HttpResponse:
    """The list, with what was wrong at the place where it was (422)."""
    rows = list(stages.stages_of(access.team))
    context = {
        "access": access,
        "section": "settings",
        "rows": [
            (row, renamed[1] if renamed and renamed[0] == row else StageForm(stage=row))
            for row in rows
        ],
        "form": new or StageForm(),
        "refusal": _("Things are still in “%(stage)s”: choose a stage that takes its place.")
        % {"stage": in_use.name}
        if in_use
        else "",
    }
    is_refused = bool(renamed or in_use or (new and new.is_bound))
    status = 422 if is_refused else 200
    return render(request, "projects/stage_list.html", context, status=status)


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
        except stages.StageNameTaken:
            form.refuse_name()
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            return redirect("projects:stage_list", access.team.slug)
    return _page(request, access, renamed=(stage, form))


@require_POST
def stage_move(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """One place down, or up with ``direction=up``."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    is_up = request.POST.get("direction") == "up"
    way: stages.Way = "up" if is_up else "down"
    try:
        stages.move_stage(stage, way, by=access.user, seen=seen_place(request.POST))
    except MovedAlready as moved:
        messages.warning(request, moved_already(stage, moved.place))
    return redirect("projects:stage_list", access.team.slug)


@require_POST
def stage_remove(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """Take a stage off the list; ``replacement`` is the stage that what is in it goes to."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    others = Stage.objects.filter(team=access.team).exclude(pk=stage.pk)
    replacement = others.filter(pk=number_in(request.POST.get("replacement")) or 0).first()
    try:
        stages.remove_stage(stage, replacement, by=access.user)
    except stages.StageInUse:
        return _page(request, access, in_use=stage)
    return redirect("projects:stage_list", access.team.slug)

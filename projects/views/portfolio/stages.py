"""The steps that a project goes through, in the order of the team.

The names are one form with one button to save them. The buttons of a row save them first, so that
nothing is lost that was typed before one of them was pressed.
"""

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
from projects.forms.team import StageForm, StagesForm
from projects.models import Stage
from projects.ordering import MovedAlready
from projects.portfolio import stages
from projects.text.wording import moved_already


@require_http_methods(["GET", "HEAD", "POST"])
def stage_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's stages in order; a POST saves their names."""
    access = get_team_for_manager(request, team)
    if request.method != "POST":
        return _page(request, access)
    return _names_refused(request, access) or redirect("projects:stage_list", access.team.slug)


def _names_refused(request: HttpRequest, access: Access) -> HttpResponse | None:
    """Save the names that were sent; else the list, with what is wrong at its place (422)."""
    form = StagesForm(access.team.stages.all(), request.POST)
    if form.is_valid():
        try:
            rows = stages.rename_stages(
                access.team, form.typed, by=access.user, opened=form.opened_rows
            )
        except stages.StageNameTaken as taken:
            form.refuse_name(taken.key)
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            if not_saved := form.not_saved(rows.gone):
                messages.warning(request, not_saved)
            if rows.changed:
                messages.success(request, _("The stages are saved."))
            return None
    return _page(request, access, names=form)


def _page(
    request: HttpRequest,
    access: Access,
    *,
    new: StageForm | None = None,
    names: StagesForm | None = None,
    in_use: Stage | None = None,
) -> HttpResponse:
    """The list, with what was wrong at the place where it was (422)."""
    rows = list(stages.stages_of(access.team))
    names_form = names or StagesForm(rows)
    there = set(names_form.fields)
    context = {
        "access": access,
        "section": "settings",
        "names": names_form,
        "rows": [
            (row, names_form[names_form.name_of(row.pk)])
            for row in rows
            if names_form.name_of(row.pk) in there
        ],
        "form": new or StageForm(),
        "refusal": _("Things are still in “%(stage)s”: choose a stage that takes its place.")
        % {"stage": in_use.name}
        if in_use
        else "",
    }
    status = 422 if new or names or in_use else 200
    return render(request, "projects/stage_list.html", context, status=status)


@require_POST
def stage_add(request: HttpRequest, team: str) -> HttpResponse:
    """A new stage, at the end."""
    access = get_team_for_manager(request, team)
    form = StageForm(request.POST)
    if form.is_valid():
        try:
            stages.add_stage(access.team, form.cleaned_data["name"], by=access.user)
        except stages.StageNameTaken:
            form.refuse_name()
        else:
            return redirect("projects:stage_list", access.team.slug)
    return _page(request, access, new=form)


@require_POST
def stage_move(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """One place up (``up`` is among the data) or down; its value is the place that was seen."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    if (refused := _names_refused(request, access)) is not None:
        return refused
    way: stages.Way = "up" if "up" in request.POST else "down"
    seen = seen_place({"place": request.POST.get(way, "")})
    try:
        stages.move_stage(stage, way, by=access.user, seen=seen)
    except MovedAlready as moved:
        messages.warning(request, moved_already(stage, moved.place))
    return redirect("projects:stage_list", access.team.slug)


@require_POST
def stage_remove(request: HttpRequest, team: str, stage_id: int) -> HttpResponse:
    """Take a stage off the list; ``replacement-…`` is the stage that what is in it goes to."""
    access = get_team_for_manager(request, team)
    stage = get_object_or_404(Stage, team=access.team, pk=stage_id)
    if (refused := _names_refused(request, access)) is not None:
        return refused
    others = Stage.objects.filter(team=access.team).exclude(pk=stage.pk)
    chosen = number_in(request.POST.get(f"replacement-{stage.pk}"))
    replacement = others.filter(pk=chosen or 0).first()
    try:
        stages.remove_stage(stage, replacement, by=access.user)
    except stages.StageInUse:
        return _page(request, access, in_use=stage)
    return redirect("projects:stage_list", access.team.slug)

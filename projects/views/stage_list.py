from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import Access, get_team_for_manager
from projects.forms.team import StageForm
from projects.models import Stage
from projects.portfolio import stages


@require_http_methods(["GET", "HEAD", "POST"])
def stage_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's stages in order; a POST adds one at the end."""
    access = get_team_for_manager(request, team)
    form = StageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            stages.add_stage(access.team, form.cleaned_data["name"], by=access.user)
        except stages.NameTaken:
            form.refuse_name()
        else:
            return redirect("projects:stage_list", access.team.slug)
    return show_stages(request, access, new=form)


def show_stages(
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

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import Access, get_objective_for_manager, objectives_of_other_teams
from projects.conflicts import EditConflict
from projects.forms.objectives import ObjectiveForm, ReadingForm
from projects.models import Objective
from projects.objectives import objectives


@require_http_methods(["GET", "HEAD", "POST"])
def objective_edit(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """One objective and its key results, where a manager changes them."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    form = form_of(access, objective, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            changed = objectives.change(
                objective, form.wording(), by=access.user, opened=form.opened
            )
            messages.success(request, _("Saved: %(name)s") % {"name": changed})
            return redirect("reports:objective_detail", access.team.slug, changed.pk)
        except objectives.CodeTaken as problem:
            form.mark(problem)
        except EditConflict as conflict:
            form.show_both(conflict)
    return render_edit(request, access, objective, form)


def form_of(access: Access, objective: Objective, data: object = None) -> ObjectiveForm:
    return ObjectiveForm(
        data,
        owners=objectives.owners_of(access.team, objective),
        alignable=objectives_of_other_teams(access.user, access.team),
        objective=objective,
    )


def render_edit(
    request: HttpRequest,
    access: Access,
    objective: Objective,
    form: ObjectiveForm,
    wrong: ReadingForm | None = None,
) -> HttpResponse:
    """The page; ``wrong`` is a reading that was typed into it and has to be put right."""
    week = access.team.this_week()
    context = {
        "access": access,
        "section": "objectives",
        "objective": objective,
        "form": form,
        "readings": [
            wrong if wrong and wrong.result == result else ReadingForm(result=result, value=value)
            for result, value in objectives.results_in(objective, week)
        ],
        "label": access.team.week_label(week),
        "may_delete": not objectives.is_in_use(objective),
    }
    status = 422 if form.is_bound or wrong else 200
    return render(request, "projects/objective_edit.html", context, status=status)

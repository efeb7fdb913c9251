"""The objectives of a cycle, where managers change them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import (
    Access,
    get_cycle_for_manager,
    get_objective_for_manager,
    objectives_of_other_teams,
)
from projects.conflicts import EditConflict
from projects.forms.guarded import seen_place
from projects.forms.numbers import NumbersForm, readings_form
from projects.forms.objectives import ObjectiveForm
from projects.models import Objective
from projects.objectives import objectives
from projects.ordering import MovedAlready
from projects.text.wording import moved_already


@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: HttpRequest, team: str, cycle_id: int) -> HttpResponse:
    """The form of a new objective of the cycle; then its page, where key results are added.

    ``?setup`` goes along, and lets that page link back to the list of the set-up.
    """
    access, cycle = get_cycle_for_manager(request, team, cycle_id)
    form = ObjectiveForm(
        request.POST if request.method == "POST" else None,
        team=access.team,
        owners=objectives.owners_of(access.team),
        alignable=objectives_of_other_teams(access.user, access.team),
        code=f"O{cycle.objectives.count() + 1}",
    )
    if form.is_valid():
        try:
            objective = objectives.create(cycle, form.wording(), by=access.user)
            messages.success(request, _("Saved: %(name)s") % {"name": objective})
            args = (access.team.slug, objective.pk)
            return redirect(reverse("projects:objective_edit", args=args, query=request.GET))
        except objectives.CodeTaken as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "cycle": cycle, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/objective_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def objective_edit(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """One objective and its key results, where a manager changes them."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    form = form_of(access, objective, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            objective = objectives.change(
                objective, form.wording(), by=access.user, opened=form.opened
            )
            messages.success(request, _("Saved: %(name)s") % {"name": objective})
            return redirect("reports:objective_detail", access.team.slug, objective.pk)
        except objectives.CodeTaken as problem:
            form.mark(problem)
        except EditConflict as conflict:
            form.show_both(conflict)
    return render_edit(request, access, objective, form)


def form_of(access: Access, objective: Objective, data: object = None) -> ObjectiveForm:
    return ObjectiveForm(
        data,
        team=access.team,
        owners=objectives.owners_of(access.team, objective),
        alignable=objectives_of_other_teams(access.user, access.team),
        objective=objective,
    )


def render_edit(
    request: HttpRequest,
    access: Access,
    objective: Objective,
    form: ObjectiveForm,
    wrong: NumbersForm | None = None,
) -> HttpResponse:
    """The page; ``wrong`` are readings that were typed into it and have to be put right."""
    week = access.team.this_week()
    results = list(objective.key_results.select_related("metric"))
    numbers = wrong or readings_form([result.metric for result in results], week)
    forms = {part.metric.pk: part for part in numbers.readings}
    context = {
        "access": access,
        "section": "objectives",
        "objective": objective,
        "form": form,
        "numbers": numbers,
        "readings": [
            (result, forms[result.metric_id]) for result in results if result.metric_id in forms
        ],
        "label": access.team.week_label(week),
        "may_delete": not objectives.is_in_use(objective),
    }
    status = 422 if form.is_bound or wrong else 200
    return render(request, "projects/objective_edit.html", context, status=status)


@require_POST
def objective_move(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """One place up (``up`` is among the data) or down in its cycle, then back to the list."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    places = -1 if "up" in request.POST else 1
    try:
        objectives.move(objective, places, by=access.user, seen=seen_place(request.POST))
    except MovedAlready as moved:
        messages.warning(request, moved_already(objective, moved.place))
    return redirect(
        reverse(
            "reports:objective_list",
            args=(access.team.slug,),
            query={"cycle": objective.cycle.name},
            fragment=f"o{objective.pk}",
        )
    )


@require_POST
def objective_delete(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """Take back an objective that nothing refers to; one that is in use stays, and says why."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    try:
        objectives.delete(objective, by=access.user)
    except objectives.ObjectiveInUse:
        words = _("%(name)s is in use: projects, old entries or other objectives refer to it.")
        messages.error(request, words % {"name": objective})
        return redirect("projects:objective_edit", access.team.slug, objective.pk)
    messages.success(request, _("Deleted: %(name)s") % {"name": objective})
    return redirect("reports:objective_list", access.team.slug)

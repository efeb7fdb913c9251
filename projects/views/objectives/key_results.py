"""The key results of an objective, and their readings of the week.

The readings are one form with one button to save them; the buttons of a row save them first.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import Access, get_key_result_for_manager, get_objective_for_manager
from projects.conflicts import EditConflict
from projects.forms.guarded import NOT_SAVED, seen_place
from projects.forms.numbers import readings_form, typed_for_gone
from projects.forms.objectives import KeyResultForm
from projects.models import Objective
from projects.objectives import key_results, objectives
from projects.operations import metrics
from projects.ordering import MovedAlready
from projects.text.wording import moved_already
from projects.views.objectives.objectives import form_of, render_edit


@require_http_methods(["GET", "HEAD", "POST"])
def key_result_new(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """The form of a new key result of the objective; ``?setup`` goes along."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    form = KeyResultForm(
        request.POST if request.method == "POST" else None,
        metrics=key_results.metrics_of(access.team),
        objective=objective,
        owners=objectives.owners_of(access.team),
    )
    if form.is_valid():
        try:
            key_result = key_results.add(objective, form.goal(), by=access.user)
            messages.success(request, _("Saved: %(name)s") % {"name": key_result.metric})
            args = (access.team.slug, objective.pk)
            return redirect(reverse("projects:objective_edit", args=args, query=request.GET))
        except key_results.MetricTaken as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "objective": objective, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/key_result_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def key_result_edit(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """The form of one key result: its metric, baseline and target."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    form = KeyResultForm(
        request.POST if request.method == "POST" else None,
        metrics=key_results.metrics_of(access.team),
        objective=key_result.objective,
        owners=objectives.owners_of(access.team, key_result),
        result=key_result,
    )
    if form.is_valid():
        try:
            key_result = key_results.change(
                key_result, form.goal(), by=access.user, opened=form.opened
            )
            messages.success(request, _("Saved: %(name)s") % {"name": key_result.metric})
            return redirect("projects:objective_edit", access.team.slug, objective_id)
        except key_results.MetricTaken as problem:
            form.mark(problem)
        except EditConflict as conflict:
            form.show_both(conflict)
    context = {
        "access": access,
        "section": "objectives",
        "objective": key_result.objective,
        "result": key_result,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/key_result_edit.html", context, status=status)


@require_POST
def key_result_move(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """One place up (``up`` is among the data) or down; its value is the place that was seen."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    if (refused := _readings_refused(request, access, key_result.objective)) is not None:
        return refused
    way, places = ("up", -1) if "up" in request.POST else ("down", 1)
    seen = seen_place({"place": request.POST.get(way, "")})
    try:
        key_results.move(key_result, places, by=access.user, seen=seen)
    except MovedAlready as moved:
        messages.warning(request, moved_already(key_result.metric, moved.place))
    return redirect("projects:objective_edit", access.team.slug, objective_id)


@require_POST
def key_result_delete(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """Remove a key result; its metric and what was read of it stay."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    if (refused := _readings_refused(request, access, key_result.objective)) is not None:
        return refused
    key_results.delete(key_result, by=access.user)
    messages.success(request, _("Deleted: %(name)s") % {"name": key_result.metric})
    return redirect("projects:objective_edit", access.team.slug, objective_id)


@require_POST
def key_result_readings(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """The values of the objective's key results in the present week, all of them at once."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    refused = _readings_refused(request, access, objective)
    return refused or redirect("projects:objective_edit", access.team.slug, objective_id)


def _readings_refused(
    request: HttpRequest, access: Access, objective: Objective
) -> HttpResponse | None:
    """Save the values that were sent; else the page, with what is wrong at its place (422)."""
    week, metrics_of_objective = access.team.this_week(), key_results.metrics_in(objective)
    form = readings_form(metrics_of_objective, week, request.POST)
    is_saved = False
    if form.is_valid():
        try:
            is_saved = metrics.record_numbers(
                access.team, week, form.numbers(), by=access.user, opened=form.opened
            )
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            if gone := typed_for_gone(metrics_of_objective, request.POST):
                messages.warning(request, NOT_SAVED % {"typed": " · ".join(gone)})
            if is_saved:
                label = access.team.week_label(week)
                messages.success(request, _("The numbers of %(week)s are saved.") % {"week": label})
            return None
    return render_edit(request, access, objective, form_of(access, objective), form)

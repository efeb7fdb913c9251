"""The key results of an objective, and their readings of the week."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import get_key_result_for_manager, get_objective_for_manager
from projects.conflicts import EditConflict
from projects.forms.guarded import seen_place
from projects.forms.objectives import KeyResultForm, KeyResultReadingForm
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
    """One place up (``up`` is among the data) or down in its objective."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    places = -1 if "up" in request.POST else 1
    try:
        key_results.move(key_result, places, by=access.user, seen=seen_place(request.POST))
    except MovedAlready as moved:
        messages.warning(request, moved_already(key_result.metric, moved.place))
    return redirect("projects:objective_edit", access.team.slug, objective_id)


@require_POST
def key_result_delete(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """Remove a key result; its metric and what was read of it stay."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    key_results.delete(key_result, by=access.user)
    messages.success(request, _("Deleted: %(name)s") % {"name": key_result.metric})
    return redirect("projects:objective_edit", access.team.slug, objective_id)


@require_POST
def key_result_reading(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """The value of the key result's metric in the present week, replaced if it has one."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    week = access.team.this_week()
    standing = dict(key_results.results_in(key_result.objective, week))
    form = KeyResultReadingForm(request.POST, result=key_result, value=standing[key_result])
    if not form.is_valid():
        return render_edit(
            request, access, key_result.objective, form_of(access, key_result.objective), form
        )
    value = form.cleaned_data["value"]
    try:
        metrics.record_reading(key_result.metric, week, value, opened=form.opened)
    except EditConflict as conflict:
        form.show_both(conflict)
        return render_edit(
            request, access, key_result.objective, form_of(access, key_result.objective), form
        )
    messages.success(request, _("Saved: %(name)s") % {"name": key_result.metric})
    return redirect("projects:objective_edit", access.team.slug, objective_id)

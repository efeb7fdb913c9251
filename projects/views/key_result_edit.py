from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_key_result_for_manager
from projects.conflicts import EditConflict
from projects.forms.objectives import KeyResultForm
from projects.objectives import objectives


@require_http_methods(["GET", "HEAD", "POST"])
def key_result_edit(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """The form of one key result: its metric, baseline and target."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    form = KeyResultForm(
        request.POST if request.method == "POST" else None,
        metrics=objectives.metrics_of(access.team),
        result=key_result,
    )
    if form.is_valid():
        try:
            changed = objectives.change_key_result(
                key_result, form.goal(), by=access.user, opened=form.opened
            )
            messages.success(request, _("Saved: %(name)s") % {"name": changed.metric})
            return redirect("projects:objective_edit", access.team.slug, objective_id)
        except objectives.MetricTaken as problem:
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

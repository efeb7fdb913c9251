from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access as allowed
from projects.forms.objectives import KeyResultForm
from projects.objectives import objectives


@require_http_methods(["GET", "HEAD", "POST"])
def key_result_edit(
    request: HttpRequest, team: str, objective: int, key_result: int
) -> HttpResponse:
    """The form of one key result: its metric, baseline and target."""
    access, found = allowed.get_key_result_for_user(
        allowed.signed_in(request), team, objective, key_result
    )
    allowed.require_manager(access)
    form = KeyResultForm(
        request.POST if request.method == "POST" else None,
        metrics=objectives.metrics_of(access.team),
        result=found,
    )
    if form.is_valid():
        try:
            changed = objectives.change_key_result(found, form.goal(), by=access.user)
            messages.success(request, _("Saved: %(name)s") % {"name": changed.metric})
            return redirect("projects:objective_edit", access.team.slug, objective)
        except objectives.MetricTaken as problem:
            form.mark(problem)
    context = {
        "access": access,
        "section": "objectives",
        "objective": found.objective,
        "result": found,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/key_result_edit.html", context, status=status)

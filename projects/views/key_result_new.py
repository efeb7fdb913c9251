from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_objective_for_manager
from projects.forms.objectives import KeyResultForm
from projects.objectives import objectives


@require_http_methods(["GET", "HEAD", "POST"])
def key_result_new(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """The form of a new key result of the objective; ``?setup`` goes along."""
    access, objective = get_objective_for_manager(request, team, objective_id)
    form = KeyResultForm(
        request.POST if request.method == "POST" else None,
        metrics=objectives.metrics_of(access.team),
    )
    if form.is_valid():
        try:
            made = objectives.add_key_result(objective, form.goal(), by=access.user)
            messages.success(request, _("Saved: %(name)s") % {"name": made.metric})
            args = (access.team.slug, objective.pk)
            return redirect(reverse("projects:objective_edit", args=args, query=request.GET))
        except objectives.MetricTaken as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "objective": objective, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/key_result_edit.html", context, status=status)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access as allowed
from projects.forms.objectives import KeyResultForm
from projects.objectives import objectives


@require_http_methods(["GET", "HEAD", "POST"])
def key_result_new(request: HttpRequest, team: str, objective: int) -> HttpResponse:
    """The form of a new key result of the objective; ``?setup`` goes along."""
    access, found = allowed.get_objective_for_user(allowed.signed_in(request), team, objective)
    allowed.require_manager(access)
    form = KeyResultForm(
        request.POST if request.method == "POST" else None,
        metrics=objectives.metrics_of(access.team),
    )
    if form.is_valid():
        try:
            made = objectives.add_key_result(found, form.goal(), by=access.user)
            messages.success(request, _("Saved: %(name)s") % {"name": made.metric})
            args = (access.team.slug, found.pk)
            return redirect(reverse("projects:objective_edit", args=args, query=request.GET))
        except objectives.MetricTaken as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "objective": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/key_result_edit.html", context, status=status)

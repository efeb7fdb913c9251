from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import operations
from projects.access import get_team_for_manager
from projects.forms.numbers import MetricForm
from projects.models import Metric


@require_http_methods(["GET", "HEAD", "POST"])
def metric_new(request: HttpRequest, team: str) -> HttpResponse:
    """A new number that the team watches."""
    access = get_team_for_manager(request, team)
    metric = Metric(team=access.team)
    form = MetricForm(request.POST if request.method == "POST" else None, instance=metric)
    if form.is_bound and form.is_valid():
        try:
            operations.save_metric(form.save(commit=False), by=access.user)
        except operations.MetricNameTaken:
            form.refuse_name()
        else:
            messages.success(request, _("Saved: %(metric)s") % {"metric": metric})
            return redirect("projects:metric_list", access.team.slug)
    context = {"access": access, "section": "metrics", "form": form, "metric": metric}
    status = 422 if form.is_bound else 200
    return render(request, "projects/metric_edit.html", context, status=status)

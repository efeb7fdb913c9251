from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access as allowed
from projects import operations
from projects.forms.numbers import MetricForm
from projects.models import Metric


@require_http_methods(["GET", "HEAD", "POST"])
def metric_edit(request: HttpRequest, team: str, metric: int) -> HttpResponse:
    """Change what a metric is called, its unit, and where it should go."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    metrics = Metric.objects.filter(team=access.team).of_the_team()
    found = get_object_or_404(metrics, pk=metric)
    allowed.require_manager(access)
    form = MetricForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        operations.save_metric(form.save(commit=False), by=access.user)
        messages.success(request, _("Saved: %(metric)s") % {"metric": found})
        return redirect("projects:metric_list", access.team.slug)
    context = {"access": access, "section": "metrics", "form": form, "metric": found}
    status = 422 if form.is_bound else 200
    return render(request, "projects/metric_edit.html", context, status=status)

"""The other names of a metric, and metrics that turn out to be one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import Access, get_metric_for_manager
from projects.models import Metric, MetricAlias, MetricMerge
from projects.operations import metric_merge, metric_names


@require_POST
def metric_alias_add(request: HttpRequest, team: str, metric_id: int) -> HttpResponse:
    """The metric goes by another name, too."""
    access, metric = get_metric_for_manager(request, team, metric_id)
    name = request.POST.get("name", "").replace("\0", "").strip()
    try:
        metric_names.add(metric, name, by=access.user)
    except metric_names.MetricNameTaken:
        messages.error(request, _("Another metric goes by “%(name)s”.") % {"name": name[:120]})
    except metric_names.MetricNameEmpty:
        messages.error(request, _("A name needs a letter or a figure."))
    return _back(access, metric)


@require_POST
def metric_alias_remove(
    request: HttpRequest, team: str, metric_id: int, metric_alias_id: int
) -> HttpResponse:
    """The metric no longer goes by that name."""
    access, metric = get_metric_for_manager(request, team, metric_id)
    alias = get_object_or_404(MetricAlias, metric=metric, pk=metric_alias_id)
    metric_names.remove(alias, by=access.user)
    return _back(access, metric)


@require_POST
def metric_merge_with(request: HttpRequest, team: str, metric_id: int) -> HttpResponse:
    """Take another metric into this one."""
    access, metric = get_metric_for_manager(request, team, metric_id)
    asked = request.POST.get("other", "")
    others = [other for other in metric_merge.candidates(metric) if str(other.pk) == asked]
    if not others:
        messages.error(request, _("Choose the metric that is this one, too."))
        return _back(access, metric)
    try:
        done = metric_merge.merge(metric, others[0], by=access.user)
    except metric_merge.NotOneMetric as refused:
        messages.error(request, _refusal(access, others[0], refused))
    else:
        messages.success(request, _("Merged: %(name)s") % {"name": done})
    return _back(access, metric)


def _refusal(access: Access, other: Metric, refused: metric_merge.NotOneMetric) -> str:
    if not refused.weeks:
        return _("“%(name)s” is another metric: an objective measures both.") % {"name": other}
    week = access.team.week_label(refused.weeks[0])
    return _("“%(name)s” is another metric: both have a value in %(week)s.") % {
        "name": other,
        "week": week,
    }


@require_POST
def metric_merge_undo(
    request: HttpRequest, team: str, metric_id: int, metric_merge_id: int
) -> HttpResponse:
    """Take two metrics apart again."""
    access, metric = get_metric_for_manager(request, team, metric_id)
    done = get_object_or_404(MetricMerge, kept=metric, pk=metric_merge_id)
    try:
        restored = metric_merge.undo(done, by=access.user)
    except metric_merge.MetricUndoRefused:
        words = _("Not undone: “%(subject)s” names another metric by now.")
        messages.error(request, words % {"subject": done.name})
    else:
        messages.success(request, _("Split again: %(name)s") % {"name": restored})
    return _back(access, metric)


def _back(access: Access, metric: Metric) -> HttpResponse:
    return redirect("projects:metric_edit", access.team.slug, metric.pk)

"""The numbers of a week, and the metrics that they are readings of."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import return_address
from projects.access import (
    get_metric_for_manager,
    get_team_for_manager,
    get_team_for_user,
)
from projects.conflicts import EditConflict
from projects.forms.guarded import NOT_SAVED
from projects.forms.numbers import MetricForm, numbers_form, typed_for_gone
from projects.models import Metric, Team
from projects.operations import metric_merge, metrics
from projects.operations.metric_names import MetricNameTaken
from projects.teams.week_addresses import named_week
from projects.weeks import WEEK


@require_http_methods(["GET", "HEAD", "POST"])
def metric_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's metrics with their readings of a week (``?week=``), in one form.

    Metrics that only pages of history read are left out, unless ``?history`` asks for them.
    Viewers read them; managers and leads enter them, last week's beside.
    """
    access = get_team_for_user(request, team)
    week = _week_asked(request, access.team)
    data = request.POST if request.method == "POST" else None
    if data is not None and not access.may_report:
        raise PermissionDenied
    form = numbers_form(access.team, week, data, is_whole="history" in request.GET)
    label = access.team.week_label(week)
    if data is not None and form.is_valid():
        try:
            is_changed = metrics.record_numbers(
                access.team, week, form.numbers(), by=access.user, opened=form.opened
            )
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            if gone := typed_for_gone(Metric.objects.filter(team=access.team), data):
                messages.warning(request, NOT_SAVED % {"typed": " · ".join(gone)})
            if is_changed:
                messages.success(request, _("The numbers of %(week)s are saved.") % {"week": label})
            address = reverse("projects:metric_list", args=(access.team.slug,))
            return redirect(return_address.requested_page(request, f"{address}?week={label}"))
    context = {
        "access": access,
        "section": "metrics",
        "form": form,
        "is_whole": "history" in request.GET,
        "has_more": _count(access.team) > len(form.readings),
        **_weeks_beside(access.team, week),
        "has_errors": data is not None,
        "back": return_address.requested_page(request, ""),
    }
    status = 200 if data is None else 422
    return render(request, "projects/metric_list.html", context, status=status)


def _week_asked(request: HttpRequest, team: Team) -> date:
    """That of ``?week=``, else the present one; none to come."""
    label = request.GET.get("week")
    week = named_week(team, label) if label else team.this_week()
    if week > team.this_week():
        raise Http404
    return week


def _weeks_beside(team: Team, week: date) -> dict[str, str | None]:
    """The labels of the week, of the one before, and of the next unless it lies in the future."""
    return {
        "label": team.week_label(week),
        "previous": team.week_label(week - WEEK),
        "next": team.week_label(week + WEEK) if week < team.this_week() else None,
    }


def _count(team: Team) -> int:
    return Metric.objects.filter(team=team).of_the_team().count()


@require_http_methods(["GET", "HEAD", "POST"])
def metric_new(request: HttpRequest, team: str) -> HttpResponse:
    """A new number that the team watches."""
    access = get_team_for_manager(request, team)
    metric = Metric(team=access.team)
    form = MetricForm(request.POST if request.method == "POST" else None, instance=metric)
    if form.is_bound and form.is_valid():
        try:
            metrics.save_metric(form.save(commit=False), by=access.user)
        except MetricNameTaken:
            form.refuse_name()
        else:
            messages.success(request, _("Saved: %(metric)s") % {"metric": metric})
            return redirect("projects:metric_list", access.team.slug)
    context = {"access": access, "section": "metrics", "form": form, "metric": metric}
    status = 422 if form.is_bound else 200
    return render(request, "projects/metric_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def metric_edit(request: HttpRequest, team: str, metric_id: int) -> HttpResponse:
    """Change what a metric is called, its unit, and where it should go."""
    access, metric = get_metric_for_manager(request, team, metric_id)
    form = MetricForm(request.POST if request.method == "POST" else None, instance=metric)
    if form.is_bound and form.is_valid():
        try:
            metrics.save_metric(form.save(commit=False), by=access.user, opened=form.opened)
        except MetricNameTaken:
            form.refuse_name()
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, _("Saved: %(metric)s") % {"metric": metric})
            return redirect("projects:metric_list", access.team.slug)
    context = {
        "access": access,
        "section": "metrics",
        "form": form,
        "metric": metric,
        "aliases": metric.aliases.all(),
        "candidates": metric_merge.candidates(metric),
        "merges": metric.merges.select_related("by"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/metric_edit.html", context, status=status)

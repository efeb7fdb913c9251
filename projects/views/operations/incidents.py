"""Production incidents: the list, recording one, its review."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from okrtracker import htmx, return_address
from projects.access import (
    Access,
    get_incident_for_reporter,
    get_team_for_reporter,
    get_team_for_user,
)
from projects.conflicts import EditConflict
from projects.forms.incidents import IncidentForm, IncidentReviewForm
from projects.models import Incident
from projects.operations import incidents

_LONGEST_LINE: Final = 2_000


@require_safe
def incident_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's incidents, the latest week first, and which of them wait for their review."""
    access = get_team_for_user(request, team)
    page = incidents.page_of(access.team, request.GET.get("page"))
    context = {
        "access": access,
        "section": "incidents",
        "page": page,
        "weeks": incidents.grouped_by_week(access.team, page),
    }
    return render(request, "projects/incident_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def incident_new(request: HttpRequest, team: str) -> HttpResponse:
    """A new incident; it stands on the page of the week in which it occurred.

    A line that was pasted (``?line=``) fills the form.
    """
    access = get_team_for_reporter(request, team)
    incident = Incident(team=access.team)
    with timezone.override(access.team.zone):
        data = request.POST if request.method == "POST" else None
        line = request.GET.get("line", "")[:_LONGEST_LINE]
        form = IncidentForm(data, instance=incident, line=incidents.read(access.team, line))
        if form.is_bound and form.is_valid():
            incidents.record_incident(form.save(commit=False), by=access.user)
            messages.success(request, _("Saved: %(incident)s") % {"incident": incident.description})
            return redirect(return_address.requested_page(request, _list_address(access)))
        context = {"access": access, "section": "incidents", "form": form, "incident": None}
        context["line"] = line
        context["cancel"] = return_address.requested_page(request, _list_address(access))
        status = 422 if form.is_bound else 200
        return render(request, "projects/incident_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def incident_edit(request: HttpRequest, team: str, incident_id: int) -> HttpResponse:
    """Change an incident. One of an imported page stays as that page has it."""
    access, incident = get_incident_for_reporter(request, team, incident_id)
    with timezone.override(access.team.zone):
        data = request.POST if request.method == "POST" else None
        form = IncidentForm(data, instance=incident)
        if form.is_bound and form.is_valid():
            try:
                incidents.record_incident(
                    form.save(commit=False), by=access.user, opened=form.opened
                )
            except EditConflict as conflict:
                form.show_both(conflict)
            else:
                messages.success(
                    request, _("Saved: %(incident)s") % {"incident": incident.description}
                )
                return redirect(return_address.requested_page(request, _list_address(access)))
        context = {"access": access, "section": "incidents", "form": form, "incident": incident_id}
        context["cancel"] = return_address.requested_page(request, _list_address(access))
        status = 422 if form.is_bound else 200
        return render(request, "projects/incident_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def incident_review(request: HttpRequest, team: str, incident_id: int) -> HttpResponse:
    """Why an incident happened and what was done: a page, or for htmx what stands beside it.

    ``?closed`` gives back the line that opens the form.
    """
    access, incident = get_incident_for_reporter(request, team, incident_id)
    context = {
        "access": access,
        "section": "incidents",
        "incident": incident,
        "next": return_address.previous_page(request, _list_address(access)),
        "row": return_address.row_of(request),
        "form": None,
    }
    with timezone.override(access.team.zone):
        if request.method == "POST":
            form = IncidentReviewForm(request.POST, incident=incident)
            if form.is_valid():
                try:
                    incidents.review_incident(
                        incident, **form.cleaned_data, by=access.user, opened=form.opened
                    )
                except EditConflict as conflict:
                    form.show_both(conflict)
                else:
                    return _reviewed(request, access, context)
            return _render(request, context | {"form": form}, status=422)
        if "closed" not in request.GET:
            context["form"] = IncidentReviewForm(incident=incident)
        return _render(request, context)


def _reviewed(request: HttpRequest, access: Access, context: dict[str, object]) -> HttpResponse:
    if htmx.wants_partial(request):
        return htmx.trigger(_render(request, context), "facts-changed")
    messages.success(request, _("The review is saved."))
    return return_address.redirect_back(request, _list_address(access))


def _list_address(access: Access) -> str:
    return reverse("projects:incident_list", args=(access.team.slug,))


def _render(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = "projects/incident_review.html"
    return htmx.render(request, template, "incident_review", context, status=status)

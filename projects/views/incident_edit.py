from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import return_address
from projects import operations
from projects.access import get_incident_for_reporter
from projects.conflicts import EditConflict
from projects.forms.incidents import IncidentForm


@require_http_methods(["GET", "HEAD", "POST"])
def incident_edit(request: HttpRequest, team: str, incident_id: int) -> HttpResponse:
    """Change what is told of an incident. One of an imported page stays as that page tells it."""
    access, incident = get_incident_for_reporter(request, team, incident_id)
    incident_list = reverse("projects:incident_list", args=(access.team.slug,))
    with timezone.override(access.team.zone):
        data = request.POST if request.method == "POST" else None
        form = IncidentForm(data, instance=incident)
        if form.is_bound and form.is_valid():
            try:
                operations.record_incident(
                    form.save(commit=False), by=access.user, opened=form.opened
                )
            except EditConflict as conflict:
                form.show_both(conflict)
            else:
                messages.success(
                    request, _("Saved: %(incident)s") % {"incident": incident.description}
                )
                return redirect(return_address.requested_page(request, incident_list))
        context = {"access": access, "section": "incidents", "form": form, "incident": incident_id}
        context["cancel"] = return_address.requested_page(request, incident_list)
        status = 422 if form.is_bound else 200
        return render(request, "projects/incident_edit.html", context, status=status)

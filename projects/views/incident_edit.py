from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import returning
from projects import access as allowed
from projects import operations
from projects.forms.incidents import IncidentForm
from projects.models import Incident


@require_http_methods(["GET", "HEAD", "POST"])
def incident_edit(request: HttpRequest, team: str, incident: int) -> HttpResponse:
    """Change what is told of an incident. One of an imported page stays as that page tells it."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    incidents = Incident.objects.filter(team=access.team, text="").select_related("team")
    found = get_object_or_404(incidents, pk=incident)
    allowed.require_may_report(access)
    incident_list = reverse("projects:incident_list", args=(access.team.slug,))
    with timezone.override(access.team.zone):
        data = request.POST if request.method == "POST" else None
        form = IncidentForm(data, instance=found)
        if form.is_bound and form.is_valid():
            operations.record_incident(form.save(commit=False), by=access.user)
            messages.success(request, _("Saved: %(incident)s") % {"incident": found.description})
            return redirect(returning.asked_for(request, incident_list))
        context = {"access": access, "section": "incidents", "form": form, "incident": incident}
        context["cancel"] = returning.asked_for(request, incident_list)
        status = 422 if form.is_bound else 200
        return render(request, "projects/incident_edit.html", context, status=status)

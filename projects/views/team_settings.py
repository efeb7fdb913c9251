from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_team_for_manager
from projects.conflicts import EditConflict
from projects.forms.team import TeamSettingsForm
from projects.teams import setup


@require_http_methods(["GET", "HEAD", "POST"])
def team_settings(request: HttpRequest, team: str) -> HttpResponse:
    """Name, language, time zone, week numbering and the schedule of the week."""
    access = get_team_for_manager(request, team)
    form = TeamSettingsForm(access.team, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            setup.change_team(access.team, form.settings(), by=access.user, opened=form.opened)
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, _("Settings saved."))
            return redirect("projects:team_settings", access.team.slug)
    context = {"access": access, "section": "settings", "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/team_settings.html", context, status=status)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access
from projects.forms.team import NewTeamForm
from projects.models import Team, User
from projects.teams import setup


@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """A new team, of which whoever makes it becomes the manager."""
    user = access.signed_in(request)
    today = timezone.localdate()
    if request.method != "POST":
        initial = {"language": translation.get_language(), "time_zone": Team().time_zone}
        initial["week_numbering"] = Team().week_numbering
        return _render(request, NewTeamForm(today, initial=initial), 200)
    form = NewTeamForm(today, request.POST)
    if form.is_valid() and (team := _found(form, user)):
        messages.success(request, _("%(team)s is there; you are its manager.") % {"team": team})
        return redirect("projects:team_setup", team.slug)
    return _render(request, form, 422)


def _found(form: NewTeamForm, user: User) -> Team | None:
    try:
        return setup.found_team(form.cleaned_data["slug"], form.settings(), by=user)
    except setup.SlugTaken:
        form.refuse_slug()
        return None


def _render(request: HttpRequest, form: NewTeamForm, status: int) -> HttpResponse:
    return render(request, "projects/team_new.html", {"form": form}, status=status)

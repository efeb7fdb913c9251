"""One's teams; founding and changing one."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.access import (
    get_team_for_manager,
    get_team_for_user,
    may_found_team,
    signed_in,
    teams_for_user,
)
from projects.conflicts import EditConflict
from projects.forms.team import NewTeamForm, TeamSettingsForm
from projects.models import Role, Team, User
from projects.teams import rescheduling, setup
from projects.text.pinyin import sort_key

_FIRST_PAGE: Final = {
    Role.MANAGER: "reports:dashboard",
    Role.LEAD: "projects:checkin",
    Role.VIEWER: "reports:latest_page",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The team's page for one's role; with several teams (or ``?choose``) the choice of one."""
    teams = sorted(teams_for_user(signed_in(request)), key=lambda team: sort_key(team.name))
    if len(teams) == 1 and "choose" not in request.GET:
        access = get_team_for_user(request, teams[0].slug)
        return redirect(_FIRST_PAGE[access.role], access.team.slug)
    may_found = may_found_team(signed_in(request))
    return render(request, "projects/home.html", {"teams": teams, "may_found": may_found})


@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """A new team, of which whoever makes it becomes the manager."""
    user = signed_in(request)
    if not may_found_team(user):
        raise PermissionDenied
    today = timezone.localdate()
    if request.method != "POST":
        initial = {"language": translation.get_language(), "time_zone": Team().time_zone}
        initial["week_numbering"] = Team().week_numbering
        return _render_new(request, NewTeamForm(today, initial=initial), 200)
    form = NewTeamForm(today, request.POST)
    if form.is_valid() and (team := _founded(form, user)):
        messages.success(request, _("%(team)s is there; you are its manager.") % {"team": team})
        return redirect("projects:team_setup", team.slug)
    return _render_new(request, form, 422)


def _founded(form: NewTeamForm, user: User) -> Team | None:
    try:
        return setup.found_team(form.cleaned_data["slug"], form.settings(), by=user)
    except setup.SlugTaken:
        form.refuse_slug()
        return None


def _render_new(request: HttpRequest, form: NewTeamForm, status: int) -> HttpResponse:
    return render(request, "projects/team_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def team_settings(request: HttpRequest, team: str) -> HttpResponse:
    """Name, language, time zone, week numbering and the schedule of the week.

    With ``?setup`` it leads back to the list of the set-up.
    """
    access = get_team_for_manager(request, team)
    form = TeamSettingsForm(access.team, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            with rescheduling.confirmed(access.team, form.answer):
                setup.change_team(access.team, form.settings(), by=access.user, opened=form.opened)
        except rescheduling.Unconfirmed as question:
            form.ask(question)
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, _("Settings saved."))
            onward = "projects:team_setup" if "setup" in request.GET else "projects:team_settings"
            return redirect(onward, access.team.slug)
    context = {"access": access, "section": "settings", "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/team_settings.html", context, status=status)

"""The first week of a team: what it still needs, who leads what was imported, who joins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from okrtracker import broker
from projects import tasks
from projects.access import Access, get_team_for_manager
from projects.forms.setup import NamesForm, SortingForm
from projects.portfolio import leads
from projects.teams import checklist, invitations, setup


@require_safe
def team_setup(request: HttpRequest, team: str) -> HttpResponse:
    """What the team still needs before its first week, and where to go on."""
    access = get_team_for_manager(request, team)
    steps = checklist.checklist_of(access.team, access.user)
    checklist.seen(access.team, access.user, steps)
    context = {
        "access": access,
        "section": "settings",
        "checklist": steps,
        "label": access.team.week_label(access.team.this_week()),
    }
    return render(request, "projects/team_setup.html", context)


@require_POST
def team_claim(request: HttpRequest, team: str) -> HttpResponse:
    """A superuser becomes a member of the team, and its manager."""
    access = get_team_for_manager(request, team)
    setup.claim_team(access.team, access.user)
    messages.success(request, _("You manage %(team)s.") % {"team": access.team})
    return redirect("projects:team_setup", access.team.slug)


@require_POST
def team_start(request: HttpRequest, team: str) -> HttpResponse:
    """The team starts with this week, unless it has a start."""
    access = get_team_for_manager(request, team)
    if access.team.starts_on is None:
        setup.change_start(access.team, access.team.today(), by=access.user)
    return redirect("projects:team_setup", access.team.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def setup_projects(request: HttpRequest, team: str) -> HttpResponse:
    """All projects in one table: who leads them, and which go on after the history."""
    access = get_team_for_manager(request, team)
    people = leads.people_of(access.team)
    data = request.POST if request.method == "POST" else None
    form = SortingForm(checklist.projects_to_sort(access.team), people, data)
    if data is not None and form.is_valid():
        sent = form.sent
        outcome = checklist.sort_projects(
            access.team,
            [row.wanted() for row in sent],
            ended=[row.project.pk for row in sent if row.is_ended],
            carried=[row.project.pk for row in sent if row.is_carried],
            by=access.user,
        )
        if not outcome.conflicts:
            messages.success(request, _("Saved"))
            return redirect("projects:team_setup", access.team.slug)
        again = SortingForm(checklist.projects_to_sort(access.team), people, data)
        form.show_both(outcome.conflicts)
        again.versions = form.versions
        form = again
    context = {
        "access": access,
        "section": "settings",
        "form": form,
        "people": people.offers(),
        "leadless": sum(not row["lead"].value() for row in form.going),
    }
    status = 422 if data is not None else 200
    return render(request, "projects/setup_projects.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def setup_names(request: HttpRequest, team: str) -> HttpResponse:
    """The names that lead projects: invited by mail, known as a member, or left as names."""
    access = get_team_for_manager(request, team)
    people = leads.people_of(access.team)
    data = request.POST if request.method == "POST" else None
    names, left = checklist.waiting_names(access.team), invitations.left_today(access.user)
    form = NamesForm(names, people, left, data)
    if data is not None and form.is_valid():
        _settle(request, access, form)
        return redirect("projects:team_setup", access.team.slug)
    context = {
        "access": access,
        "section": "settings",
        "form": form,
        "people": people.offers(),
    }
    status = 422 if data is not None else 200
    return render(request, "projects/setup_names.html", context, status=status)


def _settle(request: HttpRequest, access: Access, form: NamesForm) -> None:
    """Invite whom the form names, have the mails sent, and say how many."""
    invited = checklist.settle_names(access.team, form.guests, form.meant, by=access.user)
    if invited:
        broker.publish_on_commit(tasks.send_invitations, access.team.pk)
        notice = ngettext("%(n)s person is invited.", "%(n)s people are invited.", len(invited))
        messages.success(request, notice % {"n": len(invited)})
    elif form.meant:
        messages.success(request, _("Saved"))

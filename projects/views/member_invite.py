from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from okrtracker import broker
from projects import tasks
from projects.access import get_team_for_manager
from projects.forms.members import InviteForm
from projects.models import Role
from projects.teams import invitations
from projects.views.member_list import show_members


@require_POST
def member_invite(request: HttpRequest, team: str) -> HttpResponse:
    """Invite the people of a pasted list by mail, all in one role."""
    access = get_team_for_manager(request, team)
    form = InviteForm(access.team, invitations.left_today(access.user), request.POST)
    if not form.is_valid():
        form.put_cursor()
        return show_members(request, access, form=form)
    made = invitations.invite(
        access.team, form.guests, Role(form.cleaned_data["role"]), by=access.user
    )
    broker.publish_on_commit(tasks.send_invitations, access.team.pk)
    told = ngettext("%(n)s person is invited.", "%(n)s people are invited.", len(made))
    messages.success(request, told % {"n": len(made)})
    if already := len(form.guests) - len(made):
        told = ngettext(
            "%(n)s had an open invitation already and gets no second one.",
            "%(n)s had open invitations already and get no second one.",
            already,
        )
        messages.info(request, told % {"n": already})
    return redirect("projects:member_list", access.team.slug)

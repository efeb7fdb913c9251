from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import broker
from projects import tasks
from projects.access import get_team_for_manager
from projects.models import Invitation
from projects.teams import invitations
from projects.views.member_list import show_members


@require_POST
def invitation_resend(request: HttpRequest, team: str, invitation_id: int) -> HttpResponse:
    """Have the mail of an invitation sent again."""
    access = get_team_for_manager(request, team)
    invitation = get_object_or_404(Invitation, team=access.team, pk=invitation_id)
    try:
        is_due = invitations.resend(invitation, by=access.user)
    except invitations.Closed:
        return show_members(request, access, refusal=_("This invitation is no longer open."))
    if is_due:
        broker.publish_on_commit(tasks.send_invitations, access.team.pk)
        told = _("The mail to %(email)s goes out again.")
    else:
        told = _("A mail to %(email)s went out just now. Wait a moment before the next.")
    messages.success(request, told % {"email": invitation.email})
    return redirect("projects:member_list", access.team.slug)

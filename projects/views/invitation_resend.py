from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects import tasks
from projects.models import Invitation
from projects.teams import invitations
from projects.views.member_list import show_members


@require_POST
def invitation_resend(request: HttpRequest, team: str, invitation: int) -> HttpResponse:
    """Have the mail of an invitation sent again."""
    access = allowed.get_team_for_manager(allowed.signed_in(request), team)
    found = get_object_or_404(Invitation, team=access.team, pk=invitation)
    try:
        is_due = invitations.resend(found, by=access.user)
    except invitations.Closed:
        return show_members(request, access, refusal=_("This invitation is no longer open."))
    if is_due:
        tasks.hurry_invitations(access.team.pk)
        told = _("The mail to %(email)s goes out again.")
    else:
        told = _("A mail to %(email)s went out just now. Wait a moment before the next.")
    messages.success(request, told % {"email": found.email})
    return redirect("projects:member_list", access.team.slug)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.models import Invitation
from projects.teams import invitations
from projects.views.member_list import show_members


@require_POST
def invitation_withdraw(request: HttpRequest, team: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back: its link opens nothing any more."""
    access = get_team_for_manager(request, team)
    invitation = get_object_or_404(Invitation, team=access.team, pk=invitation_id)
    try:
        invitations.withdraw(invitation, by=access.user)
    except invitations.Closed:
        return show_members(request, access, refusal=_("This invitation is accepted already."))
    messages.success(
        request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email}
    )
    return redirect("projects:member_list", access.team.slug)

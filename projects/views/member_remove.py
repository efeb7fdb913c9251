from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.models import Membership
from projects.teams import members
from projects.views.member_list import show_members


@require_POST
def member_remove(request: HttpRequest, team: str, membership_id: int) -> HttpResponse:
    """Take a member out of the team."""
    access = get_team_for_manager(request, team)
    membership = get_object_or_404(
        Membership.objects.select_related("user"), team=access.team, pk=membership_id
    )
    try:
        members.remove_member(membership, by=access.user)
    except members.LastManager:
        return show_members(
            request,
            access,
            refusal=_("%(name)s is the only manager. Make somebody else a manager first.")
            % {"name": membership.user},
        )
    messages.success(
        request, _("%(name)s is no longer a member of the team.") % {"name": membership.user}
    )
    if membership.user == access.user and not access.user.is_superuser:
        return redirect("projects:home")  # the team's pages are closed to them now
    return redirect("projects:member_list", access.team.slug)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from projects.conflicts import EditConflict
from projects.forms.members import RoleForm
from projects.models import Membership, Role
from projects.teams import members
from projects.views.member_list import show_members


@require_POST
def member_role(request: HttpRequest, team: str, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    access = get_team_for_manager(request, team)
    membership = get_object_or_404(
        Membership.objects.select_related("user"), team=access.team, pk=membership_id
    )
    form = RoleForm(membership, request.POST)
    if not form.is_valid():
        return show_members(request, access, refusal=_("Choose one of the roles."))
    role = Role(form.cleaned_data["role"])
    try:
        members.change_role(membership, role, by=access.user, opened=form.opened)
    except EditConflict as conflict:
        form.show_both(conflict)
        return show_members(request, access, role_form=form)
    except members.LastManager:
        return show_members(
            request,
            access,
            refusal=_("%(name)s is the only manager. Make somebody else a manager first.")
            % {"name": membership.user},
        )
    messages.success(
        request, _("%(name)s: %(role)s") % {"name": membership.user, "role": role.label}
    )
    return redirect("projects:member_list", access.team.slug)

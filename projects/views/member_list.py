from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.access import Access, get_team_for_user
from projects.forms.members import InviteForm, RoleForm
from projects.teams import invitations, members
from projects.teams.invitations import State


@require_safe
def member_list(request: HttpRequest, team: str) -> HttpResponse:
    """Who belongs to the team; for its managers, who was invited and how to invite more."""
    return show_members(request, get_team_for_user(request, team))


def show_members(
    request: HttpRequest,
    access: Access,
    *,
    form: InviteForm | None = None,
    role_form: RoleForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The list; with an invitation that was wrong or what else was refused (422)."""
    context = {
        "access": access,
        "section": "members",
        "members": [
            (row, role_form if role_form and role_form.membership == row else RoleForm(row))
            for row in members.members_of(access.team)
        ],
        "refusal": refusal,
    }
    if access.is_manager:
        now = timezone.now()
        left = invitations.left_today(access.user, now)
        context |= {
            "form": form or InviteForm(access.team, left),
            "invitations": [
                (one, invitations.state_of(one, now) is State.EXPIRED)
                for one in invitations.waiting(access.team)
            ],
            "unaccounted": members.leads_without_account(access.team),
        }
    status = 422 if form or role_form or refusal else 200
    return render(request, "projects/member_list.html", context, status=status)

"""Who belongs to a team, in which role, and how others are asked to join.

The roles are one form with one button to save them; the buttons of a row save them first.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from okrtracker import broker
from okrtracker.accounts import brake
from projects import tasks
from projects.access import (
    Access,
    get_team_for_manager,
    get_team_for_reporter,
    get_team_for_user,
)
from projects.conflicts import EditConflict
from projects.forms.deputies import DeputyForm
from projects.forms.members import HandOverForm, InviteForm, RolesForm
from projects.models import Deputy, Invitation, Membership, Role
from projects.portfolio import lifecycle
from projects.teams import checklist, deputies, invitations, members
from projects.teams.invitations import InvitationState


@require_safe
def member_list(request: HttpRequest, team: str) -> HttpResponse:
    """Who belongs to the team; for its managers, who was invited and how to invite more."""
    return _page(request, get_team_for_user(request, team))


def _inviting(access: Access, form: InviteForm | None) -> dict[str, object]:
    now = timezone.now()
    left = invitations.left_today(access.user, now)
    return {
        "form": form or InviteForm(access.team, left),
        "invitations": [
            (invitation, invitations.state_of(invitation, now) is InvitationState.EXPIRED)
            for invitation in invitations.waiting(access.team)
        ],
        "unaccounted": [waiting.name for waiting in checklist.waiting_names(access.team)],
    }


def _page(
    request: HttpRequest,
    access: Access,
    *,
    form: InviteForm | None = None,
    roles: RolesForm | None = None,
    deputy_form: DeputyForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The list; with an invitation that was wrong or what else was refused (422)."""
    rows = members.members_of(access.team)
    for row in rows:
        row.team = access.team
    leading = members.who_can_lead(rows)
    roles_form = roles or RolesForm(access.team, rows)
    context = {
        "access": access,
        "section": "members",
        "roles": roles_form,
        "members": [
            (
                row,
                roles_form[roles_form.name_of(row.pk)],
                HandOverForm(row, leading) if row.led else None,  # type: ignore[attr-defined]
            )
            for row in rows
            if roles_form.name_of(row.pk) in roles_form.fields
        ],
        "refusal": refusal,
        "deputies": Deputy.objects.to_come(access.team),
    }
    if access.may_report:
        context["deputy_form"] = deputy_form or DeputyForm(access)
    if access.is_manager:
        context |= _inviting(access, form)
    status = 422 if form or roles or deputy_form or refusal else 200
    return render(request, "projects/member_list.html", context, status=status)


@require_POST
def member_invite(request: HttpRequest, team: str) -> HttpResponse:
    """Invite the people of a pasted list by mail, all in one role."""
    access = get_team_for_manager(request, team)
    form = InviteForm(access.team, invitations.left_today(access.user), request.POST)
    if not form.is_valid():
        form.put_cursor()
        return _page(request, access, form=form)
    invited = invitations.invite(
        access.team, form.guests, Role(form.cleaned_data["role"]), by=access.user
    )
    broker.publish_on_commit(tasks.send_invitations, access.team.pk)
    notice = ngettext("%(n)s person is invited.", "%(n)s people are invited.", len(invited))
    messages.success(request, notice % {"n": len(invited)})
    if already := len(form.guests) - len(invited):
        notice = ngettext(
            "%(n)s had an open invitation already and gets no second one.",
            "%(n)s had open invitations already and get no second one.",
            already,
        )
        messages.info(request, notice % {"n": already})
    return redirect("projects:member_list", access.team.slug)


@require_POST
def member_roles(request: HttpRequest, team: str) -> HttpResponse:
    """Give members other roles, all of the list at once."""
    access = get_team_for_manager(request, team)
    return _roles_refused(request, access) or redirect("projects:member_list", access.team.slug)


def _roles_refused(request: HttpRequest, access: Access) -> HttpResponse | None:
    """Save the roles that were sent; else the list, with what is wrong at its place (422)."""
    form = RolesForm(access.team, access.team.memberships.select_related("user"), request.POST)
    if not form.is_valid():
        return _page(request, access, refusal=_("Choose one of the roles."), roles=form)
    roles = {key: Role(role) for key, role in form.typed.items() if role}
    try:
        rows = members.change_roles(access.team, roles, by=access.user, opened=form.opened_rows)
    except EditConflict as conflict:
        form.show_both(conflict)
        return _page(request, access, roles=form)
    except members.LastManager as last:
        return _page(request, access, refusal=_last_manager(str(last)), roles=form)
    if not_saved := form.not_saved(rows.gone):
        messages.warning(request, not_saved)
    if rows.changed:
        messages.success(request, _("The roles are saved."))
    return None


def _last_manager(name: str) -> str:
    return _("%(name)s is the only manager. Make somebody else a manager first.") % {"name": name}


@require_POST
def member_hand_over(request: HttpRequest, team: str, membership_id: int) -> HttpResponse:
    """Give all open projects of a member to another one, with the questions on them."""
    access = get_team_for_manager(request, team)
    rows = members.members_of(access.team)
    membership = next((row for row in rows if row.pk == membership_id), None)
    if membership is None:
        raise Http404
    if (refused := _roles_refused(request, access)) is not None:
        return refused
    form = HandOverForm(membership, members.who_can_lead(rows), request.POST)
    if not form.is_valid():
        return _page(request, access, refusal=_("Choose who leads the projects from now on."))
    outcome = lifecycle.hand_projects_over(
        access.team, membership.user, form.chosen, by=access.user
    )
    count = len(outcome.changed)
    notice = ngettext(
        "%(name)s leads %(n)s project of %(before)s now.",
        "%(name)s leads %(n)s projects of %(before)s now.",
        count,
    )
    names = {
        "name": access.team.name_of(form.chosen),
        "before": access.team.name_of(membership.user),
    }
    messages.success(request, notice % {"n": count, **names})
    return redirect("projects:member_list", access.team.slug)


@require_POST
def member_remove(request: HttpRequest, team: str, membership_id: int) -> HttpResponse:
    """Take a member out of the team."""
    access = get_team_for_manager(request, team)
    membership = get_object_or_404(
        Membership.objects.select_related("user"), team=access.team, pk=membership_id
    )
    if (refused := _roles_refused(request, access)) is not None:
        return refused
    try:
        members.remove_member(membership, by=access.user)
    except members.LastManager:
        name = access.team.name_of(membership.user)
        return _page(request, access, refusal=_last_manager(name))
    messages.success(
        request,
        _("%(name)s is no longer a member of the team.")
        % {"name": access.team.name_of(membership.user)},
    )
    if membership.user == access.user and not access.user.is_superuser:
        return redirect("projects:home")  # the team's pages are closed to them now
    return redirect("projects:member_list", access.team.slug)


@require_POST
def deputy_name(request: HttpRequest, team: str) -> HttpResponse:
    """Name who stands in for oneself, or as a manager for anybody, on some days."""
    access = get_team_for_reporter(request, team)
    form = DeputyForm(access, request.POST)
    if not form.is_valid():
        return _page(request, access, deputy_form=form)
    try:
        deputy = deputies.name_deputy(*form.who, by=access.user)
    except deputies.CannotName as problem:
        form.refuse(problem)
        return _page(request, access, deputy_form=form)
    notice = _("%(deputy)s stands in for %(person)s.")
    names = {
        "deputy": access.team.name_of(deputy.deputy.user),
        "person": access.team.name_of(deputy.person.user),
    }
    messages.success(request, notice % names)
    return _to_deputies(access)


@require_POST
def deputy_end(request: HttpRequest, team: str, deputy_id: int) -> HttpResponse:
    """End it before its last day: the person who is away, or a manager."""
    access = get_team_for_user(request, team)
    rows = Deputy.objects.select_related("person")
    deputy = get_object_or_404(rows, team=access.team, pk=deputy_id)
    if not access.is_manager and deputy.person.user_id != access.user.pk:
        raise PermissionDenied
    deputies.end(deputy, by=access.user)
    return _to_deputies(access)


def _to_deputies(access: Access) -> HttpResponse:
    return redirect(reverse("projects:member_list", args=(access.team.slug,)) + "#deputies")


@require_POST
def invitation_resend(request: HttpRequest, team: str, invitation_id: int) -> HttpResponse:
    """Have the mail of an invitation sent again."""
    access = get_team_for_manager(request, team)
    invitation = get_object_or_404(Invitation, team=access.team, pk=invitation_id)
    brake.count(request, ("invitation_again", str(invitation.pk)))
    try:
        is_due = invitations.resend(invitation, by=access.user)
    except invitations.Closed:
        return _page(request, access, refusal=_("This invitation is no longer open."))
    if is_due:
        broker.publish_on_commit(tasks.send_invitations, access.team.pk)
        notice = _("The mail to %(email)s goes out again.")
    else:
        notice = _("A mail to %(email)s went out just now. Wait a moment before the next.")
    messages.success(request, notice % {"email": invitation.email})
    return redirect("projects:member_list", access.team.slug)


@require_POST
def invitation_withdraw(request: HttpRequest, team: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back: its link opens nothing any more."""
    access = get_team_for_manager(request, team)
    invitation = get_object_or_404(Invitation, team=access.team, pk=invitation_id)
    try:
        invitations.withdraw(invitation, by=access.user)
    except invitations.Closed:
        return _page(request, access, refusal=_("This invitation is accepted already."))
    messages.success(
        request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email}
    )
    return redirect("projects:member_list", access.team.slug)

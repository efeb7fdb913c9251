"""What somebody sees who follows the link of an invitation."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from okrtracker.accounts import brake
from projects.forms.members import JoinForm
from projects.models import Invitation, Role, User
from projects.teams import invitations
from projects.teams.invitations import InvitationState

_UNKNOWN = "unknown"
_REASONS = {
    _UNKNOWN,
    InvitationState.ACCEPTED.value,
    InvitationState.WITHDRAWN.value,
    InvitationState.EXPIRED.value,
}


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: to join the team, or why that is not possible."""
    return _page(request, token, invitations.find(token))


def _page(
    request: HttpRequest, token: str, invitation: Invitation | None, form: JoinForm | None = None
) -> HttpResponse:
    """The invitation in the team's language, unless the reader chose one.

    One that is not open, or that nobody ever wrote, is told at an address without the token: what
    is refused is logged with its address, and an expired token may be made to hold again.
    """
    state = invitations.state_of(invitation) if invitation else _UNKNOWN
    if invitation is None or state is not InvitationState.OPEN:
        return redirect("projects:invitation_closed", str(state))
    is_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(
        translation.get_language() if is_chosen else invitation.team.language
    ):
        context = {
            "invitation": invitation,
            "role": Role(invitation.role).label,
            "token": token,
            "form": form or JoinForm(invitation),
        }
        status = 422 if form else 200
        return render(request, "projects/invitation.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_POST
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Join: with one click who is signed in, with a new account who is not.

    The token comes in the body, not in the address: refused forms are logged with their address.
    """
    token = request.POST.get("token", "")
    brake.count(request, ("invitation", brake.address_of(request)))
    invitation = invitations.find(token)
    if invitation is None:
        return _page(request, token, None)
    if isinstance(request.user, User):
        return _join(request, invitation, request.user, token)
    if invitation.accepted_by is not None:
        return _sent_twice(request, invitation, token)
    form = JoinForm(invitation, request.POST)
    if not form.is_valid():
        return _page(request, token, invitation, form)
    user = form.save(commit=False)
    try:
        return _join(request, invitation, user, token)
    except IntegrityError:  # somebody took the user name at this very moment
        form.refuse_username()
        return _page(request, token, invitation, form)


def _join(request: HttpRequest, invitation: Invitation, user: User, token: str) -> HttpResponse:
    try:
        invitations.accept(invitation, user)
    except invitations.Closed:
        return _page(request, token, invitations.find(token))
    page = reverse("reports:dashboard", args=(invitation.team.slug,))
    response = redirect(page)
    if request.user != user:
        response = perform_login(request, Login(user=user, redirect_url=page))
    messages.success(request, _("Welcome to %(team)s.") % {"team": invitation.team})
    return response


def _sent_twice(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """A second click on "join" made the account it asks for a moment ago: it just signs in."""
    name, password = request.POST.get("username", ""), request.POST.get("password1", "")
    credentials = {"username": name, "password": password}
    user = get_adapter().authenticate(request, **credentials)
    if user is not None and user == invitation.accepted_by:
        page = reverse("reports:dashboard", args=(invitation.team.slug,))
        login = Login(user=user, redirect_url=page)
        response: HttpResponse = perform_password_login(request, credentials, login)
        return response
    return _page(request, token, invitation)


@login_not_required
@require_safe
def invitation_closed(request: HttpRequest, reason: str) -> HttpResponse:
    """Why an invitation opens nothing (410); it says nothing about whose it was."""
    if reason not in _REASONS:
        raise Http404
    return render(request, "projects/invitation_closed.html", {"reason": reason}, status=410)

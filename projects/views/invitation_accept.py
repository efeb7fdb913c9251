from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from projects.forms.members import JoinForm
from projects.models import Invitation, User
from projects.teams import invitations
from projects.views.invitation import show_invitation

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_POST
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Join: with one click who is signed in, with a new account who is not.

    The token comes in the body, not in the address: refused forms are logged with their address.
    """
    token = request.POST.get("token", "")
    found = invitations.find(token)
    if found is None:
        return show_invitation(request, token, None)
    if isinstance(request.user, User):
        return _join(request, found, request.user, token)
    if found.accepted_by is not None:
        return _sent_twice(request, found, token)
    form = JoinForm(found, request.POST)
    if not form.is_valid():
        return show_invitation(request, token, found, form)
    user = form.save(commit=False)
    try:
        return _join(request, found, user, token)
    except IntegrityError:  # somebody took the user name at this very moment
        form.refuse_username()
        return show_invitation(request, token, found, form)


def _join(request: HttpRequest, found: Invitation, user: User, token: str) -> HttpResponse:
    try:
        invitations.accept(found, user)
    except invitations.Closed:
        return show_invitation(request, token, invitations.find(token))
    if request.user != user:
        login(request, user, backend=_BACKEND)
    messages.success(request, _("Welcome to %(team)s.") % {"team": found.team})
    return redirect("reports:dashboard", found.team.slug)


def _sent_twice(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """A second click on "join" made the account it asks for a moment ago: it just signs in."""
    name, password = request.POST.get("username", ""), request.POST.get("password1", "")
    user = authenticate(request, username=name, password=password)
    if user is not None and user == found.accepted_by:
        login(request, user)
        return redirect("reports:dashboard", found.team.slug)
    return show_invitation(request, token, found)

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projects.forms.members import JoinForm
from projects.models import Invitation, Role
from projects.teams import invitations
from projects.teams.invitations import State
from projects.views.invitation_closed import UNKNOWN


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: to join the team, or why that is not possible."""
    return show_invitation(request, token, invitations.find(token))


def show_invitation(
    request: HttpRequest, token: str, found: Invitation | None, form: JoinForm | None = None
) -> HttpResponse:
    """The invitation in the team's language, unless the reader chose one.

    One that is not open, or that nobody ever wrote, is told at an address without the token: what
    is refused is logged with its address, and an expired token may be made to hold again.
    """
    state = invitations.state_of(found) if found else UNKNOWN
    if found is None or state is not State.OPEN:
        return redirect("projects:invitation_closed", str(state))
    is_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(translation.get_language() if is_chosen else found.team.language):
        context = {
            "invitation": found,
            "role": Role(found.role).label,
            "token": token,
            "form": form or JoinForm(found),
        }
        status = 422 if form else 200
        return render(request, "projects/invitation.html", context, status=status)

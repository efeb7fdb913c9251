from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.teams.invitations import State

UNKNOWN = "unknown"
_REASONS = {UNKNOWN, State.ACCEPTED.value, State.WITHDRAWN.value, State.EXPIRED.value}


@login_not_required
@require_safe
def invitation_closed(request: HttpRequest, reason: str) -> HttpResponse:
    """Why an invitation opens nothing (410); it says nothing about whose it was."""
    if reason not in _REASONS:
        raise Http404
    return render(request, "projects/invitation_closed.html", {"reason": reason}, status=410)

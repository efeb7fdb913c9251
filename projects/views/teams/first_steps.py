"""Putting one's own first steps away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from okrtracker.return_address import redirect_back
from projects.access import get_team_for_user
from projects.teams import first_steps


@require_POST
def first_steps_dismiss(request: HttpRequest, team: str) -> HttpResponse:
    """Show oneself no first steps in this team any more, and go on where the form stood."""
    access = get_team_for_user(request, team)
    if access.membership is not None:
        first_steps.dismiss(access.membership, by=access.user)
    return redirect_back(request, reverse("projects:home"))

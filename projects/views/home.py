from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from projects import access


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My team's dashboard; with several teams (or when asked to, ``?choose``) the choice."""
    teams = list(access.teams_for_user(access.signed_in(request)))
    if len(teams) == 1 and "choose" not in request.GET:
        return redirect("reports:dashboard", teams[0].slug)
    return render(request, "projects/home.html", {"teams": teams})

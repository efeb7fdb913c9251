from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_team_for_user
from projects.models import Membership
from reports.digest import recipients


@require_http_methods(["GET", "HEAD", "POST"])
def digest_choice(request: HttpRequest, team: str) -> HttpResponse:
    """A member's own choice: the weekly digest by mail, or not, and where it goes."""
    access = get_team_for_user(request, team)
    # An administrator opens teams without being a member of them.
    mine = Membership.objects.filter(team=access.team, user=access.user).first()
    if request.method == "POST" and mine is not None:
        wanted = request.POST.get("gets_digest") == "on"
        recipients.choose(mine, gets_digest=wanted, by=access.user)
        said = _("You get the weekly digest by mail.") if wanted else _("You get no weekly digest.")
        messages.success(request, said)
        return redirect("reports:digest_choice", access.team.slug)
    context = {"access": access, "section": "digest_choice", "membership": mine}
    return render(request, "reports/digest_choice.html", context)

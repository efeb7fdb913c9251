from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects import access as allowed
from reports.channels import setup
from reports.models import Channel


@require_POST
def channel_switch(request: HttpRequest, team: str, channel: int) -> HttpResponse:
    """Switch a channel on (``to=on``) or off (anything else)."""
    access = allowed.get_team_for_manager(allowed.signed_in(request), team)
    found = get_object_or_404(Channel, team=access.team, pk=channel)
    setup.switch(found, is_active=request.POST.get("to") == "on", by=access.user)
    return redirect("reports:channel_list", access.team.slug)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from reports.channels import setup
from reports.models import Channel


@require_POST
def channel_switch(request: HttpRequest, team: str, channel_id: int) -> HttpResponse:
    """Switch a channel on (``to=on``) or off (anything else)."""
    access = get_team_for_manager(request, team)
    channel = get_object_or_404(Channel, team=access.team, pk=channel_id)
    setup.switch(channel, is_active=request.POST.get("to") == "on", by=access.user)
    return redirect("reports:channel_list", access.team.slug)

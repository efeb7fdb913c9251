from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from reports.channels import setup
from reports.models import Channel


@require_POST
def channel_remove(request: HttpRequest, team: str, channel_id: int) -> HttpResponse:
    """Forget a channel with its address and its secret; the ledger keeps what was posted."""
    access = get_team_for_manager(request, team)
    channel = get_object_or_404(Channel, team=access.team, pk=channel_id)
    setup.remove(channel, by=access.user)
    return redirect("reports:channel_list", access.team.slug)

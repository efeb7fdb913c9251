from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from projects import access as allowed
from reports.channels import setup
from reports.models import Channel


@require_POST
def channel_remove(request: HttpRequest, team: str, channel: int) -> HttpResponse:
    """Forget a channel with its address and its secret; the ledger keeps what was posted."""
    access = allowed.get_team_for_manager(allowed.signed_in(request), team)
    found = get_object_or_404(Channel, team=access.team, pk=channel)
    setup.remove(found, by=access.user)
    return redirect("reports:channel_list", access.team.slug)

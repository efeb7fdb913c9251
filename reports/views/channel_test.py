from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from reports import channels
from reports.channels import setup
from reports.models import Channel
from reports.views.channel_list import show_channels


@require_POST
def channel_test(request: HttpRequest, team: str, channel_id: int) -> HttpResponse:
    """Post a test message now, and say what was answered at the channel's row."""
    access = get_team_for_manager(request, team)
    channel = get_object_or_404(Channel, team=access.team, pk=channel_id)
    channel.team = access.team
    try:
        outcome = setup.send_test(channel, by=access.user)
    except setup.TooSoon:
        outcome = _("A test message was sent a moment ago: wait ten seconds.")
    except (channels.Rejected, channels.Unreachable) as failure:
        outcome = str(failure)
    else:
        return show_channels(request, access, tested=channel, outcome=outcome)
    return show_channels(request, access, tested=channel, outcome=outcome, is_bad=True)

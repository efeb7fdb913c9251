from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from projects.access import get_team_for_manager
from projects.conflicts import EditConflict
from reports.channels import setup
from reports.forms.channels import ChannelForm
from reports.models import Channel


@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def channel_edit(request: HttpRequest, team: str, channel_id: int) -> HttpResponse:
    """One of the team's channels. Its address and its secret can be replaced, and not be read."""
    access = get_team_for_manager(request, team)
    channel = get_object_or_404(Channel, team=access.team, pk=channel_id)
    form = ChannelForm(channel, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            setup.change(channel, form.wanted(), by=access.user, opened=form.opened)
        except setup.NameTaken:
            form.refuse_name()
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, _("Saved. Send a test message to see whether it arrives."))
            return redirect("reports:channel_list", access.team.slug)
    context = {"access": access, "section": "settings", "form": form, "channel": channel}
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/channel_edit.html", context, status=status)

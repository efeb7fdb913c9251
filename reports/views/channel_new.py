from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from projects.access import get_team_for_manager
from reports.channels import setup
from reports.forms.channels import ChannelForm


@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def channel_new(request: HttpRequest, team: str) -> HttpResponse:
    """A new channel of the team."""
    access = get_team_for_manager(request, team)
    form = ChannelForm(data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            setup.add(access.team, kind, form.wanted(), by=access.user)
        except setup.NameTaken:
            form.refuse_name()
        else:
            messages.success(request, _("Saved. Send a test message to see whether it arrives."))
            return redirect("reports:channel_list", access.team.slug)
    context = {"access": access, "section": "settings", "form": form, "channel": None}
    status = 422 if form.is_bound else 200
    return render(request, "reports/channel_edit.html", context, status=status)

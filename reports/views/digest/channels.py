"""The screens of a team's group chats and webhooks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.access import Access, get_team_for_manager
from projects.conflicts import EditConflict
from reports import channels
from reports.channels import setup
from reports.forms.channels import ChannelForm
from reports.models import Channel


@require_safe
def channel_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's group chats and webhooks: where they are, what goes there, what ails them."""
    access = get_team_for_manager(request, team)
    return _show(request, access)


def _show(
    request: HttpRequest,
    access: Access,
    *,
    tested: Channel | None = None,
    outcome: str = "",
    is_bad: bool = False,
) -> HttpResponse:
    """The list; at the channel that was ``tested``, what became of the test message."""
    context = {
        "access": access,
        "section": "settings",
        "rows": setup.rows_of(access.team),
        "tested": tested,
        "outcome": outcome,
        "is_bad": is_bad,
    }
    return render(request, "reports/channel_list.html", context, status=422 if is_bad else 200)


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


@require_POST
def channel_switch(request: HttpRequest, team: str, channel_id: int) -> HttpResponse:
    """Switch a channel on (``to=on``) or off (anything else)."""
    access = get_team_for_manager(request, team)
    channel = get_object_or_404(Channel, team=access.team, pk=channel_id)
    setup.switch(channel, is_active=request.POST.get("to") == "on", by=access.user)
    return redirect("reports:channel_list", access.team.slug)


@require_POST
def channel_remove(request: HttpRequest, team: str, channel_id: int) -> HttpResponse:
    """Forget a channel with its address and its secret; the ledger keeps what was posted."""
    access = get_team_for_manager(request, team)
    channel = get_object_or_404(Channel, team=access.team, pk=channel_id)
    setup.remove(channel, by=access.user)
    return redirect("reports:channel_list", access.team.slug)


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
        return _show(request, access, tested=channel, outcome=outcome)
    return _show(request, access, tested=channel, outcome=outcome, is_bad=True)

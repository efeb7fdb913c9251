from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import Access, get_team_for_manager
from reports.channels import setup
from reports.models import Channel


@require_safe
def channel_list(request: HttpRequest, team: str) -> HttpResponse:
    """The team's group chats and webhooks: where they are, what goes there, what ails them."""
    access = get_team_for_manager(request, team)
    return show_channels(request, access)


def show_channels(
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

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.access import Access, get_team_for_manager
from reports.digest import readership, subscribers
from reports.forms.subscribers import SubscribersForm


@require_safe
def subscriber_list(request: HttpRequest, team: str) -> HttpResponse:
    """Who gets the digest by mail, in the team and outside; ``?q`` is a part of name or address."""
    access = get_team_for_manager(request, team)
    return show_subscribers(request, access)


def show_subscribers(
    request: HttpRequest, access: Access, *, form: SubscribersForm | None = None, refusal: str = ""
) -> HttpResponse:
    """The lists; with addresses that were wrong or what else was refused (422)."""
    now = timezone.now()
    search = request.GET.get("q", "").strip()
    context = {
        "access": access,
        "section": "settings",
        "readership": readership.readership_of(
            access.team,
            now,
            search=search,
            members=request.GET.get("members", "1"),
            outside=request.GET.get("outside", "1"),
        ),
        "search": search,
        "form": form or SubscribersForm(access.team),
        "left": subscribers.left_today(access.team, access.user, now),
        "limit": subscribers.LIMIT_A_DAY,
        "refusal": refusal,
    }
    status = 422 if form or refusal else 200
    return render(request, "reports/subscriber_list.html", context, status=status)

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user, get_week
from reports.pages import editions
from reports.views import sheets


@require_safe
def edition_detail(request: HttpRequest, team: str, label: str, number: int) -> HttpResponse:
    """One edition of the weekly page, the latest or an earlier one."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    latest = editions.latest(access.team, week)
    if latest is None:
        raise Http404
    edition = editions.numbered(access.team, week, number)
    if edition is None:
        raise Http404
    return sheets.edition_page(request, access, edition, latest)

"""The editions of a week's page: their list, and each under its own address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user, get_week
from reports.pages import editions
from reports.pages.navigation import navigation_of
from reports.views.pages import edition_context


@require_safe
def edition_list(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The editions of a week's page, the newest first, each with what it changed."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    rows = editions.editions_of(access.team, week)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "imprints": [editions.imprint_of(edition) for edition in rows],
    }
    return render(request, "reports/edition_list.html", context)


@require_safe
def edition_detail(request: HttpRequest, team: str, label: str, number: int) -> HttpResponse:
    """One edition of the weekly page, the latest or an earlier one."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    latest = editions.latest(access.team, week)
    edition = editions.numbered(access.team, week, number)
    if latest is None or edition is None:
        raise Http404
    edition.page.team = access.team
    context = edition_context(access, edition, latest.number)
    return render(request, "reports/edition_detail.html", context)

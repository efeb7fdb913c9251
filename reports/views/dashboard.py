from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from okrtracker import htmx
from projects.access import Access, get_team_for_user, get_week
from projects.models import Project
from projects.teams import cutoffs
from reports.dashboard import attention
from reports.dashboard.boards import board_of
from reports.dashboard.pulse import pulse_of
from reports.pages.navigation import navigation_of


@require_safe
def dashboard(request: HttpRequest, team: str) -> HttpResponse:
    """The team's present week: what needs somebody, the objectives, every project, the numbers."""
    access = get_team_for_user(request, team)
    return _render(request, access, access.team.this_week())


@require_safe
def week_dashboard(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The same of any week."""
    access = get_team_for_user(request, team)
    return _render(request, access, get_week(access.team, label))


def _render(request: HttpRequest, access: Access, week: date) -> HttpResponse:
    """The page, or the table alone when htmx asks for it, with the address of what it shows."""
    board = board_of(access, week, request.GET)
    context: dict[str, object] = {
        "access": access,
        "section": "dashboard",
        "navigation": navigation_of(access.team, week, board.earlier if board else None),
        "shown": board,
        "board": board and board.dashboard,
        "document": board and board.dashboard.document,
    }
    is_table = htmx.wants_partial(request)
    if week == access.team.this_week() and not is_table:
        context["cutoff"] = cutoffs.cutoff_of(access.team, week)
    if board is not None and not is_table:
        pulse = pulse_of(access, week, board.revision)
        context["revision"] = pulse.revision
        context["is_published"] = pulse.is_published
        # Asked for only when the block is not in the cache.
        document = board.dashboard.document
        context["attention"] = SimpleLazyObject(lambda: attention.block_of(access, document, pulse))
    if board is None or not board.dashboard.rows:
        context["team_has_projects"] = Project.objects.filter(team=access.team).exists()
        return render(request, "reports/dashboard.html", context)
    response = htmx.render(request, "reports/dashboard.html", "projects_table", context)
    if is_table:
        htmx.push_url(response, request.path + board.state.query().removesuffix("?"))
    return response

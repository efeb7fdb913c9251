from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from projects import access as allowed
from projects.access import Access
from projects.models import Project
from reports.dashboard import dashboard_of
from reports.navigation import navigation_of
from reports.pages import current_document
from reports.tables import ProjectsTable


@require_safe
def dashboard(request: HttpRequest, team: str) -> HttpResponse:
    """The team's present week: what needs somebody, the objectives, every project, the numbers."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    return _render(request, access, access.team.this_week())


@require_safe
def week_dashboard(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The same of any week."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    return _render(request, access, allowed.get_week(access.team, label))


def _render(request: HttpRequest, access: Access, week: date) -> HttpResponse:
    navigation = navigation_of(access.team, week)
    document = current_document(access.team, week)
    context: dict[str, object] = {
        "access": access,
        "section": "dashboard",
        "navigation": navigation,
        "document": document,
    }
    if document is not None:
        board = dashboard_of(document)
        table = ProjectsTable(board.rows, access.team, week, is_present=navigation.is_present)
        RequestConfig(request, paginate=False).configure(table)
        context |= {"board": board, "table": table}
        if not board.rows:
            projects = Project.objects.filter(team=access.team)
            context["team_has_projects"] = projects.exists()
    return render(request, "reports/dashboard.html", context)

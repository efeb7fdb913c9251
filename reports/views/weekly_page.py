from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from projects import access as allowed
from reports.highlights import highlights_of
from reports.navigation import navigation_of
from reports.pages import current_document
from reports.render import html


@require_safe
def weekly_page(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The weekly page as it stands, with its contents, its highlights and the weeks around it."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    week = allowed.get_week(access.team, label)
    document = current_document(access.team, week)
    context: dict[str, object] = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "document": document,
    }
    if document is not None:
        language = get_language() or access.team.language
        context["sheet"] = html.sheet(document, language=language, access=access)
        context["highlights"] = highlights_of(document)
    return render(request, "reports/weekly_page.html", context)

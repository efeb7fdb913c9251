"""The page that shows how a PDF is being made, and begins its download."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from okrtracker import broker, htmx
from projects.access import get_team_for_user
from projects.teams.week_addresses import get_week
from reports import tasks
from reports.pages import pdf
from reports.pages.navigation import navigation_of
from reports.views.pages.weekly_page import chosen_edition, language_of


@never_cache
@require_safe
def weekly_page_pdf(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Have a worker make the PDF, and lead to it as soon as it is there.

    ``?draft`` and ``?edition`` choose it as in ``weekly_page_export``, which makes it itself where
    no worker can be asked. The page asks again every second, without a script every other.
    """
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    is_draft = "draft" in request.GET
    edition = None if is_draft else chosen_edition(request, access, week)
    order = pdf.order(access.team, week, language_of(access), edition)
    if order is None:
        raise Http404
    query = request.META["QUERY_STRING"]
    file = reverse("reports:weekly_page_export", args=(access.team.slug, label, "pdf"))
    file = f"{file}?{query}" if query else file
    is_made, refusal = pdf.made(order) is not None, pdf.refusal(order)
    if not is_made and not refusal and pdf.claim(order):
        ids = access.team.pk, week.isoformat(), order.language, edition.pk if edition else None
        if not broker.publish(tasks.make_pdf, *ids):
            return redirect(file)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "is_draft": is_draft,
        "file": file,
        "is_made": is_made,
        "refusal": refusal,
    }
    return htmx.render(request, "reports/weekly_page_pdf.html", "pdf_progress", context)

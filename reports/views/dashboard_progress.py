from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from okrtracker import htmx, return_address
from projects.access import get_team_for_user, get_week
from reports.dashboard import attention
from reports.dashboard.pulse import pulse_of
from reports.pages.live import current_document


@require_safe
def dashboard_progress(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """How many have updated, and what needs attention, for a dashboard that stays open.

    204 while nothing has changed since ``?revision=``. Otherwise both parts, and the offer to load
    the rest of the page again.
    """
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    pulse = pulse_of(access, week)
    if request.GET.get("revision") == pulse.revision:
        return HttpResponse(status=204)
    document = current_document(access.team, week)
    board = reverse("reports:week_dashboard", args=(access.team.slug, label))
    context = {
        "access": access,
        "document": document,
        "attention": document and attention.block_of(access, document, pulse),
        "label": label,
        "is_present": week == access.team.this_week(),
        "is_changed": True,
        "here": return_address.previous_page(request, board),
    }
    template = "reports/dashboard_progress.html"
    return htmx.render(request, template, "dashboard_update", context)

"""The manager takes note of the dates that moved this week."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from okrtracker import htmx, return_address
from projects.access import get_team_for_manager
from reports.dashboard import attention
from reports.dashboard.overview import attention_of, move_key
from reports.dashboard.pulse import pulse_of
from reports.pages.acknowledging import acknowledge
from reports.pages.live import current_document


@require_POST
def moves_acknowledge(request: HttpRequest, team: str) -> HttpResponse:
    """Take note of each ``move`` that the form was shown with and that is still on the page."""
    access = get_team_for_manager(request, team)
    week = access.team.this_week()
    document = current_document(access.team, week)
    moved = attention_of(document).moved if document else ()
    sent = set(request.POST.getlist("move"))
    keys = [key for entry, move in moved if (key := move_key(entry, move)) in sent]
    count = acknowledge(access.team, week, keys, by=access.user)
    words = ngettext("%(n)s moved date acknowledged.", "%(n)s moved dates acknowledged.", count)
    sentence = words % {"n": count} if count else _("These dates were acknowledged already.")
    if not htmx.wants_partial(request):
        messages.info(request, sentence)
        board = reverse("reports:dashboard", args=(access.team.slug,))
        return return_address.redirect_back(request, board)
    pulse = pulse_of(access, week)
    block = document and attention.block_of(access, document, pulse, just_acknowledged=keys)
    context = {"access": access, "attention": block, "document": document, "sentences": [sentence]}
    return htmx.render(request, "reports/dashboard_attention.html", "dashboard_attention", context)

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager, get_week
from reports import tasks
from reports.digest import deliveries
from reports.pages import editions
from reports.views.deliveries import ledger_address


@require_POST
def deliveries_add(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Send the latest edition to those who have joined since it was sent."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    edition = editions.latest(access.team, week)
    count = deliveries.send_to_newcomers(edition, by=access.user) if edition else 0
    if edition is None or not count:
        messages.info(request, _("Nothing was sent: everybody has it, or gets it at its time."))
    else:
        transaction.on_commit(partial(tasks.enqueue_deliveries, edition.pk, count))
        said = ngettext("Sending to %(n)s recipient.", "Sending to %(n)s recipients.", count)
        messages.info(request, said % {"n": count})
    return redirect(ledger_address(access.team, label))

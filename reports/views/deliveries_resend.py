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
def deliveries_resend(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Send the ``edition`` again to those of ``delivery`` who failed, or with ``all`` to all."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    number = request.POST.get("edition", "")
    edition = editions.editions_of(access.team, week).filter(number=_number(number)).first()
    if edition is None:
        messages.error(request, _("Nothing was sent: this edition is not there."))
        return redirect(ledger_address(access.team, label))
    chosen = [_number(pk) for pk in request.POST.getlist("delivery")]
    wanted = None if request.POST.get("all") else chosen
    count = deliveries.resend(edition, by=access.user, chosen=wanted)
    if count:
        transaction.on_commit(partial(tasks.enqueue_deliveries, edition.pk, count))
        said = ngettext("Sending again to %(n)s recipient.", "Sending again to %(n)s.", count)
        messages.info(request, said % {"n": count})
    elif wanted == []:
        messages.warning(request, _("Nothing was sent: choose who is to get it again."))
    else:
        messages.info(request, _("Nothing was sent: nobody is left for whom it failed."))
    return redirect(ledger_address(access.team, label, number))


def _number(text: str) -> int:
    """0, which nothing has, for what is no number."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0

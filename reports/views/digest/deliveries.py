"""Who got an edition and who did not; sending it again, and to those who joined since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from okrtracker import htmx
from okrtracker.requests.clean import number_in
from projects.access import Access, get_team_for_manager
from projects.models import Team
from projects.teams.week_addresses import get_week
from reports import tasks
from reports.digest import deliveries as ledger
from reports.digest.deliveries import STATES, Figures
from reports.digest.delivery_table import name_of, table_of
from reports.models import Delivery, Edition
from reports.pages import editions
from reports.pages.navigation import navigation_of
from reports.render.editions import edition as edition_words
from reports.views import confirmation
from reports.views.confirmation import Confirmation

_TEMPLATE = "reports/deliveries.html"


@require_safe
def deliveries(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Who got the week's page and who did not, edition by edition; for managers.

    ``?edition=`` is another edition than the latest, ``?state=`` a name of ``STATES``. For htmx,
    which asks while mails are on their way, only how far they have got; with ``?line`` in a line.
    """
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    figures = ledger.figures_of(access.team, week)
    shown = _chosen(figures, request.GET.get("edition", ""))
    context: dict[str, object] = {
        "access": access,
        "section": "weeks",
        "label": label,
        "figures": shown,
    }
    if htmx.wants_partial(request) and "line" in request.GET:
        return htmx.render(request, _TEMPLATE, "deliveries_line", context)
    if not htmx.wants_partial(request):
        context |= {"editions": figures, "navigation": navigation_of(access.team, week)}
        context |= _table_context(request, access.team, shown) if shown else {}
    return htmx.render(request, _TEMPLATE, "deliveries_progress", context)


def _table_context(request: HttpRequest, team: Team, shown: Figures) -> dict[str, object]:
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    rows = ledger.rows_of(shown.edition, state)
    is_latest = not shown.edition.page.editions.filter(number__gt=shown.edition.number).exists()
    return {
        "state": state,
        "states": [(name, name_of(name), shown.of(name)) for name in STATES],
        "table": table_of(request, rows, team, may_choose=bool(shown.failed)),
        "newcomers": [] if shown.is_arranged or not is_latest else ledger.newcomers(shown.edition),
        "expected": len(ledger.still_to_send(shown.edition)) if shown.is_arranged else 0,
    }


def _chosen(figures: Sequence[Figures], number: str) -> Figures | None:
    """The edition of that number, or the latest; ``Http404`` for one that there is not."""
    if not number:
        return next(iter(figures), None)
    for of_edition in figures:
        if str(of_edition.edition.number) == number:
            return of_edition
    raise Http404


def _address(team: Team, label: str, edition: str = "") -> str:
    """Where this screen shows that edition."""
    query = {"edition": edition} if edition.isdecimal() else {}
    return reverse("reports:deliveries", args=(team.slug, label), query=query)


@require_POST
def deliveries_resend(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Send the ``edition`` again to those of ``delivery`` who failed, or with ``all`` to all."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    number = request.POST.get("edition", "")
    edition = editions.numbered(access.team, week, number_in(number) or 0)
    if edition is None:
        messages.error(request, _("Nothing was sent: this edition is not there."))
        return redirect(_address(access.team, label))
    chosen = [number_in(pk) or 0 for pk in request.POST.getlist("delivery")]
    wanted = None if request.POST.get("all") else chosen
    rows = list(ledger.failed(edition, wanted))
    question = _question(access, edition, rows, _address(access.team, label, number))
    if question and not confirmation.is_confirmed(request):
        return confirmation.ask(request, access, question)
    count = ledger.resend(edition, by=access.user, chosen=wanted)
    if count:
        transaction.on_commit(partial(tasks.enqueue_deliveries, edition.pk, count))
        words = ngettext("Sending again to %(n)s recipient.", "Sending again to %(n)s.", count)
        messages.info(request, words % {"n": count})
    elif wanted == []:
        messages.warning(request, _("Nothing was sent: choose who is to get it again."))
    else:
        messages.info(request, _("Nothing was sent: nobody is left for whom it failed."))
    return redirect(_address(access.team, label, number))


def _question(
    access: Access, edition: Edition, rows: list[Delivery], back: str
) -> Confirmation | None:
    """Whether the edition goes to these, where they are many or it is an old one."""
    week = edition.page.week
    warnings = confirmation.age_warning(access, week)
    if not rows or (len(rows) == 1 and not warnings):
        return None
    words = {"label": access.team.week_label(week), "edition": edition_words(edition.number)}
    return Confirmation(
        heading=_("Send %(label)s, %(edition)s?") % words,
        sentences=[*warnings, *confirmation.readers(rows)],
        button=confirmation.send_button(len(rows)),
        back=back,
    )


@require_POST
def deliveries_add(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Send the latest edition to those who have joined since it was sent."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    edition = editions.latest(access.team, week)
    rows = ledger.to_add(edition) if edition else []
    question = edition and _question(access, edition, rows, _address(access.team, label))
    if question and not confirmation.is_confirmed(request):
        return confirmation.ask(request, access, question)
    count = ledger.send_to_newcomers(edition, by=access.user) if edition else 0
    if edition is None or not count:
        messages.info(request, _("Nothing was sent: everybody has it, or gets it at its time."))
    else:
        transaction.on_commit(partial(tasks.enqueue_deliveries, edition.pk, count))
        words = ngettext("Sending to %(n)s recipient.", "Sending to %(n)s recipients.", count)
        messages.info(request, words % {"n": count})
    return redirect(_address(access.team, label))

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from okrtracker import htmx
from projects.access import get_team_for_manager, get_week
from projects.models import Team
from reports.digest import deliveries as ledger
from reports.digest.deliveries import STATES, Figures
from reports.digest.delivery_table import name_of, table_of
from reports.pages.navigation import navigation_of

_TEMPLATE = "reports/deliveries.html"


@require_safe
def deliveries(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Who got the week's page and who did not, edition by edition; for managers.

    ``?edition=`` is another edition than the latest, ``?state=`` a name of ``STATES``. For htmx,
    which asks while mails are on their way, only how far they have got; with ``?line`` in a line.
    """
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    editions = ledger.figures_of(access.team, week)
    shown = _chosen(editions, request.GET.get("edition", ""))
    context: dict[str, object] = {
        "access": access,
        "section": "weeks",
        "label": label,
        "figures": shown,
    }
    if htmx.wants_partial(request) and "line" in request.GET:
        return htmx.render(request, _TEMPLATE, "deliveries_line", context)
    if not htmx.wants_partial(request):
        context |= {"editions": editions, "navigation": navigation_of(access.team, week)}
        context |= _list(request, access.team, shown) if shown else {}
    return htmx.render(request, _TEMPLATE, "deliveries_progress", context)


def _list(request: HttpRequest, team: Team, shown: Figures) -> dict[str, object]:
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


def _chosen(editions: Sequence[Figures], number: str) -> Figures | None:
    """The edition of that number, or the latest; ``Http404`` for one that there is not."""
    if not number:
        return next(iter(editions), None)
    for one in editions:
        if str(one.edition.number) == number:
            return one
    raise Http404


def ledger_address(team: Team, label: str, edition: str = "") -> str:
    """Where this screen shows that edition."""
    query = {"edition": edition} if edition.isdecimal() else {}
    return reverse("reports:deliveries", args=(team.slug, label), query=query)

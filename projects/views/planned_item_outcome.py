from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.access import get_team_for_reporter
from projects.checkin import plans
from projects.models import Outcome, PlannedItem
from projects.views import cards


@require_POST
def planned_item_outcome(request: HttpRequest, team: str, item_id: int) -> HttpResponse:
    """Say what became of something that was promised; an empty ``outcome`` takes it back.

    A lead does so for what names a project of theirs, a manager for everything.
    """
    access = get_team_for_reporter(request, team)
    item = get_object_or_404(PlannedItem, team=access.team, pk=item_id)
    if not access.is_manager and not plans.is_promise_of(item, access.user):
        raise PermissionDenied
    outcome = request.POST.get("outcome", "")
    if outcome not in ("", *Outcome.values):
        return HttpResponseBadRequest()
    item = plans.set_outcome(item, Outcome(outcome) if outcome else None, by=access.user)
    if not htmx.wants_partial(request):
        return redirect(cards.address(request, access))
    context = {
        "access": access,
        "item": item,
        "outcomes": Outcome.choices,
        "is_all": cards.of_whole_team(request, access),
        "is_changed": True,
    }
    return render(request, "projects/checkin.html#planned_item", context)

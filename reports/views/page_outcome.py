from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.checkin import plans
from projects.models import Outcome, PlannedItem
from projects.weeks import WEEK
from reports.pages.live import current_document
from reports.render.wording import outcome as outcome_words
from reports.views import live_page
from reports.weekly.document import PlanState
from reports.weekly.sections import Kind


@require_POST
def page_outcome(request: HttpRequest, team: str, label: str, item_id: int) -> HttpResponse:
    """Say what became of a line of last week's plan, with a ``note``.

    What is carried on stands in next week's plan at once, which is why that section is sent along.
    """
    access, week = live_page.get_for_manager(request, team, label)
    item = get_object_or_404(PlannedItem, team=access.team, week=week - WEEK, pk=item_id)
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note")
    if outcome not in ("", *Outcome.values):
        return HttpResponseBadRequest()
    carries = {item.outcome, outcome} & {Outcome.CARRIED_ON.value}
    item = plans.set_outcome(
        item,
        Outcome(outcome) if outcome else None,
        by=access.user,
        note=None if note is None else " ".join(note.split())[:300],
    )
    document = current_document(access.team, week)
    if document is None or not htmx.wants_partial(request):
        return redirect(live_page.address(access, week, f"outcome_{item.pk}"))
    state = PlanState(item.text, item.outcome, item.outcome_note, item.pk)
    said = outcome_words(state) if outcome else _("no outcome yet")
    live = live_page.context(access, document) | {"item": state, "said": said, "swap": True}
    parts = [
        render_to_string(f"reports/{name}", live, request)
        for name in ("page_edit.html#outcome", "page_edit.html#said", "review.html#review_count")
    ]
    plan = next((one for one in document.sections if one.kind is Kind.PLAN), None)
    if carries and plan:
        name = "reports/_sheet.html#page_section"
        parts.append(
            render_to_string(name, live | {"section": plan, "swap_section": True}, request)
        )
    return HttpResponse("".join(parts))

from __future__ import annotations

from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects import access as allowed
from projects import worklist
from projects.forms import CheckInForm, MilestoneForm, taken
from projects.views import cards


@require_POST
def project_checkin_reading(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """What the text typed so far offers to the fields, and what in it contradicts them.

    ``take`` among what is sent is the key of an offer, or "all": then the form comes back with
    that filled in. Nothing is saved either way. For htmx it is only what changed, so that the text
    and its cursor stay as they are; without JavaScript it is the page.
    """
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    allowed.require_can_report(access, found)
    assignment = worklist.assignment_of(found, access.team.this_week())
    stages = list(access.team.stages.all())
    form = CheckInForm(assignment, stages, request.POST)
    key = request.POST.get("take")
    if key:
        form = CheckInForm(assignment, stages, taken(form, key))
    if not htmx.wants_partial(request):
        return cards.card(request, access, assignment, form)
    context = {"access": access, "assignment": assignment, "form": form}
    if not key:
        return render(request, "projects/checkin_found.html#found_answer", context)
    context["taken"] = _swapped(form, request.POST)
    return render(request, "projects/checkin_found.html#found_taken", context)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What of the form is to be swapped."""

    fields: tuple[BoundField, ...]
    milestones: tuple[MilestoneForm, ...]
    has_new: bool


def _swapped(form: CheckInForm, sent: QueryDict) -> _Taken:
    """What differs from what was sent; the cursor goes to the reason that is wanted now."""
    rows = [row for row in form.milestones if _changed(row["percent"], row["due_on"], sent=sent)]
    fields = [row[name] for row in rows for name in ("percent", "due_on")]
    changed = [field for field in (*fields, form["percent"]) if _changed(field, sent=sent)]
    for field in changed:
        field.field.widget.attrs["hx-swap-oob"] = "true"
    wanted = (row for row in rows if row.asks_for_reason and not row["reason"].value())
    if first := next(wanted, None):
        first.fields["reason"].widget.attrs["autofocus"] = True
    new = [line[name] for line in form.new_milestones for name in line.fields]
    return _Taken(tuple(changed), tuple(rows), _changed(*new, sent=sent))


def _changed(*fields: BoundField, sent: QueryDict) -> bool:
    return any((field.value() or "") != sent.get(field.html_name, "") for field in fields)

from __future__ import annotations

from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.access import get_project_for_reporter
from projects.checkin import worklist
from projects.forms import CheckInForm, MilestoneForm, taken
from projects.views import cards


@require_POST
def project_checkin_reading(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """What the text typed so far offers to the fields, and what in it contradicts them.

    ``take`` among what is sent is the key of an offer, or "all": then the form comes back with
    that filled in. Nothing is saved either way. For htmx it is only what changed, so that the text
    and its cursor stay as they are; without JavaScript it is the page.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
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
    """What of the form is to be swapped; ``names`` are those of the fields that were filled in."""

    names: tuple[str, ...]
    fields: tuple[BoundField, ...]
    milestones: tuple[MilestoneForm, ...]

    @property
    def has_new(self) -> bool:
        return any(name.startswith("new") for name in self.names)


def _swapped(form: CheckInForm, sent: QueryDict) -> _Taken:
    """What differs from what was sent; the cursor goes to the reason that is wanted now."""
    names = tuple(name for name in form.standing if form.data.get(name, "") != sent.get(name, ""))
    rows = [row for row in form.milestones if any(field.html_name in names for field in row)]
    shown = [row[name] for row in rows for name in ("percent", "due_on")]
    fields = [field for field in (*shown, form["percent"]) if field.html_name in names]
    for field in fields:
        field.field.widget.attrs["hx-swap-oob"] = "true"
    wanted = (row for row in rows if row.asks_for_reason and not row["reason"].value())
    if first := next(wanted, None):
        first.fields["reason"].widget.attrs["autofocus"] = True
    return _Taken(names, tuple(fields), tuple(rows))

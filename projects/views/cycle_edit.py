from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_cycle_for_manager
from projects.conflicts import EditConflict
from projects.forms.cycles import CycleForm
from projects.objectives import cycles
from projects.objectives.cycles import Period


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_edit(request: HttpRequest, team: str, cycle_id: int) -> HttpResponse:
    """A cycle's name, first and last day."""
    access, cycle = get_cycle_for_manager(request, team, cycle_id)
    form = CycleForm(
        request.POST if request.method == "POST" else None,
        initial=Period(cycle.name, cycle.starts_on, cycle.ends_on),
    )
    form.guard()
    if form.is_valid():
        try:
            changed = cycles.change(cycle, form.period(), by=access.user, opened=form.opened)
            messages.success(request, _("Saved: %(name)s") % {"name": changed})
            return redirect(
                reverse(
                    "reports:objective_list",
                    args=(access.team.slug,),
                    query={"cycle": changed.name},
                )
            )
        except (cycles.CycleOverlaps, cycles.CycleNameTaken) as problem:
            form.mark(problem)
        except EditConflict as conflict:
            form.show_both(conflict)
    context = {
        "access": access,
        "section": "objectives",
        "cycle": cycle,
        "form": form,
        "may_delete": not cycle.objectives.exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/cycle_edit.html", context, status=status)

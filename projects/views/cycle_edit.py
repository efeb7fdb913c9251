from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access as allowed
from projects.forms.cycles import CycleForm
from projects.objectives import cycles
from projects.objectives.cycles import Period


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_edit(request: HttpRequest, team: str, cycle: int) -> HttpResponse:
    """A cycle's name, first and last day."""
    access, found = allowed.get_cycle_for_user(allowed.signed_in(request), team, cycle)
    allowed.require_manager(access)
    form = CycleForm(
        request.POST if request.method == "POST" else None,
        initial=Period(found.name, found.starts_on, found.ends_on),
    )
    form.guard()
    if form.is_valid():
        try:
            changed = cycles.change(found, form.period(), by=access.user)
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
    context = {
        "access": access,
        "section": "objectives",
        "cycle": found,
        "form": form,
        "may_delete": not found.objectives.exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/cycle_edit.html", context, status=status)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_team_for_manager
from projects.forms.cycles import NewCycleForm
from projects.objectives import carryover, cycles


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_new(request: HttpRequest, team: str) -> HttpResponse:
    """The team's next cycle: its days, and what it takes over from the one before.

    With ``?setup`` it leads back to the list of the set-up.
    """
    access = get_team_for_manager(request, team)
    last = cycles.last_of(access.team)
    form = NewCycleForm(
        carryover.candidates(last) if last else (),
        request.POST if request.method == "POST" else None,
        initial=cycles.proposal(access.team, last),
    )
    if form.is_valid():
        try:
            made = carryover.begin_cycle(
                access.team, form.period(), last, form.ticked, by=access.user
            )
            messages.success(request, _("The cycle %(name)s is ready.") % {"name": made})
            if "setup" in request.GET:
                return redirect("projects:team_setup", access.team.slug)
            return redirect(
                reverse(
                    "reports:objective_list",
                    args=(access.team.slug,),
                    query={"cycle": made.name},
                )
            )
        except (cycles.CycleOverlaps, cycles.CycleNameTaken, carryover.NotBefore) as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "last": last, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/cycle_new.html", context, status=status)

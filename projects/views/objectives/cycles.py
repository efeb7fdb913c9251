"""The cycles of a team."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import get_cycle_for_manager, get_team_for_manager
from projects.conflicts import EditConflict
from projects.forms.cycles import CycleForm, NewCycleForm
from projects.objectives import carryover, cycles
from projects.objectives.cycles import Period


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
            cycle = carryover.begin_cycle(
                access.team, form.period(), last, form.ticked, by=access.user
            )
            messages.success(request, _("The cycle %(name)s is ready.") % {"name": cycle})
            if "setup" in request.GET:
                return redirect("projects:team_setup", access.team.slug)
            return redirect(
                reverse(
                    "reports:objective_list",
                    args=(access.team.slug,),
                    query={"cycle": cycle.name},
                )
            )
        except (cycles.CycleOverlaps, cycles.CycleNameTaken, carryover.NotBefore) as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "last": last, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/cycle_new.html", context, status=status)


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
            cycle = cycles.change(cycle, form.period(), by=access.user, opened=form.opened)
            messages.success(request, _("Saved: %(name)s") % {"name": cycle})
            return redirect(
                reverse(
                    "reports:objective_list",
                    args=(access.team.slug,),
                    query={"cycle": cycle.name},
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


@require_POST
def cycle_delete(request: HttpRequest, team: str, cycle_id: int) -> HttpResponse:
    """Take back a cycle without objectives; one that has some stays, and says why."""
    access, cycle = get_cycle_for_manager(request, team, cycle_id)
    try:
        cycles.delete(cycle, by=access.user)
    except cycles.CycleInUse:
        words = _("%(name)s has objectives, which would be lost with it.")
        messages.error(request, words % {"name": cycle})
        return redirect("projects:cycle_edit", access.team.slug, cycle.pk)
    messages.success(request, _("Deleted: %(name)s") % {"name": cycle})
    return redirect("reports:objective_list", access.team.slug)

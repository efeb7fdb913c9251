from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_objective_for_user, get_team_for_user, objectives_of_other_teams
from projects.models import Objective
from projects.objectives import cycles
from projects.standing import begins_with
from reports.dashboard import objectives
from reports.pages import live


@require_safe
def objective_list(request: HttpRequest, team: str) -> HttpResponse:
    """The objectives of the present cycle, or of the one whose name is ``?cycle=``."""
    access = get_team_for_user(request, team)
    this_week = access.team.this_week()
    all_cycles = list(access.team.cycles.all())
    cycle = cycles.shown(all_cycles, this_week)
    if name := request.GET.get("cycle"):
        cycle = next((candidate for candidate in all_cycles if candidate.name == name), None)
        if cycle is None:
            raise Http404
    context: dict[str, object] = {
        "access": access,
        "section": "objectives",
        "cycles": all_cycles,
        "cycle": cycle,
        "end": cycles.team_end(access.team, all_cycles),
    }
    if cycle is not None:
        week = objectives.week_of(cycle, all_cycles, this_week)
        document = live.current_document(access.team, week) if week else None
        rows = Objective.objects.filter(cycle=cycle).select_related("owner")
        since = begins_with(week or this_week, access.team.starts_on)
        states = objectives.states_of(list(rows), document, week, since)
        context |= {"states": states, "week": week, "this_week": this_week}
    return render(request, "reports/objective_list.html", context)


@require_safe
def objective_detail(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """One objective: key results, projects, its weeks, its cycles, and what it is aligned with.

    Its course begins with the team's start; ``?history`` shows what was before it.
    """
    access, objective = get_objective_for_user(request, team, objective_id)
    this_week = access.team.this_week()
    all_cycles = list(access.team.cycles.all())
    week = objectives.week_of(objective.cycle, all_cycles, this_week)
    is_whole = "history" in request.GET
    since = begins_with(week or this_week, access.team.starts_on)
    document = live.current_document(access.team, week) if week else None
    others = objectives_of_other_teams(access.user, access.team)
    (state,) = objectives.states_of([objective], document, week, since)
    past = objectives.past_of(state, access.team, all_cycles, date.min if is_whole else since)
    context = {
        "access": access,
        "section": "objectives",
        "objective": objective,
        "state": state,
        "past": past,
        "is_whole": is_whole,
        "starts_on": since if past.oldest < since else None,
        "aligned_to": others.filter(aligned=objective).first(),
        "aligned": others.filter(aligned_to=objective),
        "week": week,
        "today": access.team.today(),
    }
    return render(request, "reports/objective_detail.html", context)

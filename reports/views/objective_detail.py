from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_objective_for_user, objectives_of_other_teams
from reports.dashboard import objectives
from reports.pages import live


@require_safe
def objective_detail(request: HttpRequest, team: str, objective_id: int) -> HttpResponse:
    """One objective: key results, projects, its weeks, its cycles, and what it is aligned with."""
    access, objective = get_objective_for_user(request, team, objective_id)
    week = objectives.week_of(objective.cycle, access.team.this_week())
    document = live.current_document(access.team, week) if week else None
    others = objectives_of_other_teams(access.user, access.team)
    (state,) = objectives.states_of([objective], document, week)
    context = {
        "access": access,
        "section": "objectives",
        "objective": objective,
        "state": state,
        "past": objectives.past_of(state, access.team),
        "aligned_to": others.filter(aligned=objective).first(),
        "aligned": others.filter(aligned_to=objective),
        "week": week,
        "today": access.team.today(),
    }
    return render(request, "reports/objective_detail.html", context)

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access as allowed
from reports.dashboard import objectives
from reports.pages import live


@require_safe
def objective_detail(request: HttpRequest, team: str, objective: int) -> HttpResponse:
    """One objective: key results, projects, its weeks, its cycles, and what it is aligned with."""
    access, found = allowed.get_objective_for_user(allowed.signed_in(request), team, objective)
    week = objectives.week_of(found.cycle, access.team.this_week())
    document = live.current_document(access.team, week) if week else None
    others = allowed.objectives_of_other_teams(access.user, access.team)
    (state,) = objectives.states_of([found], document, week)
    context = {
        "access": access,
        "section": "objectives",
        "objective": found,
        "state": state,
        "past": objectives.past_of(state, access.team),
        "aligned_to": others.filter(aligned=found).first(),
        "aligned": others.filter(aligned_to=found),
        "week": week,
        "today": access.team.today(),
    }
    return render(request, "reports/objective_detail.html", context)

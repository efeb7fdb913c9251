from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import Access, get_team_for_reporter
from projects.checkin import drafts, plans, worklist
from projects.checkin.worklist import Assignment
from projects.forms import AnswerForm, CheckInForm, answer_forms
from projects.models import Outcome, PlannedItem
from projects.teams import cutoffs


@require_safe
def checkin(request: HttpRequest, team: str) -> HttpResponse:
    """My projects of this week, those that wait for their update first, each with its form.

    A manager sees the whole team's with ``?of=all``, and when they lead no project themselves.
    """
    access = get_team_for_reporter(request, team)
    week = access.team.this_week()
    is_all = access.is_manager and request.GET.get("of") == "all"
    assignments = worklist.assignments_of(access.team, week, None if is_all else access.user)
    if access.is_manager and not assignments:
        is_all, assignments = True, worklist.assignments_of(access.team, week)
    context = {
        "access": access,
        "section": "checkin",
        "week": week,
        "label": access.team.week_label(week),
        "cutoff": cutoffs.cutoff_of(access.team, week),
        "cards": _cards(access, assignments, is_folded=is_all),
        "is_all": is_all,
        "may_switch": access.is_manager
        and any(one.project.lead_id == access.user.pk for one in assignments),
        "progress": worklist.progress_of(assignments),
        "promised": _promised(access, assignments, is_all=is_all),
        "outcomes": Outcome.choices,
        "back_query": "",
    }
    return render(request, "projects/checkin.html", context)


def _cards(
    access: Access, assignments: list[Assignment], *, is_folded: bool
) -> list[tuple[Assignment, CheckInForm | None, list[AnswerForm]]]:
    """Each with its form, then those that are folded, with their open questions alone.

    Open are those that wait, and those with a draft. The whole team's forms at once would be a
    long page: there they open one by one.
    """
    stages = list(access.team.stages.all())
    projects = [one.project for one in assignments]
    typed = drafts.of(access.user, access.team.this_week(), projects)
    found = []
    for one in assignments:
        draft = typed.get(one.project.pk)
        is_open = draft is not None or (one.is_waiting and not is_folded)
        form = CheckInForm(one, stages, draft=draft) if is_open else None
        found.append((one, form, [] if form else answer_forms(one)))
    return sorted(found, key=lambda card: card[1] is None)


def _promised(access: Access, assignments: list[Assignment], *, is_all: bool) -> list[PlannedItem]:
    items = plans.promised_for(access.team, access.team.this_week())
    return items if is_all else plans.naming(items, [one.project for one in assignments])

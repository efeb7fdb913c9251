"""The check-in: a lead's projects of this week with one form open, and last week's promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from okrtracker import htmx
from okrtracker.requests.clean import number_in
from projects.access import Access, acting, get_team_for_reporter
from projects.checkin import drafts, ledger, plans, worklist
from projects.checkin.worklist import Assignment, Worklist
from projects.conflicts import EditConflict
from projects.forms.checkin.card import CheckInCard, opened
from projects.forms.checkin.outcomes import OutcomeForm
from projects.forms.numbers import OwedNumbersForm
from projects.models import Outcome, PlannedItem, User
from projects.operations.owed_numbers import numbers_of_week
from projects.teams import cutoffs, first_steps
from projects.views.checkin import cards


@require_safe
def checkin(request: HttpRequest, team: str) -> HttpResponse:
    """My projects of this week in the team's order: one with its form, the others a line each.

    ``?open=`` is the project whose form is open; without it, one with a draft, or the first that
    waits. A manager sees the whole team's with ``?of=all``, and when they lead no project
    themselves. For htmx the answer is the list alone.
    """
    access = get_team_for_reporter(request, team)
    return show(request, access, number_in(request.GET.get("open")))


@require_safe
def checkin_owed(request: HttpRequest, team: str) -> HttpResponse:
    """How much the reader owes this week, as a number: for the navigation of every page."""
    access = get_team_for_reporter(request, team)
    number = worklist.owed_count(access.team, access.team.this_week(), access.leads)
    return HttpResponse(str(number), content_type="text/plain")


def show(
    request: HttpRequest,
    access: Access,
    open_id: int | None = None,
    *,
    notice: str = "",
    wrong: OutcomeForm | None = None,
    numbers: OwedNumbersForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with the ``wrong`` form of a promise in its place, or with ``numbers`` as sent."""
    week, is_all = access.team.this_week(), cards.of_whole_team(request, access)
    loaded = _worklist(access, week, is_all=is_all)
    assignments, has_own = loaded.assignments, _has_own(access, loaded)
    is_all = is_all or (access.is_manager and not has_own)
    changes = ledger.due_changes([assignment.project for assignment in assignments])
    shown_cards = _cards(access, worklist.with_slips(assignments, changes), open_id, is_all=is_all)
    finished, is_list = worklist.summary_of(assignments, changes), htmx.wants_partial(request)
    context = {
        "access": access,
        "section": "checkin",
        "week": week,
        "label": access.team.week_label(week),
        "cards": shown_cards,
        "comments": cards.comments_on(assignments),
        "is_all": is_all,
        "progress": worklist.progress_of(assignments),
        "finished": finished,
        "cutoff": cutoffs.Cutoff.of(access.team, week, access.work_calendar()),
        "back_query": "",
        "notice": notice,
        "is_list": is_list,
    }
    if finished or not is_list:
        asked = _numbers(access, week, shown_cards) if numbers is None else numbers
        context |= _left_to_do(assignments, asked, is_all=is_all)
    if not is_list:
        context |= _beside(access, loaded, is_all=is_all, wrong=wrong)
        context["may_switch"] = access.is_manager and has_own
    return htmx.render(request, "projects/checkin.html", "checkin_list", context, status=status)


def _worklist(access: Access, week: date, *, is_all: bool) -> Worklist:
    return worklist.worklist_of(
        access.team,
        week,
        None if is_all else access.leads,
        or_all=access.is_manager,
        asked_by=access.user if access.is_manager else None,
    )


def _has_own(access: Access, loaded: Worklist) -> bool:
    return any(assignment.project.lead_id in access.leads for assignment in loaded.assignments)


def _numbers(access: Access, week: date, shown_cards: list[CheckInCard]) -> OwedNumbersForm:
    """Those that the reader owes; the open card gets those that its text may tell."""
    place = next((place for place, card in enumerate(shown_cards) if card.form), None)
    project = None if place is None else shown_cards[place].assignment.project
    numbers = numbers_of_week(access.team, week, access.leads, project)
    if place is not None:
        shown_cards[place] = replace(shown_cards[place], numbers=numbers.told)
    return OwedNumbersForm(numbers.owed)


def _left_to_do(
    assignments: Sequence[Assignment], numbers: OwedNumbersForm, *, is_all: bool
) -> dict[str, Any]:
    unanswered = sum(len(assignment.questions) for assignment in assignments)
    left: dict[str, Any] = {"numbers": numbers, "unanswered": unanswered}
    if not is_all:
        left["owed_total"] = worklist.owed_in(assignments) + numbers.missing
    return left


def _beside(
    access: Access, loaded: Worklist, *, is_all: bool, wrong: OutcomeForm | None
) -> dict[str, Any]:
    """What stands around the list."""
    promised = _promised(access, loaded.assignments, is_all=is_all)
    return {
        "first_steps": first_steps.of_lead(access, loaded.assignments),
        "is_history": access.team.is_history(access.team.this_week()),
        "promised": [
            wrong if wrong and wrong.item == item else OutcomeForm(item) for item in promised
        ],
        "outcomes": Outcome.choices,
        "answered": loaded.answered,
    }


def _cards(
    access: Access, assignments: list[Assignment], open_id: int | None, *, is_all: bool
) -> list[CheckInCard]:
    """One open at most; of the whole team's none unless it was asked for."""
    by_project, put_aside = drafts.kept_and_put_aside(
        access.user, access.team.this_week(), [assignment.project for assignment in assignments]
    )
    keys = [assignment.project.pk for assignment in assignments]
    if open_id not in keys:
        waiting = [] if is_all else [a.project.pk for a in assignments if a.is_waiting]
        open_id = next(iter([*(key for key in keys if key in by_project), *waiting]), None)
    result = []
    for place, assignment in enumerate(assignments, 1):
        key = assignment.project.pk
        draft = by_project.get(key)
        card = (
            opened(assignment, list(access.team.stages.all()), draft)
            if key == open_id
            else CheckInCard(assignment, draft=draft)
        )
        result.append(replace(card, has_put_aside=key in put_aside, place=place))
    return result


def _promised(access: Access, assignments: list[Assignment], *, is_all: bool) -> list[PlannedItem]:
    items = plans.promised_for(access.team, access.team.this_week())
    if is_all:
        return items
    return plans.naming(items, [key for each in assignments for key in each.aliases or ()])


def _actor(access: Access, item: PlannedItem) -> User:
    """The reader, for the person whose promise it is where they stand in for that one."""
    if access.acts_for and not plans.is_promise_of(item, {access.user.pk}):
        for person in access.acts_for:
            if plans.is_promise_of(item, {person.user_id}):
                return acting(access.user, person.user)
    return access.user


@require_POST
def planned_item_outcome(request: HttpRequest, team: str, item_id: int) -> HttpResponse:
    """Set the outcome of something that was promised; an empty ``outcome`` takes it back.

    A lead does so for what names a project of theirs, a manager for everything.
    """
    access = get_team_for_reporter(request, team)
    item = get_object_or_404(PlannedItem, team=access.team, pk=item_id)
    if not access.is_manager and not plans.is_promise_of(item, access.leads):
        raise PermissionDenied
    form = OutcomeForm(item, request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        item = plans.set_outcome(
            item,
            form.chosen,
            by=_actor(access, item),
            note=form.cleaned_data["note"],
            opened=form.opened,
        )
    except EditConflict as conflict:
        form.show_both(conflict)
        form.item.refresh_from_db()
    else:
        form = OutcomeForm(item)
    if not htmx.wants_partial(request):
        if form.versions:
            return show(request, access, wrong=form, status=422)
        return redirect(cards.address(request, access))
    context = {
        "access": access,
        "form": form,
        "outcomes": Outcome.choices,
        "is_all": cards.of_whole_team(request, access),
        "is_changed": True,
    }
    template = "projects/checkin.html#planned_item"
    return render(request, template, context, status=422 if form.versions else 200)

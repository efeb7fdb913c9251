"""The check-in: a lead's projects of this week, each with its form, and last week's promises."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from okrtracker import htmx
from projects.access import Access, acting, get_project_for_reporter, get_team_for_reporter
from projects.checkin import drafts, drops, plans, questions, recording, worklist
from projects.checkin.ledger import standing
from projects.checkin.worklist import Assignment
from projects.conflicts import EditConflict
from projects.forms.checkin.card import CheckInCard, opened, reopened
from projects.forms.checkin.form import CheckInForm
from projects.forms.checkin.milestones import MilestoneForm
from projects.forms.checkin.outcomes import OutcomeForm
from projects.forms.checkin.reading import taken
from projects.models import Milestone, Outcome, PlannedItem, User
from projects.teams import cutoffs
from projects.views.checkin import cards


@require_safe
def checkin(request: HttpRequest, team: str) -> HttpResponse:
    """My projects of this week, those that wait for their update first, each with its form.

    A manager sees the whole team's with ``?of=all``, and when they lead no project themselves.
    """
    return _page(request, get_team_for_reporter(request, team))


def _page(request: HttpRequest, access: Access, wrong: OutcomeForm | None = None) -> HttpResponse:
    """The page; with the ``wrong`` form of a promise in its place (422)."""
    week = access.team.this_week()
    is_all = cards.of_whole_team(request, access)
    assignments = worklist.assignments_of(access.team, week, None if is_all else access.leads)
    if access.is_manager and not assignments:
        is_all, assignments = True, worklist.assignments_of(access.team, week)
    promised = _promised(access, assignments, is_all=is_all)
    context = {
        "access": access,
        "section": "checkin",
        "week": week,
        "label": access.team.week_label(week),
        "cutoff": cutoffs.cutoff_of(access.team, week),
        "is_history": access.team.is_history(week),
        "cards": _cards(access, assignments, is_folded=is_all),
        "is_all": is_all,
        "may_switch": access.is_manager
        and any(assignment.project.lead_id in access.leads for assignment in assignments),
        "progress": worklist.progress_of(assignments),
        "promised": [
            wrong if wrong and wrong.item == item else OutcomeForm(item) for item in promised
        ],
        "outcomes": Outcome.choices,
        "back_query": "",
    }
    return render(request, "projects/checkin.html", context, status=422 if wrong else 200)


def _cards(access: Access, assignments: list[Assignment], *, is_folded: bool) -> list[CheckInCard]:
    """Those with an open form first: the ones that wait, and the ones with a draft.

    The whole team's forms at once would be a long page: there they open one by one.
    """
    stages = list(access.team.stages.all())
    projects = [assignment.project for assignment in assignments]
    week = access.team.this_week()
    by_project, put_aside = drafts.kept_and_put_aside(access.user, week, projects)
    result = []
    for assignment in assignments:
        draft = by_project.get(assignment.project.pk)
        is_open = draft is not None or (assignment.is_waiting and not is_folded)
        card = opened(assignment, stages, draft) if is_open else CheckInCard(assignment)
        result.append(replace(card, has_put_aside=assignment.project.pk in put_aside))
    return sorted(result, key=lambda card: card.form is None)


def _promised(access: Access, assignments: list[Assignment], *, is_all: bool) -> list[PlannedItem]:
    items = plans.promised_for(access.team, access.team.this_week())
    return (
        items if is_all else plans.naming(items, [assignment.project for assignment in assignments])
    )


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
            return _page(request, access, form)
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


# --- one project's form -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def project_checkin(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The form for one project's entry of this week: a page, or one card of a page for htmx.

    ``choice`` among what is sent answers the comparison with what somebody else saved: "theirs"
    drops the reader's version, "both" puts the two texts into the form for them to edit; to keep
    their own they just save.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    stages = list(access.team.stages.all())
    if request.method != "POST":
        return cards.show(request, access, opened(assignment, stages, _draft(access, assignment)))
    choice = request.POST.get("choice")
    if choice == "theirs" and assignment.entry:
        drafts.discard(access.user, project, assignment.week)
        return cards.show_saved(request, access, assignment)
    form = CheckInForm(assignment, stages, request.POST)
    if choice == "both":
        both = reopened(form, stages, assignment, with_both_texts=True)
        return cards.show(request, access, both)
    card = CheckInCard(assignment, form)
    try:
        if form.is_of_another_week:
            card = reopened(form, stages, assignment)
        elif saved := _submitted(form, access):
            return cards.show_saved(request, access, saved)
    except EditConflict:
        card = reopened(form, stages, worklist.assignment_of(project, assignment.week))
    return cards.show(request, access, card, status=422)


def _draft(access: Access, assignment: Assignment) -> drafts.CheckInDraft | None:
    by_project = drafts.of_projects(access.user, assignment.week, [assignment.project])
    return by_project.get(assignment.project.pk)


def _submitted(form: CheckInForm, access: Access) -> Assignment | None:
    """Save what the valid form says; ``None`` when something is in the way, which it then marks.

    Raises ``EditConflict``.
    """
    if not form.is_valid():
        return None
    assignment, answered = form.assignment, form.answered()
    try:
        entry = recording.submit(
            assignment.project,
            assignment.week,
            form.check_in(),
            answers=answered,
            by=access.user,
            expected_revision=form.cleaned_data["revision"],
            opened=form.opened_with,
        )
    except recording.ReasonMissing as missing:
        form.ask_for_reasons(missing.names)
    except drops.DropUnexplained as unexplained:
        form.ask_why(unexplained.fall)
    except questions.AlreadyAnswered as late:
        form.mark_answered(late.question)
    else:
        return assignment.reported(entry, (question for question, _words in answered))
    return None


@require_POST
def project_confirm(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Report "no change" in one click: last week's words and numbers again for this week.

    Where the reader has typed something that is not sent yet, or there is no earlier entry, the
    form opens instead and says so.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    draft = _draft(access, assignment)
    if draft:
        notice = _("You typed something here that is not saved yet. Save it, or discard the draft.")
    else:
        try:
            entry = recording.confirm_unchanged(project, assignment.week, by=access.user)
            return cards.show_saved(request, access, assignment.reported(entry))
        except recording.NothingToConfirm:
            notice = _("There is no earlier update to confirm. A line is enough.")
        except drops.DropUnexplained:
            notice = _("The milestones add up to less than last week. Say why, then save.")
    card = opened(assignment, list(access.team.stages.all()), draft)
    return cards.show(request, access, card, status=422, notice=notice)


# --- while it is filled in --------------------------------------------------------------------


@require_POST
def project_draft(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Keep what was typed into the fields that were sent, and say when; nothing is reported yet.

    Asked in the background while somebody types, so wrong input is no error here.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    form = CheckInForm(assignment, (), request.POST)
    drafts.save(
        access.user,
        project,
        assignment.week,
        form.sent(),
        standing=form.standing,
        seen=form.opened_revision,
    )
    if not htmx.wants_partial(request):
        return redirect(cards.address(request, access, assignment))
    draft = _draft(access, assignment)
    context = {"access": access, "assignment": assignment, "draft": draft, "is_kept": True}
    return render(request, "projects/project_checkin.html#draft_state", context)


@require_POST
def project_draft_discard(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Throw away what the reader typed and did not send; the form shows what stands there. With
    ``undo``, take it up again.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    week = access.team.this_week()
    is_undoing = bool(request.POST.get("undo"))
    (drafts.take_up if is_undoing else drafts.put_aside)(access.user, project, week)
    assignment = worklist.assignment_of(project, week)
    if not htmx.wants_partial(request):
        return redirect(cards.address(request, access, assignment))
    by_project, put_aside = drafts.kept_and_put_aside(access.user, week, [project])
    card = opened(assignment, list(access.team.stages.all()), by_project.get(project.pk))
    return cards.show(request, access, replace(card, has_put_aside=bool(put_aside)))


@require_safe
def project_checkin_milestones(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The rows of milestones in the check-in form as they are now, with what was typed in them.

    Only htmx asks for it, when the milestones were edited beside a form that is being filled in.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    form = CheckInForm(assignment, access.team.stages.all(), typed=request.GET.dict())
    context = {"access": access, "assignment": assignment, "form": form, "is_renewed": True}
    return render(request, "projects/project_checkin.html#milestone_rows", context)


@require_safe
def project_checkin_reason(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """The reason field of one milestone: shown where what was typed so far has to be explained.

    Changes nothing; only htmx asks for it. Without JavaScript the form asks when it is sent.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    milestones = Milestone.objects.filter(project=project).as_of(access.team.this_week())
    milestone = get_object_or_404(milestones, pk=milestone_id)
    form = MilestoneForm(milestone, standing(milestone), request.GET, auto_id=f"p{project.pk}-%s")
    return render(request, "projects/project_checkin.html#milestone_reason", {"milestone": form})


@require_POST
def project_checkin_reading(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """What the text typed so far offers to the fields, and what in it contradicts them.

    ``take`` among what is sent is the key of an offer, or "all": then the form comes back with
    that filled in. Nothing is saved either way. For htmx the answer is only what changed, so that
    the text and its cursor stay as they are; without JavaScript it is the page.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    stages = list(access.team.stages.all())
    form = CheckInForm(assignment, stages, request.POST)
    key = request.POST.get("take")
    if key:
        form = CheckInForm(assignment, stages, taken(form, key))
    card = CheckInCard(assignment, form)
    if not htmx.wants_partial(request):
        return cards.show(request, access, card)
    context = {
        "access": access,
        "assignment": assignment,
        "form": form,
        "card": card,
        "asks_anew": form.asks_anew,
    }
    if not key:
        return render(request, "projects/project_checkin_reading.html#reading_answer", context)
    context["taken"] = _taken(form, request.POST)
    return render(request, "projects/project_checkin_reading.html#reading_taken", context)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What of the form is to be swapped; ``names`` are those of the fields that were filled in."""

    names: tuple[str, ...]
    fields: tuple[BoundField, ...]
    milestones: tuple[MilestoneForm, ...]

    @property
    def has_new(self) -> bool:
        return any(name.startswith("new") for name in self.names)


def _taken(form: CheckInForm, sent: QueryDict) -> _Taken:
    """What differs from what was sent; the cursor goes to the reason that is wanted now."""
    names = tuple(name for name in form.standing if form.data.get(name, "") != sent.get(name, ""))
    lines = [line for line in form.milestones if any(field.html_name in names for field in line)]
    shown = [line[name] for line in lines for name in ("percent", "due_on")]
    fields = [field for field in (*shown, form["percent"]) if field.html_name in names]
    for field in fields:
        field.field.widget.attrs["hx-swap-oob"] = "true"
    unexplained = (line for line in lines if line.asks_for_reason and not line["reason"].value())
    if first := next(unexplained, None):
        first.fields["reason"].widget.attrs["autofocus"] = True
    return _Taken(names, tuple(fields), tuple(lines))

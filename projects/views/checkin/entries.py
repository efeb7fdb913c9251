"""One project's form on the check-in: opened, filled in, saved, confirmed without change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from okrtracker import htmx
from projects.access import Access, get_project_for_reporter
from projects.checkin import drafts, drops, queries, questions, recording, worklist
from projects.checkin.ledger import standing
from projects.checkin.milestone_updates import ReasonMissing
from projects.checkin.worklist import Assignment
from projects.conflicts import EditConflict
from projects.forms.checkin.card import CheckInCard, opened, reopened
from projects.forms.checkin.form import CheckInForm
from projects.forms.checkin.milestones import MilestoneForm
from projects.forms.checkin.reading import reading_of, taken
from projects.models import Milestone
from projects.operations import metrics
from projects.views.checkin import cards


@require_http_methods(["GET", "HEAD", "POST"])
def project_checkin(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The form for one project's entry of this week: a page, or one card of a page for htmx.

    ``choice`` among what is sent answers the comparison with what somebody else saved: "theirs"
    drops the reader's version, "both" puts the two texts into the form for them to edit; to keep
    their own they just save.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    stages = queries.stages.rows(team=access.team.pk)
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
            numbers=[n.number for n in reading_of(form).taken],
        )
    except metrics.NumberChanged as changed:
        form.mark_number(str(changed))
    except ReasonMissing as missing:
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
            notice = _("There is no earlier update to confirm. One line is enough.")
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
    return render(request, "projects/project_checkin.html#milestone_asked", {"milestone": form})


@require_POST
def project_checkin_reading(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """What the text typed so far offers to the fields, and what in it contradicts them.

    ``take`` among what is sent is the key of an offer, or "all": then the form comes back with
    that filled in. Nothing is saved either way. For htmx the answer is only what changed, so that
    the text and its cursor stay as they are; without JavaScript it is the page.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    stages = queries.stages.rows(team=access.team.pk)
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
        "is_answer": True,
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

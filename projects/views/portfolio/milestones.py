"""The editor of a project's milestones: a page, or a part of a card of the check-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okrtracker import htmx
from projects.access import Access, get_milestone_for_reporter, get_project_for_reporter
from projects.checkin import drops, milestones
from projects.checkin.milestone_updates import ReasonMissing
from projects.conflicts import DecidedAlready
from projects.forms.guarded import seen_place
from projects.forms.portfolio.milestones import (
    DropForm,
    MilestonesForm,
    NewMilestoneRowForm,
    RemoveForm,
    ReopenForm,
    Wrong,
    editor_of,
)
from projects.models import Milestone, Project
from projects.ordering import MovedAlready
from projects.text.wording import closed_already, moved_already, opened_already


@require_http_methods(["GET", "HEAD", "POST"])
def project_milestones(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The project's milestones to edit, and a new one: a page, or for htmx the editor in a card."""
    access, project = get_project_for_reporter(request, team, project_id)
    if request.method != "POST":
        return _editor(request, access, project)
    form = NewMilestoneRowForm(project, access.team.stages.all(), request.POST)
    if form.is_valid():
        try:
            milestone = milestones.add(project, by=access.user, **form.cleaned_data)
        except milestones.MilestoneNameTaken:
            form.refuse_name()
        except drops.DropUnexplained as unexplained:
            form.ask_why(unexplained.fall)
        else:
            return _changed(request, access, project, _("Added: %(name)s") % {"name": milestone})
    return _editor(request, access, project, form)


@require_POST
def milestone_rows(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Save the names, weights and stages of all rows of the editor."""
    access, project = get_project_for_reporter(request, team, project_id)
    if (refused := _rows_refused(request, access, project)) is not None:
        return refused
    for milestone in Milestone.objects.filter(project=project, closed_at=None):
        form = DropForm(milestone, request.POST)
        if form.is_valid():  # somebody typed why, and pressed Enter or the list's button
            form.ask_for_the_button()
            return _editor(request, access, project, form, of=milestone)
    return _changed(request, access, project, _("The milestones are saved."))


def _rows_refused(request: HttpRequest, access: Access, project: Project) -> HttpResponse | None:
    """Save the rows that were sent; else the editor, with what is wrong at its place (422).

    A button of a row sends all of them, so that nothing is lost that was typed before it.
    """
    standing = Milestone.objects.filter(project=project).select_related("stage")
    form = MilestonesForm(standing, access.team.stages.all(), request.POST)
    if form.is_valid():
        try:
            rows = milestones.change_all(
                project,
                form.typed,
                by=access.user,
                opened=form.opened,
                drop_reason=form.weighed.cleaned_data["drop_reason"],
            )
        except milestones.RowsRefused as refused:
            form.refuse(refused.causes)
        except drops.DropUnexplained as unexplained:
            form.weighed.ask_why(unexplained.fall)
        else:
            if not_saved := form.not_saved(rows.gone):
                messages.warning(request, not_saved)
            return None
    return _editor(request, access, project, form)


@require_POST
def milestone_move(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """One place up (``up`` is among the data) or down; its value is the place that was seen."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    if (refused := _rows_refused(request, access, milestone.project)) is not None:
        return refused
    way, steps = ("up", -1) if "up" in request.POST else ("down", 1)
    seen = seen_place({"place": request.POST.get(way, "")})
    try:
        milestones.reorder(milestone, steps, by=access.user, seen=seen)
    except MovedAlready as moved:
        notice = moved_already(milestone, moved.place)
        return _changed(request, access, milestone.project, notice, messages.WARNING)
    return _changed(request, access, milestone.project, _("Moved: %(name)s") % {"name": milestone})


@require_POST
def milestone_close(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """Drop a milestone that will not be done, for the reason given."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    if (refused := _rows_refused(request, access, milestone.project)) is not None:
        return refused
    form = DropForm(milestone, request.POST)
    if not form.is_valid():
        return _editor(request, access, milestone.project, form, of=milestone)
    try:
        milestones.close(milestone, form.cleaned_data["reason"], by=access.user)
    except DecidedAlready as closed:
        notice = closed_already(milestone, closed.reason, form.cleaned_data["reason"])
        return _changed(request, access, milestone.project, notice, messages.WARNING)
    notice = _("Dropped: %(name)s") % {"name": milestone}
    return _changed(request, access, milestone.project, notice)


@require_POST
def milestone_reopen(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """Reopen a dropped milestone, or one that was done, at a percent and for a reason."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    form = ReopenForm(milestone, request.POST)
    if form.is_valid():
        try:
            milestones.reopen(milestone, by=access.user, **form.cleaned_data)
        except milestones.PercentMissing:
            form.refuse_percent()
        except ReasonMissing:
            form.refuse_reason()
        except drops.DropUnexplained as unexplained:
            form.ask_why(unexplained.fall)
        except DecidedAlready as opened:
            notice = opened_already(milestone, opened.reason, form.typed())
            return _changed(request, access, milestone.project, notice, messages.WARNING)
        else:
            notice = _("Re-opened: %(name)s") % {"name": milestone}
            return _changed(request, access, milestone.project, notice)
    return _editor(request, access, milestone.project, form, of=milestone)


@require_POST
def milestone_remove(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """Delete one that was added by mistake; one with a history is refused."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    if (refused := _rows_refused(request, access, milestone.project)) is not None:
        return refused
    form = RemoveForm(milestone, request.POST)
    try:
        reason = form.cleaned_data["drop_reason"] if form.is_valid() else ""
        milestones.remove(milestone, by=access.user, drop_reason=reason)
    except drops.DropUnexplained as unexplained:
        form.ask_why(unexplained.fall)
        return _editor(request, access, milestone.project, form, of=milestone)
    except milestones.HasHistory:
        notice = _("%(name)s has a history by now: drop it instead.") % {"name": milestone}
    else:
        notice = _("Removed: %(name)s") % {"name": milestone}
    return _changed(request, access, milestone.project, notice)


def _editor(
    request: HttpRequest,
    access: Access,
    project: Project,
    wrong: Wrong | None = None,
    *,
    of: Milestone | None = None,
    notice: str = "",
) -> HttpResponse:
    """The editor; with the ``wrong`` form ``of`` a milestone in it (422), or with what was done."""
    context = {
        "access": access,
        "section": "projects",
        "project": project,
        "editor": editor_of(project, access.team.stages.all(), wrong, of),
        "in_card": htmx.wants_partial(request),
        "today": access.team.today(),
        "is_first": request.method != "POST",
        "notice": notice,
    }
    template, partial = "projects/project_milestones.html", "milestone_editor"
    return htmx.render(request, template, partial, context, status=422 if wrong else 200)


def _changed(
    request: HttpRequest,
    access: Access,
    project: Project,
    notice: str,
    level: int = messages.SUCCESS,
) -> HttpResponse:
    """Back to the page; in a card, the editor anew, and the card is told to show what is new."""
    if htmx.wants_partial(request):
        response = _editor(request, access, project, notice=notice)
        return htmx.trigger(response, f"milestones-changed-{project.pk}")
    messages.add_message(request, level, notice)
    return redirect("projects:project_milestones", access.team.slug, project.pk)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import htmx
from projects import access as allowed
from projects import checkin, worklist
from projects.access import Access
from projects.forms import CheckInForm, after_conflict
from projects.worklist import Assignment


@require_http_methods(["GET", "HEAD", "POST"])
def project_checkin(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """The form for one project's entry of this week: a page, or one card of a page for htmx."""
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    allowed.require_can_report(access, found)
    assignment = worklist.assignment_of(found, access.team.this_week())
    stages = list(access.team.stages.all())
    form = CheckInForm(assignment, stages, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if form.is_valid() and _record(form, access):
                return _saved(request, access, assignment)
        except checkin.EditConflict:
            now = worklist.assignment_of(found, assignment.week)
            form = after_conflict(form, stages, now)
    status = 422 if form.is_bound else 200
    return _render(request, access, form.assignment, form, status)


def _record(form: CheckInForm, access: Access) -> bool:
    """Save what the valid form says; False when it left out a reason, which is then marked."""
    assignment = form.assignment
    try:
        checkin.record(
            assignment.project,
            assignment.week,
            form.check_in(),
            by=access.user,
            expected_revision=form.cleaned_data["revision"],
        )
    except checkin.ReasonMissing as missing:
        form.ask_for_reasons(missing.names)
        return False
    return True


def _saved(request: HttpRequest, access: Access, assignment: Assignment) -> HttpResponse:
    if not htmx.wants_partial(request):
        messages.success(request, _("Saved: %(project)s") % {"project": assignment.project})
        return redirect("projects:checkin", access.team.slug)
    now = worklist.assignment_of(assignment.project, assignment.week)
    return _render(request, access, now, None, 200)


def _render(
    request: HttpRequest,
    access: Access,
    assignment: Assignment,
    form: CheckInForm | None,
    status: int,
) -> HttpResponse:
    is_all = access.is_manager and request.POST.get("of") == "all"
    if form:
        form.put_cursor()
    context = {
        "access": access,
        "section": "checkin",
        "assignment": assignment,
        "form": form,
        "is_all": is_all,
        "label": access.team.week_label(assignment.week),
        "is_saved": request.method == "POST" and form is None,
    }
    if context["is_saved"]:
        lead = None if is_all else access.user
        context["progress"] = worklist.progress(access.team, assignment.week, lead)
    return htmx.render(
        request, "projects/project_checkin.html", "checkin_card", context, status=status
    )

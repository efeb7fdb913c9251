from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from projects.access import Access, get_project_for_reporter
from projects.checkin import drafts, questions, recording, submission, worklist
from projects.checkin.worklist import Assignment
from projects.forms import CheckInForm, reopened, with_both_texts
from projects.views import cards


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
        typed = drafts.of(access.user, assignment.week, [project])
        form = CheckInForm(assignment, stages, draft=typed.get(project.pk))
        return cards.card(request, access, assignment, form)
    choice = request.POST.get("choice")
    if choice == "theirs" and assignment.entry:
        drafts.discard(access.user, project, assignment.week)
        return cards.saved(request, access, assignment)
    form = CheckInForm(assignment, stages, request.POST)
    if choice == "both":
        return cards.card(request, access, assignment, with_both_texts(form, stages, assignment))
    try:
        if form.is_of_another_week:
            form = reopened(form, stages, assignment)
        elif saved := _submitted(form, access):
            return cards.saved(request, access, saved)
    except recording.EditConflict:
        assignment = worklist.assignment_of(project, assignment.week)
        form = reopened(form, stages, assignment)
    return cards.card(request, access, assignment, form, status=422)


def _submitted(form: CheckInForm, access: Access) -> Assignment | None:
    """Save what the valid form says; ``None`` when something is in the way, which it then marks.

    Raises ``EditConflict``.
    """
    if not form.is_valid():
        return None
    assignment, answered = form.assignment, form.answered()
    try:
        entry = submission.submit(
            assignment.project,
            assignment.week,
            form.check_in(),
            answers=answered,
            by=access.user,
            expected_revision=form.cleaned_data["revision"],
        )
    except recording.ReasonMissing as missing:
        form.ask_for_reasons(missing.names)
    except questions.AlreadyAnswered as late:
        form.mark_answered(late.question)
    else:
        return assignment.reported(entry, (question for question, _words in answered))
    return None

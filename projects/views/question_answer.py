from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects.access import Access, get_question_for_reporter
from projects.checkin import drafts, questions, worklist
from projects.checkin.worklist import Assignment
from projects.forms import AnswerForm, CheckInForm
from projects.views import cards


@require_POST
def question_answer(request: HttpRequest, team: str, question_id: int) -> HttpResponse:
    """Answer a question by itself, before or without the update that it stands in.

    Without htmx the whole check-in form comes along: what is typed there is kept as a draft.
    """
    access, question = get_question_for_reporter(request, team, question_id)
    assignment = worklist.assignment_of(question.project, access.team.this_week())
    if "revision" in request.POST:
        _keep(request, access, assignment)
    form = AnswerForm(question, request.POST, auto_id=f"p{question.project_id}-%s")
    is_answered = form.is_valid() and _answer(form, access, assignment)
    if htmx.wants_partial(request):
        form.put_cursor()
        context = {"access": access, "answer": form, "is_answered": is_answered}
        status = 200 if is_answered else 422
        page = "projects/project_checkin.html#checkin_question"
        return render(request, page, context, status=status)
    if is_answered:
        return redirect(cards.address(request, access, assignment))
    return _with_error(request, access, assignment, form)


def _keep(request: HttpRequest, access: Access, assignment: Assignment) -> None:
    """Keep as a draft what was typed into the check-in form that the answer stood in."""
    form = CheckInForm(assignment, (), request.POST)
    drafts.save(
        access.user,
        assignment.project,
        assignment.week,
        typed=form.typed(),
        standing=form.standing,
        entry_revision=form.opened_revision,
    )


def _answer(form: AnswerForm, access: Access, assignment: Assignment) -> bool:
    """Save the valid answer, which ends its draft; False when somebody else was first."""
    try:
        form.question = questions.answer(form.question, form.words, by=access.user)
    except questions.AlreadyAnswered as late:
        form.mark_answered(late.question)
        return False
    own = form.add_prefix("answer")
    drafts.discard(access.user, assignment.project, assignment.week, own)
    return True


def _with_error(
    request: HttpRequest, access: Access, assignment: Assignment, wrong: AnswerForm
) -> HttpResponse:
    draft = drafts.of(access.user, assignment.week, [assignment.project])
    form = CheckInForm(
        assignment, list(access.team.stages.all()), draft=draft.get(assignment.project.pk)
    )
    form.answers = [wrong, *(one for one in form.answers if one.question != wrong.question)]
    return cards.card(request, access, assignment, form, status=422)

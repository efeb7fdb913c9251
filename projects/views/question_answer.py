from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from projects import access as allowed
from projects import drafts, questions, worklist
from projects.access import Access
from projects.forms import AnswerForm, CheckInForm
from projects.models import Question
from projects.views import cards
from projects.worklist import Assignment


@require_POST
def question_answer(request: HttpRequest, team: str, question: int) -> HttpResponse:
    """Answer a question by itself, before or without the update that it stands in.

    Without htmx the whole check-in form comes along: what is typed there is kept as a draft.
    """
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    rows = Question.objects.select_related("team", "project", "asked_by", "answered_by")
    found = get_object_or_404(rows, team=access.team, pk=question)
    allowed.require_can_report(access, found.project)
    form = AnswerForm(found, request.POST, auto_id=f"p{found.project_id}-%s")
    is_answered = form.is_valid() and _answer(form, access)
    if htmx.wants_partial(request):
        context = {"access": access, "answer": form, "is_answered": is_answered}
        status = 200 if is_answered else 422
        page = "projects/project_checkin.html#checkin_question"
        return render(request, page, context, status=status)
    assignment = _keep_the_rest(request, access, found)
    if is_answered:
        return redirect(cards.address(request, access, assignment))
    return _with_error(request, access, assignment, form)


def _answer(form: AnswerForm, access: Access) -> bool:
    try:
        form.question = questions.answer(form.question, form.words, by=access.user)
    except questions.AlreadyAnswered as late:
        form.mark_answered(late.question)
        return False
    return True


def _keep_the_rest(request: HttpRequest, access: Access, question: Question) -> Assignment:
    """Keep as a draft what the form that the answer stood in holds besides."""
    assignment = worklist.assignment_of(question.project, access.team.this_week())
    form = CheckInForm(assignment, (), request.POST)
    typed = form.typed() if "revision" in request.POST else {}
    drafts.save(
        access.user,
        question.project,
        assignment.week,
        typed={name: words for name, words in typed.items() if name != f"q{question.pk}-answer"},
        standing=form.standing,
        entry_revision=form.opened_revision,
    )
    return assignment


def _with_error(
    request: HttpRequest, access: Access, assignment: Assignment, wrong: AnswerForm
) -> HttpResponse:
    draft = drafts.of(access.user, assignment.week, [assignment.project])
    form = CheckInForm(
        assignment, list(access.team.stages.all()), draft=draft.get(assignment.project.pk)
    )
    form.answers = [wrong, *(one for one in form.answers if one.question != wrong.question)]
    return cards.card(request, access, assignment, form, status=422)

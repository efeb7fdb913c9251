"""The manager's questions on an entry: asked, taken back, and answered by who reports on it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okrtracker import htmx, return_address
from projects.access import (
    Access,
    get_project_for_manager,
    get_question_for_manager,
    get_question_for_reporter,
)
from projects.checkin import drafts, questions, worklist
from projects.checkin.worklist import Assignment
from projects.forms.checkin.card import opened
from projects.forms.checkin.form import CheckInForm
from projects.forms.checkin.questions import AnswerForm, QuestionForm
from projects.teams.week_addresses import named_week
from projects.views.checkin import cards


@require_http_methods(["GET", "HEAD", "POST"])
def question_ask(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Ask about a project's entry of a week: a page, or for htmx what stands beside the entry.

    ``?week=`` says which week, this one without it; ``?text=`` what to begin with; ``?closed``
    gives back the button that opens the form.
    """
    access, project = get_project_for_manager(request, team, project_id)
    week, text = _week(request, access), request.GET.get("text", "")
    context = {
        "access": access,
        "project": project,
        "week_label": access.team.week_label(week),
        "text": text,
        "next": return_address.previous_page(request, _dashboard(access)),
        "row": return_address.row_of(request),
        "asked": None,
        "form": None,
    }
    if request.method == "POST":
        form = QuestionForm(request.POST, project_id=project.pk)
        if form.is_valid():
            asked = questions.ask(project, week, form.cleaned_data["text"], by=access.user)
            return _asked(request, access, context | {"asked": asked})
        return _question(request, context | {"form": form}, status=422)
    if "closed" not in request.GET:
        context["form"] = QuestionForm(project_id=project.pk, text=text)
    return _question(request, context)


def _week(request: HttpRequest, access: Access) -> date:
    present = access.team.this_week()
    label = request.POST.get("week") or request.GET.get("week")
    week = named_week(access.team, label) if label else present
    if week > present:
        raise Http404
    return week


def _asked(request: HttpRequest, access: Access, context: dict[str, object]) -> HttpResponse:
    if htmx.wants_partial(request):
        return htmx.trigger(_question(request, context), "facts-changed")
    messages.success(request, _("Asked: %(question)s") % {"question": context["asked"]})
    return return_address.redirect_back(request, _dashboard(access))


def _dashboard(access: Access) -> str:
    return reverse("reports:dashboard", args=(access.team.slug,))


def _question(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    template, partial = "projects/question_ask.html", "question_ask"
    return htmx.render(request, template, partial, context, status=status)


@require_POST
def question_withdraw(request: HttpRequest, team: str, question_id: int) -> HttpResponse:
    """Take an unanswered question back; an answer that came first is shown instead."""
    access, question = get_question_for_manager(request, team, question_id)
    row, project = return_address.row_of(request), question.project.name
    try:
        questions.withdraw(question, by=access.user)
        notice = _("Withdrawn: %(question)s") % {"question": question}
        result = _("✓ withdrawn")
    except questions.AlreadyAnswered as late:
        result = notice = _("Answered already: %(answer)s") % {"answer": late.question.answer}
    if not htmx.wants_partial(request):
        messages.info(request, notice)
        return return_address.redirect_back(request, _dashboard(access))
    context = {"access": access, "notice": notice, "row": row, "result": result}
    context |= {"question": question, "project": project}
    partial = "question_withdrawn_row" if row else "question_withdrawn"
    response = htmx.render(request, "projects/question_ask.html", partial, context)
    return htmx.trigger(response, "facts-changed")


@require_POST
def question_answer(request: HttpRequest, team: str, question_id: int) -> HttpResponse:
    """Answer a question by itself, before or without the update that it stands in.

    Without htmx the whole check-in form comes along: what is typed there is kept as a draft.
    """
    access, question = get_question_for_reporter(request, team, question_id)
    assignment = worklist.assignment_of(question.project, access.team.this_week())
    if "revision" in request.POST:
        _keep_check_in(request, access, assignment)
    form = AnswerForm(question, request.POST, auto_id=f"p{question.project_id}-%s")
    is_answered = form.is_valid() and _answer(form, access, assignment)
    if htmx.wants_partial(request):
        form.put_cursor()
        context = {"access": access, "answer": form, "is_answered": is_answered}
        status = 200 if is_answered else 422
        template = "projects/project_checkin.html#checkin_question"
        return render(request, template, context, status=status)
    if is_answered:
        return redirect(cards.address(request, access, assignment))
    return _check_in_with_error(request, access, assignment, form)


def _keep_check_in(request: HttpRequest, access: Access, assignment: Assignment) -> None:
    """Keep as a draft what was typed into the check-in form that the answer stood in."""
    form = CheckInForm(assignment, (), request.POST)
    drafts.save(
        access.user,
        assignment.project,
        assignment.week,
        form.typed(),
        standing=form.standing,
        seen=form.opened_revision,
    )


def _answer(form: AnswerForm, access: Access, assignment: Assignment) -> bool:
    """Save the valid answer, which ends its draft; False when somebody else was first."""
    try:
        form.question = questions.answer(form.question, form.words, by=access.user)
    except questions.AlreadyAnswered as late:
        form.mark_answered(late.question)
        return False
    field = form.add_prefix("answer")
    drafts.discard(access.user, assignment.project, assignment.week, field)
    return True


def _check_in_with_error(
    request: HttpRequest, access: Access, assignment: Assignment, wrong: AnswerForm
) -> HttpResponse:
    by_project = drafts.of_projects(access.user, assignment.week, [assignment.project])
    stages = list(access.team.stages.all())
    card = opened(assignment, stages, by_project.get(assignment.project.pk))
    if card.form:
        others = (answer for answer in card.form.answers if answer.question != wrong.question)
        card.form.answers = [wrong, *others]
    return cards.show(request, access, card, status=422)

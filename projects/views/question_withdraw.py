from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import htmx, returning
from projects.access import get_question_for_manager
from projects.checkin import questions


@require_POST
def question_withdraw(request: HttpRequest, team: str, question_id: int) -> HttpResponse:
    """Take an unanswered question back; an answer that came first is shown instead."""
    access, question = get_question_for_manager(request, team, question_id)
    try:
        questions.withdraw(question, by=access.user)
        said = _("Withdrawn: %(question)s") % {"question": question}
    except questions.AlreadyAnswered as late:
        said = _("Answered already: %(answer)s") % {"answer": late.question.answer}
    if not htmx.wants_partial(request):
        messages.info(request, said)
        board = reverse("reports:dashboard", args=(access.team.slug,))
        return returning.back(request, board)
    context = {"access": access, "said": said}
    response = htmx.render(request, "projects/question_ask.html", "question_withdrawn", context)
    return htmx.tell(response, "facts-changed")

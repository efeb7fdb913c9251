from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import htmx, returning
from projects import access as allowed
from projects.checkin import questions
from projects.models import Question


@require_POST
def question_withdraw(request: HttpRequest, team: str, question: int) -> HttpResponse:
    """Take an unanswered question back; an answer that came first is shown instead."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    asked = Question.objects.select_related("team", "project")
    found = get_object_or_404(asked, team=access.team, pk=question)
    allowed.require_manager(access)
    try:
        questions.withdraw(found, by=access.user)
        said = _("Withdrawn: %(question)s") % {"question": found}
    except questions.AlreadyAnswered as late:
        said = _("Answered already: %(answer)s") % {"answer": late.question.answer}
    if not htmx.wants_partial(request):
        messages.info(request, said)
        board = reverse("reports:dashboard", args=(access.team.slug,))
        return returning.back(request, board)
    context = {"access": access, "said": said}
    response = htmx.render(request, "projects/question_ask.html", "question_withdrawn", context)
    return htmx.tell(response, "facts-changed")

"""The manager asks about an entry, the lead answers."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from projects import audit, facts
from projects.models import Project, Question, User


class AlreadyAnswered(Exception):
    """Somebody else answered meanwhile; ``question`` holds those words."""

    def __init__(self, question: Question) -> None:
        self.question = question
        super().__init__(f"question {question.pk} has an answer")


@transaction.atomic
def ask(
    project: Project, week: date, text: str, *, by: User, at: datetime | None = None
) -> Question:
    """Ask; it is printed on each page until it is answered.

    The same question twice is one while it is open.
    """
    text = text.strip()
    if not text:
        raise ValueError("a question has words")
    Project.objects.locked().get(pk=project.pk)
    waiting = Question.objects.filter(project=project, week=week, text=text, answered_at=None)
    if (question := waiting.first()) is not None:
        return question
    question = Question.objects.create(
        team=project.team,
        project=project,
        week=week,
        text=text,
        asked_by=by,
        asked_on_behalf_of=by.on_behalf_of,
        asked_at=at or timezone.now(),
    )
    facts.announce(project.team, [week])
    return question


@transaction.atomic
def answer(question: Question, text: str, *, by: User, at: datetime | None = None) -> Question:
    """Answer an open question. Raises ``AlreadyAnswered`` when other words stand there already."""
    text, at = text.strip(), at or timezone.now()
    if not text:
        raise ValueError("an answer has words")
    team = question.team
    # A conditional update: of two answers at the same moment, the first is kept.
    is_first = Question.objects.filter(pk=question.pk, answered_at=None).update(
        answer=text,
        answered_by=by,
        answered_on_behalf_of=by.on_behalf_of,
        answered_at=at,
    )
    question.refresh_from_db()
    if is_first:
        facts.announce(team, [question.week])
    elif question.answer != text:
        raise AlreadyAnswered(question)
    return question


@transaction.atomic
def withdraw(question: Question, *, by: User) -> None:
    """Delete a question that nobody has answered; an ``AuditRecord`` keeps its text.

    Raises ``AlreadyAnswered`` when an answer came first. Withdrawing it twice is no error.
    """
    team, project = question.team, question.project
    deleted, _ = Question.objects.filter(pk=question.pk, answered_at=None).delete()
    if not deleted:
        if (answered := Question.objects.filter(pk=question.pk).first()) is not None:
            raise AlreadyAnswered(answered)
        return
    asked = {"text": question.text, "week": question.week, "asked_by": question.asked_by}
    audit.note(team, "question.withdraw", question, by=by, project=project, before=asked)
    facts.announce(team, [question.week])

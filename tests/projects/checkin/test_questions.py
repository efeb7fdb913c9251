"""The manager asks, the lead answers; nobody's words are overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projects.checkin import questions
from projects.models import AuditRecord, Project, Question, User, WeekFacts
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import NOW, WEEK, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TEXT = "联调窗口定了吗？"


@pytest.fixture
def project() -> Project:
    team = make_team()
    return make_project(team, lead=make_user(team=team))


@pytest.fixture
def manager(project: Project) -> User:
    return make_user("manager")


def revision(project: Project) -> int:
    return sum(
        WeekFacts.objects.filter(team=project.team, week=WEEK).values_list("revision", flat=True)
    )


def test_question_is_open_until_it_is_answered(project: Project, manager: User) -> None:
    question = questions.ask(project, WEEK, f" {TEXT} ", by=manager, at=NOW)

    assert (question.text, question.asked_by, question.asked_at) == (TEXT, manager, NOW)
    assert list(Question.objects.filter(answered_at=None)) == [question]
    assert revision(project) == 1


def test_question_asked_twice_is_one(project: Project, manager: User) -> None:
    first = questions.ask(project, WEEK, TEXT, by=manager)

    assert questions.ask(project, WEEK, TEXT, by=manager) == first
    assert (Question.objects.count(), revision(project)) == (1, 1)


def test_answered_question_can_be_asked_again(project: Project, manager: User) -> None:
    first = questions.ask(project, WEEK, TEXT, by=manager)
    questions.answer(first, "下周三", by=manager)

    assert questions.ask(project, WEEK, TEXT, by=manager) != first


def test_question_is_printed_on_each_page_until_it_is_answered(
    project: Project, manager: User
) -> None:
    assert project.lead is not None
    asked_in = WEEK - ONE_WEEK
    question = questions.ask(project, asked_in, TEXT, by=manager)
    assert dict(WeekFacts.objects.values_list("week", "revision")) == {
        asked_in: 1,
        WEEK: 1,
        WEEK + ONE_WEEK: 1,
    }

    questions.answer(question, " 下周三 ", by=project.lead, at=NOW)

    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("下周三", project.lead)
    assert question.answered_at == NOW
    assert set(WeekFacts.objects.values_list("revision", flat=True)) == {2}


def test_same_answer_twice_is_one(project: Project, manager: User) -> None:
    question = questions.ask(project, WEEK, TEXT, by=manager, at=NOW)
    questions.answer(question, "下周三", by=manager, at=NOW)

    questions.answer(question, "下周三", by=manager, at=NOW + timedelta(hours=1))

    assert question.answered_at == NOW
    assert revision(project) == 2


def test_second_answer_is_refused_with_the_first(project: Project, manager: User) -> None:
    question = questions.ask(project, WEEK, TEXT, by=manager)
    questions.answer(question, "下周三", by=manager)
    opened_before = Question.objects.get(pk=question.pk)

    with pytest.raises(questions.AlreadyAnswered) as refused:
        questions.answer(opened_before, "还没有", by=manager)

    assert refused.value.question.answer == "下周三"


@pytest.mark.parametrize("words", ["", "  \n"])
def test_blank_question_and_blank_answer_are_refused(
    project: Project, manager: User, words: str
) -> None:
    question = questions.ask(project, WEEK, TEXT, by=manager)

    with pytest.raises(ValueError, match="words"):
        questions.ask(project, WEEK, words, by=manager)
    with pytest.raises(ValueError, match="words"):
        questions.answer(question, words, by=manager)


def test_withdrawn_question_is_audited(project: Project, manager: User) -> None:
    question = questions.ask(project, WEEK, TEXT, by=manager)

    for _ in range(2):
        questions.withdraw(question, by=manager)

    assert not Question.objects.exists()
    record = AuditRecord.objects.get()
    assert (record.action, record.project) == ("question.withdraw", project)
    assert record.before == {"text": TEXT, "week": "2024-06-17", "asked_by": "manager"}
    assert revision(project) == 2


def test_answered_question_cannot_be_withdrawn(project: Project, manager: User) -> None:
    question = questions.ask(project, WEEK, TEXT, by=manager)
    questions.answer(Question.objects.get(), "下周三", by=manager)

    with pytest.raises(questions.AlreadyAnswered) as refused:
        questions.withdraw(question, by=manager)

    assert refused.value.question.answer == "下周三"

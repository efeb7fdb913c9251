"""A question that nobody has answered can be taken back, by a manager."""

from __future__ import annotations

import pytest

from projects.checkin import questions
from projects.models import AuditRecord, Question
from tests.conftest import Personas
from tests.factories import make_project, make_question, make_team, make_user

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def question(personas: Personas) -> Question:
    return make_question(personas.project, personas.manager, "窗口定了吗？")


def address(question: Question) -> str:
    return f"/t/pay/questions/{question.pk}/withdraw/"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 302),
        ("outsider", 404),
        ("viewer", 403),
        ("other_lead", 403),
        ("lead", 403),
        ("manager", 302),
    ],
)
def test_only_a_manager_withdraws(
    personas: Personas, question: Question, name: str, status: int
) -> None:
    assert personas.client(name).post(address(question)).status_code == status
    assert Question.objects.exists() == (name != "manager")


def test_another_teams_question_is_not_there(personas: Personas) -> None:
    theirs = make_question(make_project(make_team("ai")), make_user("other"))
    assert personas.client("manager").post(address(theirs)).status_code == 404
    assert Question.objects.exists()


def test_it_cannot_be_done_by_following_a_link(personas: Personas, question: Question) -> None:
    assert personas.client("manager").get(address(question)).status_code == 405


def test_it_is_gone_and_the_audit_knows(personas: Personas, question: Question) -> None:
    response = personas.client("manager").post(address(question), headers=HTMX)
    assert "Withdrawn: 窗口定了吗？" in response.content.decode()
    assert response["HX-Trigger"] == '{"facts-changed": {}}'
    record = AuditRecord.objects.get()
    assert (record.action, record.by) == ("question.withdraw", personas.manager)
    assert record.before["text"] == "窗口定了吗？"


def test_an_answer_that_came_first_is_kept_and_shown(
    personas: Personas, question: Question
) -> None:
    questions.answer(question, "下周三", by=personas.lead)
    client = personas.client("manager")
    page = client.post(address(question), headers=HTMX).content.decode()
    assert "Answered already: 下周三" in page
    page = client.post(address(question), follow=True).content.decode()
    assert "Answered already: 下周三" in page
    assert Question.objects.get().answer == "下周三"

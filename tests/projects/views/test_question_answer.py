from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.checkin import questions
from projects.models import Draft, Question, StatusEntry
from tests.conftest import Personas
from tests.factories import make_entry, make_project, make_question

HTMX = {"HX-Request": "true"}
TEXT = "工行联调定在哪天？"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def question(personas: Personas) -> Question:
    return make_question(personas.project, personas.manager, TEXT)


def address(question: Question) -> str:
    return f"/t/pay/questions/{question.pk}/answer/"


def answer(question: Question, words: str, **fields: Any) -> dict[str, Any]:
    return {f"q{question.pk}-answer": words, **fields}


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not(personas: Personas, question: Question, name: str, status: int) -> None:
    response = personas.client(name).post(address(question), answer(question, "下周三"))
    assert response.status_code == status
    question.refresh_from_db()
    assert question.answer == ""


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_answering(personas: Personas, question: Question, name: str) -> None:
    response = personas.client(name).post(address(question), answer(question, " 下周三 "))
    assert response["Location"] == f"/t/pay/checkin/#checkin_card_{personas.project.pk}"
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("下周三", getattr(personas, name))


def test_for_htmx_the_answer_comes_back_in_place(personas: Personas, question: Question) -> None:
    client = personas.client("lead")
    page = client.post(address(question), answer(question, "下周三"), headers=HTMX).content.decode()
    assert f'id="question_{question.pk}"' in page
    assert "下周三" in page
    assert "<textarea" not in page
    assert "<form" not in page  # it stands in the form of the check-in


def test_an_answer_that_is_given_is_no_draft_any_more(
    personas: Personas, question: Question
) -> None:
    client = personas.client("lead")
    draft = f"/t/pay/projects/{personas.project.pk}/checkin/draft/"
    client.post(draft, answer(question, "下周", text="打了一半", revision="0"))
    client.post(address(question), answer(question, "下周三"), headers=HTMX)
    assert list(Draft.objects.values_list("field", flat=True)) == ["text"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("words", ["", "  ", "长" * 4_001])
def test_a_wrong_answer_comes_back_marked(
    personas: Personas, question: Question, words: str, headers: dict[str, str]
) -> None:
    response = personas.client("lead").post(
        address(question), answer(question, words), headers=headers
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    assert page.count("autofocus") == 1
    assert words.strip() in page
    question.refresh_from_db()
    assert question.answer == ""


def test_without_javascript_the_rest_of_the_form_is_kept(
    personas: Personas, question: Question
) -> None:
    client = personas.client("lead")
    opened = json.dumps({"text": "", "health": "on_track", "risks": ""})
    entry = {"text": "打了一半", "health": "on_track", "risks": "", "revision": "0"}
    client.post(address(question), answer(question, "下周三", opened=opened, **entry))
    assert dict(Draft.objects.values_list("field", "value")) == {"text": "打了一半"}
    assert "打了一半" in client.get("/t/pay/checkin/").content.decode()
    assert not StatusEntry.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_comes_second_sees_the_first_answer_and_keeps_their_own(
    personas: Personas, question: Question, headers: dict[str, str]
) -> None:
    questions.answer(question, "六月底", by=personas.manager)
    response = personas.client("lead").post(
        address(question), answer(question, "下周三"), headers=headers
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "林岚 has answered meanwhile: 六月底" in page
    assert "下周三" in page
    question.refresh_from_db()
    assert question.answer == "六月底"


def test_the_same_answer_twice_is_one(personas: Personas, question: Question) -> None:
    client = personas.client("lead")
    for _ in range(2):
        assert client.post(address(question), answer(question, "下周三")).status_code == 302


def test_saving_the_entry_saves_the_answer_with_it(personas: Personas, question: Question) -> None:
    said = {"text": "联调完成", "health": "on_track", "revision": "0"}
    path = f"/t/pay/projects/{personas.project.pk}/checkin/"
    personas.client("lead").post(path, answer(question, "下周三", **said))
    question.refresh_from_db()
    assert question.answer == "下周三"
    assert StatusEntry.objects.get().text == "联调完成"


def test_neither_is_saved_when_somebody_answered_first(
    personas: Personas, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"text": "联调完成", "health": "on_track", "revision": "0"}
    path = f"/t/pay/projects/{personas.project.pk}/checkin/"

    def late(asked: Question, *_: object, **__: object) -> Question:
        asked.answer, asked.answered_by = "六月底", personas.manager
        raise questions.AlreadyAnswered(asked)

    monkeypatch.setattr(questions, "answer", late)
    response = personas.client("lead").post(path, answer(question, "下周三", **said))
    assert response.status_code == 422
    assert "has answered meanwhile: 六月底" in response.content.decode()
    assert not StatusEntry.objects.exists()


def test_a_folded_card_keeps_its_open_question(personas: Personas, question: Question) -> None:
    make_entry(personas.project)
    page = personas.client("lead").get("/t/pay/checkin/").content.decode()
    assert address(question) in page


def test_no_other_method(personas: Personas, question: Question) -> None:
    assert personas.client("lead").get(address(question)).status_code == 405


@pytest.mark.parametrize("size", [1, 12])
def test_a_fixed_number_of_queries(personas: Personas, question: Question, size: int) -> None:
    for number in range(size):
        make_question(personas.project, personas.manager, f"问题{number}？")
        make_project(personas.team, f"项目{number}", lead=personas.lead)
    client = personas.client("lead")
    with CaptureQueriesContext(connection) as captured:
        client.post(address(question), answer(question, "下周三"), headers=HTMX)
    assert len(captured) <= 16

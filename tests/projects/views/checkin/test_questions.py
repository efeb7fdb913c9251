"""Questions on an entry: the manager asks and withdraws, who reports answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.checkin import questions
from projects.models import AuditRecord, Draft, Question, StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_project, make_question
from tests.html import element, elements, text, texts

HTMX = {"HX-Request": "true"}
TEXT = "工行联调定在哪天？"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def question(personas: Personas) -> Question:
    return make_question(personas.project, personas.manager, TEXT)


def answer_address(question: Question) -> str:
    return f"/t/pay/questions/{question.pk}/answer/"


def answer(question: Question, words: str, **fields: Any) -> dict[str, Any]:
    return {f"q{question.pk}-answer": words, **fields}


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_answer_is_saved_with_its_author(personas: Personas, question: Question, name: str) -> None:
    response = personas.client(name).post(answer_address(question), answer(question, " 下周三 "))
    pk = personas.project.pk
    assert response["Location"] == f"/t/pay/checkin/?open={pk}#checkin_card_{pk}"
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("下周三", getattr(personas, name))


def test_manager_sees_answers_to_their_own_questions(
    personas: Personas, question: Question
) -> None:
    client = personas.client("manager")
    assert not elements(client.get("/t/pay/checkin/"), ".answered")
    questions.answer(question, "下周三", by=personas.lead)
    shown = text(client.get("/t/pay/checkin/"), ".answered li")
    assert shown.startswith(f"贝易转 {TEXT} 下周三 许澄 ·")
    assert not elements(personas.client("lead").get("/t/pay/checkin/"), ".answered")


def test_htmx_gets_the_answer_in_place(personas: Personas, question: Question) -> None:
    client = personas.client("lead")
    response = client.post(answer_address(question), answer(question, "下周三"), headers=HTMX)
    assert text(response, f"#question_{question.pk} [role=status]") == "Answer 下周三"
    assert elements(response, "textarea") == []
    assert elements(response, "form") == []  # it stands in the form of the check-in


def test_given_answer_is_no_draft_any_more(personas: Personas, question: Question) -> None:
    client = personas.client("lead")
    draft = f"/t/pay/projects/{personas.project.pk}/checkin/draft/"
    client.post(draft, answer(question, "下周", text="打了一半", revision="0"))
    client.post(answer_address(question), answer(question, "下周三"), headers=HTMX)
    assert list(Draft.objects.values_list("field", flat=True)) == ["text"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("words", ["", "  ", "长" * 4_001])
def test_wrong_answer_comes_back_marked(
    personas: Personas, question: Question, words: str, headers: dict[str, str]
) -> None:
    response = personas.client("lead").post(
        answer_address(question), answer(question, words), headers=headers
    )
    assert response.status_code == 422
    field = element(response, "[autofocus]")
    assert (field["name"], field["aria-invalid"]) == (f"q{question.pk}-answer", "true")
    assert field.get_text().strip() == words.strip()
    question.refresh_from_db()
    assert question.answer == ""


def test_answering_without_javascript_keeps_the_rest_of_the_form_as_a_draft(
    personas: Personas, question: Question
) -> None:
    client = personas.client("lead")
    opened = json.dumps({"text": "", "health": "on_track", "risks": ""})
    entry = {"text": "打了一半", "health": "on_track", "risks": "", "revision": "0"}
    client.post(answer_address(question), answer(question, "下周三", opened=opened, **entry))
    assert dict(Draft.objects.values_list("field", "value")) == {"text": "打了一半"}
    assert text(client.get("/t/pay/checkin/"), "[name=text]") == "打了一半"
    assert not StatusEntry.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_second_answer_is_kept_beside_the_first(
    personas: Personas, question: Question, headers: dict[str, str]
) -> None:
    questions.answer(question, "六月底", by=personas.manager)
    response = personas.client("lead").post(
        answer_address(question), answer(question, "下周三"), headers=headers
    )
    assert response.status_code == 422
    assert text(response, ".errorlist") == "林岚 has answered meanwhile: 六月底"
    assert text(response, f"[name=q{question.pk}-answer]") == "下周三"
    question.refresh_from_db()
    assert question.answer == "六月底"


def test_same_answer_sent_twice_is_one(personas: Personas, question: Question) -> None:
    client = personas.client("lead")
    for _ in range(2):
        assert client.post(answer_address(question), answer(question, "下周三")).status_code == 302


def test_saving_the_entry_saves_the_answer_with_it(personas: Personas, question: Question) -> None:
    sent = {"text": "联调完成", "health": "on_track", "revision": "0"}
    path = f"/t/pay/projects/{personas.project.pk}/checkin/"
    personas.client("lead").post(path, answer(question, "下周三", **sent))
    question.refresh_from_db()
    assert question.answer == "下周三"
    assert StatusEntry.objects.get().text == "联调完成"


def test_entry_is_not_saved_when_somebody_answered_first(
    personas: Personas, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"text": "联调完成", "health": "on_track", "revision": "0"}
    path = f"/t/pay/projects/{personas.project.pk}/checkin/"

    def late(asked: Question, *_: object, **__: object) -> Question:
        asked.answer, asked.answered_by = "六月底", personas.manager
        raise questions.AlreadyAnswered(asked)

    monkeypatch.setattr(questions, "answer", late)
    response = personas.client("lead").post(path, answer(question, "下周三", **sent))
    assert response.status_code == 422
    assert text(response, ".errorlist").endswith("has answered meanwhile: 六月底")
    assert not StatusEntry.objects.exists()


@pytest.mark.parametrize("size", [1, 12])
def test_number_of_queries_does_not_grow(personas: Personas, question: Question, size: int) -> None:
    for number in range(size):
        make_question(personas.project, personas.manager, f"问题{number}？")
        make_project(personas.team, f"项目{number}", lead=personas.lead)
    client = personas.client("lead")
    with CaptureQueriesContext(connection) as captured:
        client.post(answer_address(question), answer(question, "下周三"), headers=HTMX)
    assert len(captured) <= 17


# --- asked --------------------------------------------------------------------------------------


@pytest.fixture
def ask_address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/questions/"


def test_asking_without_javascript_is_a_page_that_leads_back(
    personas: Personas, ask_address: str
) -> None:
    client = personas.client("manager")
    came_from = {"Referer": "http://testserver/t/pay/?sort=-percent"}
    page = client.get(ask_address, {"text": "卡在哪里？"}, headers=came_from)
    assert text(page, "[name=text]") == "卡在哪里？"
    assert element(page, "form:has([name=text]) [name=next]")["value"] == "/t/pay/?sort=-percent"
    data = {"text": " 窗口定了吗？ ", "week": "2024-W25", "next": "/t/pay/?sort=-percent"}
    response = client.post(ask_address, data, follow=True)
    assert response.redirect_chain == [("/t/pay/?sort=-percent", 302)]
    assert "Asked: 窗口定了吗？" in texts(response, ".messages li, .message, [role=status]")
    question = Question.objects.get()
    assert (question.text, question.week) == ("窗口定了吗？", WEEK)
    assert (question.project, question.asked_by) == (personas.project, personas.manager)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_asking_never_leads_to_another_site(
    personas: Personas, ask_address: str, elsewhere: str
) -> None:
    response = personas.client("manager").post(ask_address, {"text": "？", "next": elsewhere})
    assert response["Location"] == "/t/pay/"


def test_htmx_asks_in_place(personas: Personas, ask_address: str) -> None:
    client = personas.client("manager")
    form = client.get(ask_address, {"week": "2024-W24"}, headers=HTMX)
    assert "<html" not in form.text
    assert element(form, "[name=week]")["value"] == "2024-W24"
    response = client.post(ask_address, {"text": "窗口？", "week": "2024-W24"}, headers=HTMX)
    asked = response.content.decode()
    assert "Asked: 窗口？" in asked
    assert f"/t/pay/questions/{Question.objects.get().pk}/withdraw/" in asked
    assert response["HX-Trigger"] == '{"facts-changed": {}}'
    closed = client.get(ask_address, {"closed": ""}, headers=HTMX)
    assert elements(closed, "textarea") == []
    assert element(closed, "a")["aria-label"] == "Ask about 贝易转"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("words", ["", "  \n ", "问" * 501], ids=["empty", "blank", "too long"])
def test_question_that_cannot_be_asked_comes_back_marked(
    personas: Personas, ask_address: str, words: str, headers: dict[str, str]
) -> None:
    response = personas.client("manager").post(ask_address, {"text": words}, headers=headers)
    assert response.status_code == 422
    assert element(response, "[name=text][aria-invalid=true]").get_text().strip() == words.strip()
    assert elements(response, ".errorlist")
    assert not Question.objects.exists()


def test_question_asked_twice_is_one(personas: Personas, ask_address: str) -> None:
    client = personas.client("manager")
    for _ in range(2):
        client.post(ask_address, {"text": "窗口？"})
    assert Question.objects.count() == 1


@pytest.mark.parametrize("label", ["2024-W26", "2024-W99", "soon"])
def test_only_a_week_that_has_begun_can_be_asked_about(
    personas: Personas, ask_address: str, label: str
) -> None:
    data = {"text": "窗口？", "week": label}
    assert personas.client("manager").post(ask_address, data).status_code == 404


@pytest.mark.parametrize("place", ["/t/pay/", "/t/pay/weeks/2024-W25/", "/t/pay/projects/{}/"])
@pytest.mark.parametrize("name", ["viewer", "lead", "manager"])
def test_only_a_manager_finds_where_to_ask(
    personas: Personas, ask_address: str, place: str, name: str
) -> None:
    make_entry(personas.project)
    open_one = make_question(personas.project, personas.manager, "窗口定了吗？")
    page = personas.client(name).get(place.format(personas.project.pk))
    assert "窗口定了吗？" in text(page)
    is_manager = name == "manager"
    assert bool(elements(page, f'a[href^="{ask_address}?week="]')) == is_manager
    withdraw = f'form[action="/t/pay/questions/{open_one.pk}/withdraw/"]'
    assert bool(elements(page, withdraw)) == is_manager


# --- withdrawn ----------------------------------------------------------------------------------


def withdraw_address(question: Question) -> str:
    return f"/t/pay/questions/{question.pk}/withdraw/"


def test_withdrawn_question_is_gone_and_audited(personas: Personas, question: Question) -> None:
    response = personas.client("manager").post(withdraw_address(question), headers=HTMX)
    assert text(response, "[role=status]") == f"Withdrawn: {TEXT}"
    assert response["HX-Trigger"] == '{"facts-changed": {}}'
    record = AuditRecord.objects.get()
    assert (record.action, record.by) == ("question.withdraw", personas.manager)
    assert record.before["text"] == TEXT


def test_answered_question_is_kept_and_its_answer_shown(
    personas: Personas, question: Question
) -> None:
    questions.answer(question, "下周三", by=personas.lead)
    client = personas.client("manager")
    response = client.post(withdraw_address(question), headers=HTMX)
    assert text(response, "[role=status]") == "Answered already: 下周三"
    page = client.post(withdraw_address(question), follow=True)
    assert "Answered already: 下周三" in text(page)
    assert Question.objects.get().answer == "下周三"

"""The manager asks about an entry, in place or on a page of its own; nobody else can."""

from __future__ import annotations

import pytest

from projects.models import Question
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_project, make_question, make_team

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/questions/"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 302),
        ("outsider", 404),
        ("viewer", 403),
        ("other_lead", 403),
        ("lead", 403),
        ("manager", 200),
    ],
)
def test_only_a_manager_asks(personas: Personas, address: str, name: str, status: int) -> None:
    client = personas.client(name)
    assert client.get(address).status_code == status
    posted = client.post(address, {"text": "窗口定了吗？"}).status_code
    assert posted == (302 if name == "manager" else status)
    assert Question.objects.exists() == (name == "manager")


def test_another_teams_project_is_not_there(personas: Personas) -> None:
    theirs = make_project(make_team("ai"))
    address = f"/t/pay/projects/{theirs.pk}/questions/"
    assert personas.client("manager").post(address, {"text": "？"}).status_code == 404


def test_without_a_script_it_is_a_page_and_leads_back(personas: Personas, address: str) -> None:
    client = personas.client("manager")
    came_from = {"Referer": "http://testserver/t/pay/?sort=-percent"}
    page = client.get(address, {"text": "卡在哪里？"}, headers=came_from).content.decode()
    assert "卡在哪里？</textarea>" in page
    assert 'name="next" value="/t/pay/?sort=-percent"' in page
    data = {"text": " 窗口定了吗？ ", "week": "2024-W25", "next": "/t/pay/?sort=-percent"}
    response = client.post(address, data, follow=True)
    assert response.redirect_chain == [("/t/pay/?sort=-percent", 302)]
    assert "Asked: 窗口定了吗？" in response.content.decode()
    question = Question.objects.get()
    assert (question.text, question.week) == ("窗口定了吗？", WEEK)
    assert (question.project, question.asked_by) == (personas.project, personas.manager)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_it_never_leads_to_another_site(personas: Personas, address: str, elsewhere: str) -> None:
    response = personas.client("manager").post(address, {"text": "？", "next": elsewhere})
    assert response["Location"] == "/t/pay/"


def test_htmx_swaps_it_in_place(personas: Personas, address: str) -> None:
    client = personas.client("manager")
    form = client.get(address, {"week": "2024-W24"}, headers=HTMX).content.decode()
    assert "<html" not in form
    assert 'name="week" value="2024-W24"' in form
    response = client.post(address, {"text": "窗口？", "week": "2024-W24"}, headers=HTMX)
    asked = response.content.decode()
    assert "Asked: 窗口？" in asked
    assert f"/t/pay/questions/{Question.objects.get().pk}/withdraw/" in asked
    assert response["HX-Trigger"] == '{"facts-changed": {}}'
    closed = client.get(address, {"closed": ""}, headers=HTMX).content.decode()
    assert "<textarea" not in closed
    assert "Ask about 贝易转" in closed


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("text", ["", "  \n ", "问" * 501], ids=["empty", "blank", "too long"])
def test_what_cannot_be_asked_comes_back_marked(
    personas: Personas, address: str, text: str, headers: dict[str, str]
) -> None:
    response = personas.client("manager").post(address, {"text": text}, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    assert "errorlist" in page
    assert text.strip() in page
    assert not Question.objects.exists()


def test_asking_twice_is_asking_once(personas: Personas, address: str) -> None:
    client = personas.client("manager")
    for _ in range(2):
        client.post(address, {"text": "窗口？"})
    assert Question.objects.count() == 1


@pytest.mark.parametrize("label", ["2024-W26", "2024-W99", "soon"])
def test_only_a_week_that_has_begun_can_be_asked_about(
    personas: Personas, address: str, label: str
) -> None:
    data = {"text": "窗口？", "week": label}
    assert personas.client("manager").post(address, data).status_code == 404


@pytest.mark.parametrize("place", ["/t/pay/", "/t/pay/weeks/2024-W25/", "/t/pay/projects/{}/"])
@pytest.mark.parametrize("name", ["viewer", "lead", "manager"])
def test_only_a_manager_finds_where_to_ask(
    personas: Personas, address: str, place: str, name: str
) -> None:
    make_entry(personas.project)
    open_one = make_question(personas.project, personas.manager, "窗口定了吗？")
    page = personas.client(name).get(place.format(personas.project.pk)).content.decode()
    assert "窗口定了吗？" in page
    assert (f'href="{address}?week=' in page) == (name == "manager")
    assert (f"/t/pay/questions/{open_one.pk}/withdraw/" in page) == (name == "manager")

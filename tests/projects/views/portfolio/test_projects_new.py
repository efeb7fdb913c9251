from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import (
    Objective,
    Project,
)
from tests.conftest import Personas
from tests.factories import (
    make_cycle,
    make_objective,
    make_team,
    make_user,
)
from tests.html import texts

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/projects/"


NEW = "/t/pay/projects/new/"


def lines(*typed: dict[str, object]) -> dict[str, object]:
    data: dict[str, object] = {"p-TOTAL_FORMS": 5, "p-INITIAL_FORMS": 0}
    for number, line in enumerate(typed):
        data |= {f"p-{number}-{field}": value for field, value in line.items()}
    return data


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def test_several_projects_begin_at_once(personas: Personas, objective: Objective) -> None:
    client = personas.client("manager")
    typed = lines(
        {"name": "日切\n提速", "objective": objective.pk, "lead": "许澄"},
        {},
        {"name": "对账平台", "lead": "other_lead"},
        {"name": "账务核心", "lead": "赵宁"},
    )
    assert client.post(NEW, typed).status_code == 302
    begun = [
        (project.name, project.objective, project.lead, project.lead_name)
        for project in Project.objects.exclude(pk=personas.project.pk)
    ]
    assert begun == [
        ("日切 提速", objective, personas.lead, ""),
        ("对账平台", None, personas.other_lead, ""),
        ("账务核心", None, None, "赵宁"),
    ]
    assert "3 projects created." in client.get("/t/pay/").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (({},), "Name one project at least."),
        (({"lead": "许澄"},), "required"),
        (({"name": "甲"}, {"name": "甲"}), "This name is on two lines."),
        (({"name": "甲"}, {"name": "贝易转项目"}), "means a project already: 贝易转"),
        (({"name": "<script>"}, {"name": "——"}), "A name needs a letter, a digit or a character."),
        (({"name": "长" * 121},), "at most 120"),
        (({"name": "甲", "objective": "999"},), "Select a valid choice"),
        (({"name": "甲", "objective": "<b>"},), "Select a valid choice"),
    ],
)
def test_wrong_line_is_marked_and_nothing_begins(
    personas: Personas, objective: Objective, typed: tuple[dict[str, object], ...], message: str
) -> None:
    response = personas.client("manager").post(NEW, lines(*typed))
    assert response.status_code == 422
    assert message in response.text
    assert "<script>" not in response.text
    for line in typed:
        if line.get("name") == "甲":
            assert 'value="甲"' in response.text
    assert Project.objects.count() == 1


def test_lead_name_of_several_members_is_refused(personas: Personas) -> None:
    make_user("xu2", "许澄", personas.team)
    response = personas.client("manager").post(NEW, lines({"name": "甲", "lead": "许澄"}))
    assert response.status_code == 422
    problem = "Several people have this name. Write one of: lead, xu2"
    assert texts(response, ".errorlist li") == [problem]
    personas.client("manager").post(NEW, lines({"name": "甲", "lead": "xu2"}))
    assert (
        Project.objects.get(name="甲").lead
        == personas.team.memberships.get(user__username="xu2").user
    )


def test_objective_of_another_team_is_no_choice(personas: Personas) -> None:
    foreign = make_objective(make_cycle(make_team("other")))
    response = personas.client("manager").post(NEW, lines({"name": "甲", "objective": foreign.pk}))
    assert response.status_code == 422


@pytest.mark.parametrize("total", ["", "-1", "x", "100000"])
def test_broken_management_form_is_refused(personas: Personas, total: str) -> None:
    typed = lines({"name": "甲"}) | {"p-TOTAL_FORMS": total}
    assert personas.client("manager").post(NEW, typed).status_code == 422
    assert Project.objects.count() == 1


def test_team_without_objectives_is_led_to_them(personas: Personas) -> None:
    page = personas.client("manager").get(NEW).text
    assert 'href="/t/pay/cycles/new/"' in page


def test_more_lines_are_offered(personas: Personas) -> None:
    client = personas.client("manager")
    assert client.get(NEW).text.count("<fieldset") == 5
    assert client.get(f"{NEW}?lines=15").text.count("<fieldset") == 15
    assert client.get(f"{NEW}?lines=100000").text.count("<fieldset") == 5


def test_lines_add_no_queries(personas: Personas, objective: Objective) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(NEW)
        return len(captured)

    few = queries()
    for number in range(6):
        make_objective(objective.cycle, f"P{number}")
        make_user(f"member{number}", team=personas.team)
    assert queries() == few

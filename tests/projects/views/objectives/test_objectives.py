from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, Cycle, Objective, Role, Team
from tests.conftest import Personas
from tests.factories import (
    make_cycle,
    make_key_result,
    make_metric,
    make_objective,
    make_project,
    make_user,
)
from tests.html import form_data, opened_json, row

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def new_page(cycle: Cycle) -> str:
    return f"/t/pay/cycles/{cycle.pk}/objectives/new/"


def test_cycle_of_another_team_is_not_found(personas: Personas) -> None:
    theirs = make_cycle(Team.objects.get(slug="risk"))
    assert personas.client("manager").get(new_page(theirs)).status_code == 404


def test_form_proposes_the_next_code(personas: Personas, cycle: Cycle) -> None:
    make_objective(cycle)
    assert 'value="O2"' in personas.client("manager").get(new_page(cycle)).content.decode()


def test_objective_is_made(personas: Personas, cycle: Cycle) -> None:
    data = {"code": " ｏ 1 ", "name": "业务服务", "owner": personas.lead.pk}
    response = personas.client("manager").post(new_page(cycle), data)
    made = Objective.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        f"/t/pay/objectives/{made.pk}/edit/",
    )
    assert (made.cycle, made.code, made.owner) == (cycle, "O1", personas.lead)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": "", "name": "业务"}, "What is it called for short?"),
        ({"code": "O2", "name": "  "}, "What is to be achieved?"),
        ({"code": "O1", "name": "业务"}, "O1 业务服务 has this code already."),
        ({"code": "O" * 21, "name": "业务"}, "at most 20 characters"),
        ({"code": "O2", "name": "长" * 201}, "at most 200 characters"),
        ({"code": "O2", "name": "业务", "owner": "999999"}, "Select a valid choice"),
    ],
)
def test_wrong_new_objective_is_marked(
    personas: Personas, cycle: Cycle, data: dict[str, str], words: str
) -> None:
    make_objective(cycle, "O1", "业务服务")
    response = personas.client("manager").post(new_page(cycle), data)
    page = response.content.decode()
    assert (response.status_code, Objective.objects.count()) == (422, 1)
    assert words in page
    assert data["name"].strip() in page


def test_typed_markup_is_escaped(personas: Personas, cycle: Cycle) -> None:
    data = {"code": "", "name": "<script>alert(1)</script>"}
    page = personas.client("manager").post(new_page(cycle), data).content.decode()
    assert "<script>alert" not in page


def test_objective_is_aligned_to_one_of_the_managers_other_teams(
    personas: Personas, cycle: Cycle
) -> None:
    other = Team.objects.get(slug="risk")
    theirs = make_objective(make_cycle(other), "O7", "风险可控")
    client = personas.client("manager")
    assert "风险可控" not in client.get(new_page(cycle)).content.decode()
    data = {"code": "O1", "name": "业务", "aligned_to": theirs.pk}
    client.post(new_page(cycle), data)
    assert Objective.objects.get(code="O1").aligned_to is None

    other.memberships.create(user=personas.manager, role=Role.VIEWER)
    assert "风险可控" in client.get(new_page(cycle)).content.decode()
    client.post(new_page(cycle), data | {"code": "O2"})
    assert Objective.objects.get(code="O2").aligned_to == theirs


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team), "O1", "业务服务")


def edit_page(objective: Objective) -> str:
    return f"/t/pay/objectives/{objective.pk}/edit/"


def test_change_leads_back_to_the_page(personas: Personas, objective: Objective) -> None:
    data = {"code": "O3", "name": "服务好业务", "owner": personas.lead.pk}
    response = personas.client("manager").post(edit_page(objective), data)
    objective.refresh_from_db()
    assert response["Location"] == f"/t/pay/objectives/{objective.pk}/"
    assert (objective.code, objective.name) == (
        "O3",
        "服务好业务",
    )
    assert objective.owner == personas.lead
    assert AuditRecord.objects.get().by == personas.manager


def test_name_changed_meanwhile_is_shown(personas: Personas, objective: Objective) -> None:
    opened = opened_json(code="O1", name="旧的名字")
    typed = {"code": "O1", "name": "服务好业务", "opened": opened}
    response = personas.client("manager").post(edit_page(objective), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert row(response, "Name", "table.differences")["Theirs"] == objective.name
    assert 'value="服务好业务"' in page
    again = form_data(response, "form.fields")
    personas.client("manager").post(edit_page(objective), again)
    objective.refresh_from_db()
    assert objective.name == "服务好业务"


def test_code_of_another_objective_is_refused(personas: Personas, objective: Objective) -> None:
    make_objective(objective.cycle, "O2", "能力升级")
    data = {"code": "O2", "name": "服务好业务"}
    response = personas.client("manager").post(edit_page(objective), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "O2 能力升级 has this code already." in page
    assert "服务好业务" in page


def test_owner_who_left_the_team_is_kept(personas: Personas, objective: Objective) -> None:
    objective.owner = make_user("gone", "何川")
    objective.save()
    client = personas.client("manager")
    assert "何川" in client.get(edit_page(objective)).content.decode()
    client.post(
        edit_page(objective),
        {"code": "O1", "name": "新", "owner": objective.owner.pk},
    )
    objective.refresh_from_db()
    assert objective.owner.name == "何川"


def test_alignment_that_the_manager_cannot_see_is_kept(
    personas: Personas, objective: Objective
) -> None:
    seen, unseen = Team.objects.get(slug="risk"), Team.objects.create(slug="hr", name="人力")
    seen.memberships.create(user=personas.manager, role=Role.VIEWER)
    make_objective(make_cycle(seen), "O7", "风险可控")
    theirs = make_objective(make_cycle(unseen), "O8", "看不见的")
    objective.aligned_to = theirs
    objective.save()
    client = personas.client("manager")
    assert "看不见的" not in client.get(edit_page(objective)).content.decode()
    client.post(
        edit_page(objective),
        {"code": "O1", "name": "新", "aligned_to": ""},
    )
    objective.refresh_from_db()
    assert (objective.name, objective.aligned_to) == (
        "新",
        theirs,
    )


def test_delete_is_offered_while_nothing_refers_to_the_objective(
    personas: Personas, objective: Objective
) -> None:
    client, action = (
        personas.client("manager"),
        f"/t/pay/objectives/{objective.pk}/delete/",
    )
    assert action in client.get(edit_page(objective)).content.decode()
    make_project(personas.team, "POS", objective)
    assert action not in client.get(edit_page(objective)).content.decode()


def test_key_results_add_no_queries(personas: Personas, objective: Objective) -> None:
    client = personas.client("manager")

    def fill(numbers: range) -> None:
        for number in numbers:
            make_key_result(objective, make_metric(personas.team, f"指标{number}"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(edit_page(objective))
        return len(captured)

    fill(range(4))
    few = queries()
    fill(range(4, 40))
    assert queries() == few


def test_manager_moves_an_objective(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    make_objective(cycle, "O1")
    second = make_objective(cycle, "O2")
    response = personas.client("manager").post(f"/t/pay/objectives/{second.pk}/move/", {"up": ""})
    order = list(cycle.objectives.values_list("code", flat=True))
    assert response.status_code == 302
    assert order == ["O2", "O1"]


def test_move_leads_back_to_the_objective(personas: Personas) -> None:
    cycle = make_cycle(personas.team, "2024 & H1")
    first, _ = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    response = personas.client("manager").post(f"/t/pay/objectives/{first.pk}/move/", {"down": ""})
    assert response["Location"] == f"/t/pay/objectives/?cycle=2024+%26+H1#o{first.pk}"
    assert list(cycle.objectives.values_list("code", flat=True)) == ["O2", "O1"]


def test_get_moves_nothing(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    assert (
        personas.client("manager").get(f"/t/pay/objectives/{objective.pk}/move/").status_code == 405
    )


@pytest.fixture
def lone_objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def test_manager_deletes_an_objective(personas: Personas, lone_objective: Objective) -> None:
    response = personas.client("manager").post(f"/t/pay/objectives/{lone_objective.pk}/delete/")
    assert response.status_code == 302
    assert not Objective.objects.exists()


def test_objective_in_use_is_not_deleted(personas: Personas, lone_objective: Objective) -> None:
    make_project(personas.team, "POS", lone_objective)
    address = f"/t/pay/objectives/{lone_objective.pk}/delete/"
    response = personas.client("manager").post(address, follow=True)
    assert "is in use" in response.content.decode()
    assert Objective.objects.exists()

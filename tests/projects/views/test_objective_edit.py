from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, Objective, Role, Team
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
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team), "O1", "业务服务")


def address(objective: Objective) -> str:
    return f"/t/pay/objectives/{objective.pk}/edit/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_a_manager_may(
    personas: Personas, objective: Objective, name: str, status: int, method: str
) -> None:
    data = {"code": "O9", "name": "别的"}
    response = getattr(personas.client(name), method)(address(objective), data)
    objective.refresh_from_db()
    assert (response.status_code, objective.code) == (status, "O1")


def test_a_change_leads_back_to_the_page(personas: Personas, objective: Objective) -> None:
    data = {"code": "O3", "name": "服务好业务", "owner": personas.lead.pk}
    response = personas.client("manager").post(address(objective), data)
    objective.refresh_from_db()
    assert response["Location"] == f"/t/pay/objectives/{objective.pk}/"
    assert (objective.code, objective.name) == ("O3", "服务好业务")
    assert objective.owner == personas.lead
    assert AuditRecord.objects.get().by == personas.manager


def test_a_name_that_was_changed_meanwhile_is_shown(
    personas: Personas, objective: Objective
) -> None:
    opened = opened_json(code="O1", name="旧的名字")
    said = {"code": "O1", "name": "服务好业务", "opened": opened}
    response = personas.client("manager").post(address(objective), said)
    page = response.content.decode()
    assert response.status_code == 422
    assert row(response, "Name", "table.differences")["Theirs"] == objective.name
    assert 'value="服务好业务"' in page
    again = form_data(response, "form.fields")
    personas.client("manager").post(address(objective), again)
    objective.refresh_from_db()
    assert objective.name == "服务好业务"


def test_a_code_that_is_taken(personas: Personas, objective: Objective) -> None:
    make_objective(objective.cycle, "O2", "能力升级")
    data = {"code": "O2", "name": "服务好业务"}
    response = personas.client("manager").post(address(objective), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "O2 能力升级 has this code already." in page
    assert "服务好业务" in page


def test_an_owner_who_left_stays_the_owner(personas: Personas, objective: Objective) -> None:
    objective.owner = make_user("gone", "何川")
    objective.save()
    client = personas.client("manager")
    assert "何川" in client.get(address(objective)).content.decode()
    client.post(address(objective), {"code": "O1", "name": "新", "owner": objective.owner.pk})
    objective.refresh_from_db()
    assert objective.owner.name == "何川"


def test_an_alignment_beyond_the_managers_sight_is_kept(
    personas: Personas, objective: Objective
) -> None:
    seen, unseen = Team.objects.get(slug="risk"), Team.objects.create(slug="hr", name="人力")
    seen.memberships.create(user=personas.manager, role=Role.VIEWER)
    make_objective(make_cycle(seen), "O7", "风险可控")
    theirs = make_objective(make_cycle(unseen), "O8", "看不见的")
    objective.aligned_to = theirs
    objective.save()
    client = personas.client("manager")
    assert "看不见的" not in client.get(address(objective)).content.decode()
    client.post(address(objective), {"code": "O1", "name": "新", "aligned_to": ""})
    objective.refresh_from_db()
    assert (objective.name, objective.aligned_to) == ("新", theirs)


def test_deleting_is_offered_while_nothing_refers_to_it(
    personas: Personas, objective: Objective
) -> None:
    client, action = personas.client("manager"), f"/t/pay/objectives/{objective.pk}/delete/"
    assert action in client.get(address(objective)).content.decode()
    make_project(personas.team, "POS", objective)
    assert action not in client.get(address(objective)).content.decode()


def test_a_fixed_number_of_queries(personas: Personas, objective: Objective) -> None:
    client = personas.client("manager")

    def fill(numbers: range) -> None:
        for number in numbers:
            make_key_result(objective, make_metric(personas.team, f"指标{number}"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address(objective))
        return len(captured)

    fill(range(4))
    few = queries()
    fill(range(4, 40))
    assert queries() == few

from __future__ import annotations

import pytest

from projects.models import Cycle, Objective, Role, Team
from tests.conftest import Personas
from tests.factories import make_cycle, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def address(cycle: Cycle) -> str:
    return f"/t/pay/cycles/{cycle.pk}/objectives/new/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_a_manager_may(
    personas: Personas, cycle: Cycle, name: str, status: int, method: str
) -> None:
    data = {"code": "O1", "name": "业务服务"}
    assert getattr(personas.client(name), method)(address(cycle), data).status_code == status
    assert not Objective.objects.exists()


def test_another_teams_cycle_is_not_there(personas: Personas) -> None:
    theirs = make_cycle(Team.objects.get(slug="risk"))
    assert personas.client("manager").get(address(theirs)).status_code == 404


def test_it_proposes_the_next_code(personas: Personas, cycle: Cycle) -> None:
    make_objective(cycle)
    assert 'value="O2"' in personas.client("manager").get(address(cycle)).content.decode()


def test_a_new_objective(personas: Personas, cycle: Cycle) -> None:
    data = {"code": " O1 ", "name": "业务服务", "owner": personas.lead.pk}
    response = personas.client("manager").post(address(cycle), data)
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
def test_what_is_wrong_comes_back_marked(
    personas: Personas, cycle: Cycle, data: dict[str, str], words: str
) -> None:
    make_objective(cycle, "O1", "业务服务")
    response = personas.client("manager").post(address(cycle), data)
    page = response.content.decode()
    assert (response.status_code, Objective.objects.count()) == (422, 1)
    assert words in page
    assert data["name"].strip() in page


def test_what_was_typed_is_text(personas: Personas, cycle: Cycle) -> None:
    data = {"code": "", "name": "<script>alert(1)</script>"}
    page = personas.client("manager").post(address(cycle), data).content.decode()
    assert "<script>alert" not in page


def test_it_can_be_aligned_to_what_the_manager_sees_elsewhere(
    personas: Personas, cycle: Cycle
) -> None:
    other = Team.objects.get(slug="risk")
    theirs = make_objective(make_cycle(other), "O7", "风险可控")
    client = personas.client("manager")
    assert "风险可控" not in client.get(address(cycle)).content.decode()
    data = {"code": "O1", "name": "业务", "aligned_to": theirs.pk}
    client.post(address(cycle), data)
    assert Objective.objects.get(code="O1").aligned_to is None

    other.memberships.create(user=personas.manager, role=Role.VIEWER)
    assert "风险可控" in client.get(address(cycle)).content.decode()
    client.post(address(cycle), data | {"code": "O2"})
    assert Objective.objects.get(code="O2").aligned_to == theirs

from __future__ import annotations

import pytest

from projects.models import Objective
from tests.conftest import Personas
from tests.factories import make_cycle, make_objective, make_project

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 302)],
)
def test_only_a_manager_may(
    personas: Personas, objective: Objective, name: str, status: int
) -> None:
    response = personas.client(name).post(f"/t/pay/objectives/{objective.pk}/delete/")
    assert response.status_code == status
    assert Objective.objects.exists() is (name != "manager")


def test_what_is_in_use_stays_and_says_so(personas: Personas, objective: Objective) -> None:
    make_project(personas.team, "POS", objective)
    address = f"/t/pay/objectives/{objective.pk}/delete/"
    response = personas.client("manager").post(address, follow=True)
    assert "is in use" in response.content.decode()
    assert Objective.objects.exists()

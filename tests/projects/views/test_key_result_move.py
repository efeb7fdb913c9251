from __future__ import annotations

import pytest

from projects.models import Objective
from tests.conftest import Personas
from tests.factories import make_cycle, make_key_result, make_metric, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 302)],
)
@pytest.mark.parametrize("way", ["up", "down"])
def test_only_a_manager_may(
    personas: Personas, objective: Objective, name: str, status: int, way: str
) -> None:
    first, second = (
        make_key_result(objective, make_metric(personas.team, metric)) for metric in "甲乙"
    )
    moved = second if way == "up" else first
    path = f"/t/pay/objectives/{objective.pk}/key-results/{moved.pk}/move/"
    response = personas.client(name).post(path, {way: ""})
    assert response.status_code == status
    order = list(objective.key_results.all())
    assert order == ([second, first] if name == "manager" else [first, second])

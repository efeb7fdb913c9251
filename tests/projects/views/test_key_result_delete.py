from __future__ import annotations

import pytest

from projects.models import KeyResult, Metric
from tests.conftest import Personas
from tests.factories import make_cycle, make_key_result, make_metric, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def result(personas: Personas) -> KeyResult:
    objective = make_objective(make_cycle(personas.team))
    return make_key_result(objective, make_metric(personas.team, "占比"), 20, 60)


def address(result: KeyResult) -> str:
    return f"/t/pay/objectives/{result.objective_id}/key-results/{result.pk}/delete/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 302)],
)
def test_only_a_manager_may(personas: Personas, result: KeyResult, name: str, status: int) -> None:
    assert personas.client(name).post(address(result)).status_code == status
    assert KeyResult.objects.exists() is (name != "manager")
    assert Metric.objects.exists()

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.models import KeyResult
from tests.conftest import Personas
from tests.factories import make_cycle, make_key_result, make_metric, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def result(personas: Personas) -> KeyResult:
    objective = make_objective(make_cycle(personas.team))
    return make_key_result(objective, make_metric(personas.team, "占比"), 20, 60)


def address(result: KeyResult) -> str:
    return f"/t/pay/objectives/{result.objective_id}/key-results/{result.pk}/"


def data(result: KeyResult, **said: str) -> dict[str, object]:
    return {"metric": result.metric_id, "baseline": "20", "target": "60", **said}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_a_manager_may(
    personas: Personas, result: KeyResult, name: str, status: int, method: str
) -> None:
    said = data(result, target="80")
    assert getattr(personas.client(name), method)(address(result), said).status_code == status
    result.refresh_from_db()
    assert result.target == 60


def test_it_shows_what_stands_there(personas: Personas, result: KeyResult) -> None:
    page = personas.client("manager").get(address(result)).content.decode()
    for words in ('value="20"', 'value="60"', "占比 (%)"):
        assert words in page


def test_a_new_target(personas: Personas, result: KeyResult) -> None:
    response = personas.client("manager").post(address(result), data(result, target="72.5"))
    result.refresh_from_db()
    assert (response.status_code, result.target) == (302, Decimal("72.5"))


@pytest.mark.parametrize("target", ["20", "", "sechzig"])
def test_a_target_that_is_none(personas: Personas, result: KeyResult, target: str) -> None:
    response = personas.client("manager").post(address(result), data(result, target=target))
    result.refresh_from_db()
    assert (response.status_code, result.target) == (422, 60)


def test_a_key_result_of_another_objective_is_not_there(
    personas: Personas, result: KeyResult
) -> None:
    other = make_objective(result.objective.cycle, "O2")
    path = f"/t/pay/objectives/{other.pk}/key-results/{result.pk}/"
    assert personas.client("manager").get(path).status_code == 404

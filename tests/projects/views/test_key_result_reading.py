from __future__ import annotations

from decimal import Decimal

import pytest

from projects.models import KeyResult, Reading, WeekFacts
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_key_result,
    make_metric,
    make_objective,
    make_reading,
)
from tests.html import opened_json, row

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def result(personas: Personas) -> KeyResult:
    objective = make_objective(make_cycle(personas.team))
    return make_key_result(objective, make_metric(personas.team, "占比"), 20, 60)


def address(result: KeyResult) -> str:
    return f"/t/pay/objectives/{result.objective_id}/key-results/{result.pk}/reading/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 302)],
)
def test_only_a_manager_may(personas: Personas, result: KeyResult, name: str, status: int) -> None:
    assert personas.client(name).post(address(result), {"value": "48"}).status_code == status
    assert Reading.objects.exists() is (name == "manager")


def test_it_is_this_weeks_and_replaces_what_was_there(
    personas: Personas, result: KeyResult
) -> None:
    make_reading(result.metric, "40")
    personas.client("manager").post(address(result), {"value": "48.25"})
    reading = Reading.objects.get()
    assert (reading.week, reading.value) == (WEEK, Decimal("48.25"))
    assert WeekFacts.objects.filter(week=WEEK).exists()


@pytest.mark.parametrize("value", ["", "多", "1.23456", "9" * 30, "<script>"])
def test_what_is_no_number_comes_back(personas: Personas, result: KeyResult, value: str) -> None:
    response = personas.client("manager").post(address(result), {"value": value})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<script>" not in page.split("<main")[1]
    assert value.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "占比" in page
    assert not Reading.objects.exists()


def test_a_value_read_meanwhile_is_shown(personas: Personas, result: KeyResult) -> None:
    make_reading(result.metric, "45")
    said = {"value": "48", "opened": opened_json(value="")}
    response = personas.client("manager").post(address(result), said)
    assert response.status_code == 422
    assert row(response, "This week", "table.differences")["Theirs"] == "45"
    assert Reading.objects.get().value == 45

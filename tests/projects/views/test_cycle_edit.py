from __future__ import annotations

from datetime import date

import pytest

from projects.models import Cycle, Team
from tests.conftest import Personas
from tests.factories import make_cycle, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def address(cycle: Cycle) -> str:
    return f"/t/pay/cycles/{cycle.pk}/"


def data(**said: str) -> dict[str, str]:
    return {"name": "2024H1", "starts_on": "2024-01-01", "ends_on": "2024-06-30", **said}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_a_manager_may(
    personas: Personas, cycle: Cycle, name: str, status: int, method: str
) -> None:
    said = data(name="别的")
    assert getattr(personas.client(name), method)(address(cycle), said).status_code == status
    cycle.refresh_from_db()
    assert cycle.name == "2024H1"


def test_another_teams_cycle_is_not_there(personas: Personas) -> None:
    theirs = make_cycle(Team.objects.get(slug="risk"))
    assert personas.client("manager").get(address(theirs)).status_code == 404


def test_other_dates_and_another_name(personas: Personas, cycle: Cycle) -> None:
    said = data(name="上半年", ends_on="2024-07-14")
    response = personas.client("manager").post(address(cycle), said)
    cycle.refresh_from_db()
    assert response["Location"] == "/t/pay/objectives/?cycle=%E4%B8%8A%E5%8D%8A%E5%B9%B4"
    assert (cycle.name, cycle.ends_on) == ("上半年", date(2024, 7, 14))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (data(ends_on="2024-07-31"), "overlap with 2024H2, which lasts from 2024-07-15"),
        (data(ends_on="2023-12-31"), "It ends before it begins."),
        (data(name="2024H2"), "Another cycle of the team has this name."),
        (data(name=" "), "What is this cycle called?"),
        (data(name="长" * 41), "at most 40 characters"),
        (data(starts_on=""), "A date from 2000 to 2100"),
        (data(starts_on="1.1.2024"), "A date from 2000 to 2100"),
        (data(ends_on="9999-12-31"), "A date from 2000 to 2100"),
    ],
)
def test_what_is_wrong_comes_back_marked(
    personas: Personas, cycle: Cycle, said: dict[str, str], words: str
) -> None:
    make_cycle(personas.team, "2024H2", date(2024, 7, 15), date(2024, 12, 31))
    response = personas.client("manager").post(address(cycle), said)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    for typed in said.values():
        assert typed.strip() in page
    cycle.refresh_from_db()
    assert (cycle.name, cycle.ends_on) == ("2024H1", date(2024, 6, 30))


def test_deleting_is_offered_while_it_is_empty(personas: Personas, cycle: Cycle) -> None:
    client, action = personas.client("manager"), f"{address(cycle)}delete/"
    assert action in client.get(address(cycle)).content.decode()
    make_objective(cycle)
    assert action not in client.get(address(cycle)).content.decode()

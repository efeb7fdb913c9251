from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Cycle, Health, Objective
from tests.conftest import Personas
from tests.factories import (
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_objective,
    make_project,
    make_reading,
)

ADDRESS = "/t/pay/cycles/new/"
pytestmark = pytest.mark.usefixtures("now")


def data(**said: object) -> dict[str, object]:
    return {"name": "2024H2", "starts_on": "2024-07-01", "ends_on": "2024-12-31", **said}


def is_ticked(page: str, name: str, key: int) -> bool:
    """Whether the box is; fails when there is no such box."""
    (box,) = [tag for tag in page.split("<input") if f'name="{name}" value="{key}"' in tag]
    return "checked" in box.split(">")[0]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_a_manager_may(personas: Personas, name: str, status: int, method: str) -> None:
    assert getattr(personas.client(name), method)(ADDRESS, data()).status_code == status
    assert not Cycle.objects.exists()


def test_a_team_without_a_cycle_makes_its_first(personas: Personas) -> None:
    client = personas.client("manager")
    page = client.get(ADDRESS).content.decode()
    assert "Make the first cycle" in page
    for words in ("2024H1", "2024-01-01", "2024-06-30"):
        assert f'value="{words}"' in page
    response = client.post(ADDRESS, data())
    assert response["Location"] == "/t/pay/objectives/?cycle=2024H2"
    assert Cycle.objects.get().starts_on == date(2024, 7, 1)


def test_it_proposes_what_comes_next_and_ticks_what_is_unfinished(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    going, finished = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    metric = make_metric(personas.team, "占比")
    make_key_result(finished, metric, 0, 50)
    make_reading(metric, "50")
    open_one = make_project(personas.team, "在做", going)
    make_entry(open_one, percent=40)
    done = make_project(personas.team, "做完", finished)
    make_entry(done, percent=100, health=Health.DONE)
    make_project(personas.team, "早关了", going, closed_on=date(2024, 6, 1))
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert 'value="2024H2"' in page
    assert 'value="2024-07-01"' in page
    assert is_ticked(page, "objectives", going.pk)
    assert not is_ticked(page, "objectives", finished.pk)
    assert is_ticked(page, "projects", open_one.pk)
    assert is_ticked(page, "closed", done.pk)
    assert "早关了" not in page


def test_what_was_ticked_goes_along(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    project, left = (make_project(personas.team, name, objective) for name in ("带走", "留下"))
    chosen = {"objectives": [objective.pk], "projects": [project.pk, 999_999]}
    response = personas.client("manager").post(ADDRESS, data(**chosen))
    project.refresh_from_db()
    left.refresh_from_db()
    assert response.status_code == 302
    assert project.objective is not None
    assert project.objective.carried_from == objective
    assert left.objective == objective


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (data(starts_on="2024-06-30"), "overlap with 2024H1, which lasts from 2024-01-01"),
        (data(ends_on="2024-06-30", starts_on="2024-07-01"), "It ends before it begins."),
        (data(name="2024H1"), "Another cycle of the team has this name."),
        (data(name=""), "What is this cycle called?"),
        (data(name="<script>alert(1)</script>" * 3), "at most 40 characters"),
        (data(starts_on="morgen"), "A date from 2000 to 2100"),
        (data(starts_on="2023-01-01", ends_on="2023-12-31"), "can take nothing over from it"),
    ],
)
def test_what_is_wrong_comes_back_with_all_that_was_ticked(
    personas: Personas, said: dict[str, object], words: str
) -> None:
    cycle = make_cycle(personas.team)
    ticked, unticked = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    project = make_project(personas.team, "在做", unticked)
    response = personas.client("manager").post(ADDRESS, said | {"objectives": [ticked.pk]})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "<script>alert" not in page
    assert is_ticked(page, "objectives", ticked.pk)
    assert not is_ticked(page, "objectives", unticked.pk)
    assert not is_ticked(page, "projects", project.pk)
    assert (Cycle.objects.count(), Objective.objects.count()) == (1, 2)


def test_keys_that_are_none_mean_nothing(personas: Personas) -> None:
    make_objective(make_cycle(personas.team))
    nonsense = {"objectives": ["x", "", "-1", "9" * 40, "²"], "projects": ["<script>"]}
    assert personas.client("manager").post(ADDRESS, data(**nonsense)).status_code == 302
    assert Objective.objects.count() == 1


def test_sent_twice_it_is_made_once(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    client = personas.client("manager")
    client.post(ADDRESS, data(objectives=[objective.pk]))
    again = client.post(ADDRESS, data(objectives=[objective.pk]))
    assert again.status_code == 422
    assert "overlap with 2024H2" in again.content.decode()
    assert Objective.objects.count() == 2


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    cycle, client = make_cycle(personas.team), personas.client("manager")

    def fill(numbers: range) -> None:
        for number in numbers:
            objective = make_objective(cycle, f"O{number}")
            make_key_result(objective, make_metric(personas.team, f"指标{number}"))
            make_entry(make_project(personas.team, f"项目{number}", objective), percent=number)
            make_cycle(
                personas.team, f"{number}", date(1980 + number, 1, 1), date(1980 + number, 2, 1)
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    fill(range(4))
    few = queries()
    fill(range(4, 40))
    assert queries() == few

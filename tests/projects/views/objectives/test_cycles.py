from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Cycle, Health, Objective, Team
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
from tests.html import texts
from tests.tables import each_row

ADDRESS = "/t/pay/cycles/new/"
pytestmark = pytest.mark.usefixtures("now")


def new_cycle(**typed: object) -> dict[str, object]:
    return {"name": "2024H2", "starts_on": "2024-07-01", "ends_on": "2024-12-31", **typed}


def is_ticked(page: str, name: str, key: int) -> bool:
    """Whether the box is; fails when there is no such box."""
    (box,) = [tag for tag in page.split("<input") if f'name="{name}" value="{key}"' in tag]
    return "checked" in box.split(">")[0]


# A screen of each kind; a dashboard of a past week, as a manager has it among what waits this week.
SCREENS = (
    *("", "checkin/", "weeks/", "weeks/2024-W25/draft/", "projects/", "objectives/", "metrics/"),
    *("incidents/", "members/", "help/", "weeks/2024-W24/dashboard/"),
)


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_every_screen_says_that_no_cycle_follows(personas: Personas, name: str) -> None:
    cycle = make_cycle(personas.team)
    client = personas.client(name)
    sentence = "Cycle 2024H1 ended on Jun 12, and no cycle follows it yet."
    assert all(sentence not in client.get(f"/t/pay/{screen}").text for screen in SCREENS)
    Cycle.objects.filter(pk=cycle.pk).update(ends_on=date(2024, 6, 12))
    for screen in SCREENS:
        page = client.get(f"/t/pay/{screen}")
        said = [*texts(page, ".cycle-end"), *texts(page, "#todo-coming .gist")]
        assert [words.split(" New cycle")[0] for words in said] == [sentence], screen


def test_first_cycle_is_made(personas: Personas) -> None:
    client = personas.client("manager")
    page = client.get(ADDRESS).content.decode()
    assert "Create the first cycle" in page
    for words in ("2024H1", "2024-01-01", "2024-06-30"):
        assert f'value="{words}"' in page
    response = client.post(ADDRESS, new_cycle())
    assert response["Location"] == "/t/pay/objectives/?cycle=2024H2"
    assert Cycle.objects.get().starts_on == date(2024, 7, 1)


def test_form_proposes_the_next_period_and_ticks_unfinished_work(personas: Personas) -> None:
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


def test_ticked_objectives_and_projects_are_carried_over(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    project, left = (make_project(personas.team, name, objective) for name in ("带走", "留下"))
    chosen = {"objectives": [objective.pk], "projects": [project.pk, 999_999]}
    response = personas.client("manager").post(ADDRESS, new_cycle(**chosen))
    project.refresh_from_db()
    left.refresh_from_db()
    assert response.status_code == 302
    assert project.objective is not None
    assert project.objective.carried_from == objective
    assert left.objective == objective


@each_row(
    ("typed", "words"),
    [
        (
            new_cycle(starts_on="2024-06-30"),
            "overlap with 2024H1, which lasts from 2024-01-01",
        ),
        (
            new_cycle(ends_on="2024-06-30", starts_on="2024-07-01"),
            "It ends before it begins.",
        ),
        (new_cycle(name="2024H1"), "Another cycle of the team has this name."),
        (new_cycle(name=""), "What is this cycle called?"),
        (new_cycle(name="<script>alert(1)</script>" * 3), "at most 40 characters"),
        (new_cycle(starts_on="morgen"), "A date from 2000 to 2100"),
        (
            new_cycle(starts_on="2023-01-01", ends_on="2023-12-31"),
            "can take nothing over from it",
        ),
    ],
)
def test_wrong_cycle_is_marked_and_keeps_the_ticks(
    personas: Personas, typed: dict[str, object], words: str
) -> None:
    cycle = make_cycle(personas.team)
    ticked, unticked = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    project = make_project(personas.team, "在做", unticked)
    response = personas.client("manager").post(ADDRESS, typed | {"objectives": [ticked.pk]})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "<script>alert" not in page
    assert is_ticked(page, "objectives", ticked.pk)
    assert not is_ticked(page, "objectives", unticked.pk)
    assert not is_ticked(page, "projects", project.pk)
    assert (Cycle.objects.count(), Objective.objects.count()) == (1, 2)


def test_invalid_keys_are_ignored(personas: Personas) -> None:
    make_objective(make_cycle(personas.team))
    nonsense = {"objectives": ["x", "", "-1", "9" * 40, "²"], "projects": ["<script>"]}
    assert personas.client("manager").post(ADDRESS, new_cycle(**nonsense)).status_code == 302
    assert Objective.objects.count() == 1


def test_form_sent_twice_makes_one_cycle(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    client = personas.client("manager")
    client.post(ADDRESS, new_cycle(objectives=[objective.pk]))
    again = client.post(ADDRESS, new_cycle(objectives=[objective.pk]))
    assert again.status_code == 422
    assert "overlap with 2024H2" in again.content.decode()
    assert Objective.objects.count() == 2


def test_objectives_add_no_queries(personas: Personas) -> None:
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


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def address(cycle: Cycle) -> str:
    return f"/t/pay/cycles/{cycle.pk}/"


def changed(**typed: str) -> dict[str, str]:
    return {"name": "2024H1", "starts_on": "2024-01-01", "ends_on": "2024-06-30", **typed}


def test_cycle_of_another_team_is_not_found(personas: Personas) -> None:
    theirs = make_cycle(Team.objects.get(slug="risk"))
    assert personas.client("manager").get(address(theirs)).status_code == 404


def test_name_and_days_are_changed(personas: Personas, cycle: Cycle) -> None:
    typed = changed(name="上半年", ends_on="2024-07-14")
    response = personas.client("manager").post(address(cycle), typed)
    cycle.refresh_from_db()
    assert response["Location"] == "/t/pay/objectives/?cycle=%E4%B8%8A%E5%8D%8A%E5%B9%B4"
    assert (cycle.name, cycle.ends_on) == ("上半年", date(2024, 7, 14))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            changed(ends_on="2024-07-31"),
            "overlap with 2024H2, which lasts from 2024-07-15",
        ),
        (changed(ends_on="2023-12-31"), "It ends before it begins."),
        (changed(name="2024H2"), "Another cycle of the team has this name."),
        (changed(name=" "), "What is this cycle called?"),
        (changed(name="长" * 41), "at most 40 characters"),
        (changed(starts_on=""), "A date from 2000 to 2100"),
        (changed(starts_on="1.1.2024"), "A date from 2000 to 2100"),
        (changed(ends_on="9999-12-31"), "A date from 2000 to 2100"),
    ],
)
def test_wrong_days_are_marked(
    personas: Personas, cycle: Cycle, typed: dict[str, str], words: str
) -> None:
    make_cycle(personas.team, "2024H2", date(2024, 7, 15), date(2024, 12, 31))
    response = personas.client("manager").post(address(cycle), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    for value in typed.values():
        assert value.strip() in page
    cycle.refresh_from_db()
    assert (cycle.name, cycle.ends_on) == ("2024H1", date(2024, 6, 30))


def test_delete_is_offered_for_an_empty_cycle_only(personas: Personas, cycle: Cycle) -> None:
    client, action = personas.client("manager"), f"{address(cycle)}delete/"
    assert action in client.get(address(cycle)).content.decode()
    make_objective(cycle)
    assert action not in client.get(address(cycle)).content.decode()


def test_manager_deletes_a_cycle(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    assert personas.client("manager").post(f"/t/pay/cycles/{cycle.pk}/delete/").status_code == 302
    assert not Cycle.objects.exists()


def test_cycle_with_objectives_is_not_deleted(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    make_objective(cycle)
    path = f"/t/pay/cycles/{cycle.pk}/delete/"
    response = personas.client("manager").post(path, follow=True)
    assert "has objectives" in response.content.decode()
    assert Cycle.objects.exists()

"""A project that nobody has updated for weeks is called well nowhere: grey, with its age."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projects.models import Objective, Project
from tests.conftest import Personas
from tests.factories import WEEK, make_cycle, make_entry, make_objective, make_project
from tests.html import element, row, text, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SAID = "○on track (7 weeks ago)"


@pytest.fixture
def objective(personas: Personas) -> Objective:
    """With one project that was well seven weeks ago, and one that is."""
    objective = make_objective(make_cycle(personas.team))
    for name, weeks_ago in (("静默七周", 7), ("每周都报", 0)):
        project = make_project(personas.team, name, objective, personas.lead)
        make_entry(project, WEEK - timedelta(weeks=weeks_ago), percent=60)
    return objective


def test_the_dashboard_shows_it_grey_in_table_and_card(
    personas: Personas, objective: Objective
) -> None:
    page = personas.client("manager").get("/t/pay/")
    # The row's last column has the age already.
    chip = "tr:has(a:-soup-contains('静默七周')) .chip"
    assert texts(page, f"{chip} [aria-hidden]") == ["○", "on track"]
    assert text(page, f"{chip} .visually-hidden") == "on track (7 weeks ago)"
    assert row(page, "每周都报")["Health"] == "●on track"
    card = element(page, "article.objective")
    assert text(card, ".chip") == SAID
    assert "idle" in card["class"]


def test_the_filter_agrees_with_what_is_shown(personas: Personas, objective: Objective) -> None:
    client = personas.client("manager")
    choices = texts(client.get("/t/pay/"), "select[name=health] option")
    assert choices[1:3] == ["on track", "Not confirmed lately"]
    names = "#projects_table td.col-project a[href*='/projects/']:not(.ask a)"
    shown = {
        health: texts(client.get(f"/t/pay/?health={health}"), names)
        for health in ("on_track", "unconfirmed")
    }
    assert shown == {"on_track": ["每周都报"], "unconfirmed": ["静默七周"]}


@pytest.mark.parametrize(
    ("address", "selector"),
    [
        ("projects/", "tr:has(a:-soup-contains('静默七周')) .chip"),
        ("projects/{project}/", ".project-head .chip"),
        ("objectives/", ".objective-state > header .chip"),
        ("objectives/{objective}/", "tr:has(a:-soup-contains('静默七周')) .chip"),
        ("objectives/{objective}/", "main > .head > .chip"),
        ("weeks/2024-W25/draft/", "#project-{project} .chip"),
        ("weeks/2024-W25/digest/html/", "td:has(> a.n:-soup-contains('静默七周')) .c"),
    ],
)
def test_each_screen_says_how_old_it_is(
    personas: Personas, objective: Objective, address: str, selector: str
) -> None:
    project = Project.objects.get(name="静默七周")
    keys = {"project": project.pk, "objective": objective.pk}
    page = personas.client("manager").get("/t/pay/" + address.format(**keys))
    chip = element(page, selector.format(**keys))
    # The digest is in the language of the team.
    assert "".join(chip.get_text().split()) in ("○ontrack(7weeksago)", "○正常（7周前）")
    assert "idle" in chip["class"]


def test_files_say_it_too(personas: Personas, objective: Objective) -> None:
    client = personas.client("manager")
    csv = client.get("/t/pay/weeks/2024-W25/dashboard/projects.csv").content.decode("utf-8-sig")
    (line,) = [line for line in csv.splitlines() if "静默七周" in line]
    assert "on track (7 weeks ago)" in line
    markdown = client.get("/t/pay/weeks/2024-W25/export.md").content.decode()
    assert "○ on track (7 weeks ago)" in markdown

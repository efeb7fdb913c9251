"""A week's address: by its label, or by a day of it, as links in mails have it."""

from __future__ import annotations

from datetime import date

import pytest

from projects.models import Team, WeekNumbering
from projects.teams import numbering
from projects.teams.setup import Settings, change_team
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import WEEK, make_entry
from tests.html import attribute, elements, text
from tests.tables import each_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

OLD, NEW = date(2023, 4, 10), date(2023, 4, 17)  # calendar and ISO week 16 of 2023


def renumber(team: Team, wanted: WeekNumbering) -> Team:
    """As a manager does it: with a record in the audit."""
    settings = {name: getattr(team, name) for name in Settings.__dataclass_fields__}
    return change_team(team, Settings(**settings | {"week_numbering": wanted}), by=None)


@each_row(
    ("part", "label"),
    [("2024-06-17", "2024-W25"), ("2024-06-23", "2024-W25"), ("2024-12-30", "2025-W01")],
)
@each_row("page", ["", "draft/", "dashboard/", "run/", "export.md"])
def test_a_day_leads_to_the_address_of_its_week(
    personas: Personas, part: str, label: str, page: str
) -> None:
    response = personas.client("manager").get(f"/t/pay/weeks/{part}/{page}?text=x")
    assert (response.status_code, response["Location"]) == (
        307,
        f"/t/pay/weeks/{label}/{page}?text=x",
    )


def test_strangers_learn_nothing(personas: Personas) -> None:
    assert personas.client("outsider").get("/t/pay/weeks/2024-06-17/").status_code == 404
    assert personas.client("lead").get("/t/pay/weeks/2024-06-17/run/").status_code == 403


def test_a_day_names_the_week_in_a_parameter_too(personas: Personas) -> None:
    page = personas.client("manager").get("/t/pay/metrics/?week=2024-06-10")
    assert page.status_code == 200
    assert "2024-W24" in text(page, "main")


def test_a_link_by_monday_survives_a_change_of_the_numbering(personas: Personas) -> None:
    client = personas.client("viewer")
    address = f"/t/pay/weeks/{OLD}/"
    assert client.get(address)["Location"] == "/t/pay/weeks/2023-W16/"
    renumber(personas.team, WeekNumbering.ISO)
    assert client.get(address)["Location"] == "/t/pay/weeks/2023-W15/"


def test_a_label_that_meant_another_week_says_so_and_offers_both(personas: Personas) -> None:
    make_entry(personas.project, NEW)
    client = personas.client("viewer")
    address = "/t/pay/weeks/2023-W16/"
    assert not elements(client.get(address), ".notice:-soup-contains('numbering')")
    renumber(personas.team, WeekNumbering.ISO)
    page = client.get(address)
    notice = ".notice:-soup-contains('numbering')"
    assert "2023-W16 was the week of Apr 10" in text(page, notice)
    assert "the week of Apr 17" in text(page, notice)
    assert attribute(page, f"{notice} a", "href") == "/t/pay/weeks/2023-W15/"
    # 2024 begins on a Monday: both numberings agree.
    assert not elements(client.get("/t/pay/weeks/2024-W25/"), notice)


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("weeks/2023-W16/run/", "weeks/2023-W15/run/"),
        ("weeks/2023-W16/draft/", "weeks/2023-W15/"),
        ("weeks/2023-W16/dashboard/", "weeks/2023-W15/dashboard/"),
        ("weeks/2023-W16/deliveries/", "weeks/2023-W15/deliveries/"),
        ("metrics/?week=2023-W16", "metrics/?week=2023-W15"),
    ],
)
def test_every_screen_with_the_label_says_so_and_leads_to_itself(
    personas: Personas, address: str, other: str
) -> None:
    make_entry(personas.project, NEW)
    renumber(personas.team, WeekNumbering.ISO)
    page = personas.client("manager").get(f"/t/pay/{address}")
    assert attribute(page, ".notice:-soup-contains('numbering') a", "href") == f"/t/pay/{other}"


def test_a_label_that_only_the_former_numbering_has_leads_to_its_week(personas: Personas) -> None:
    """2023 has 53 calendar weeks, but 52 of ISO 8601."""
    team, label = personas.team, "2023-W53"
    client = personas.client("viewer")
    assert numbering.former_week(team, "2020-W53") is None  # nobody has changed anything yet
    assert client.get(f"/t/pay/weeks/{label}/").status_code == 200
    renumber(team, WeekNumbering.ISO)
    assert client.get(f"/t/pay/weeks/{label}/")["Location"] == "/t/pay/weeks/2023-W52/"


def test_former_meaning_needs_a_recorded_change(personas: Personas) -> None:
    team = personas.team
    assert numbering.former_meaning(team, "2023-W16") is None
    team = renumber(team, WeekNumbering.ISO)
    former = numbering.former_meaning(team, "2023-W16")
    assert former is not None
    assert (former.week, former.week + ONE_WEEK) == (OLD, NEW)
    assert former.changed_on == team.today()
    assert numbering.former_meaning(team, team.week_label(WEEK)) is None


@pytest.mark.parametrize("week", ["9999-12-31", "9999-W53", "0001-01-01"])
def test_a_week_at_the_end_of_the_calendar_fails_no_page(personas: Personas, week: str) -> None:
    client = personas.client("manager")
    assert client.get(f"/t/pay/settings/calendar/?week={week}").status_code == 200
    assert client.get(f"/t/pay/metrics/?week={week}").status_code == 404

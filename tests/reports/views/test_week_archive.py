from __future__ import annotations

from datetime import date

import pytest

from projects import facts
from reports.pages import publish
from tests.conftest import Personas

ADDRESS = "/t/pay/weeks/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 200)]
)
def test_every_member_may_look(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_weeks_stand_under_the_year_they_count_in_the_newest_first(personas: Personas) -> None:
    facts.announce(personas.team, [date(2023, 12, 25), date(2024, 1, 1), date(2024, 6, 10)])
    page = personas.client("viewer").get(ADDRESS).content.decode()
    places = [page.index(f"/weeks/{label}/") for label in ("2024-W25", "2024-W24", "2024-W01")]
    assert places == sorted(places)
    assert page.index('id="year-2024"') < page.index('id="year-2023"') < page.index("2023-W5")


def test_published_weeks_are_marked(personas: Personas) -> None:
    facts.announce(personas.team, [date(2024, 6, 10)])
    publish.publish_week(personas.team, date(2024, 6, 10), publish.Publication(by=None))
    page = personas.client("viewer").get(ADDRESS).content.decode()
    said = ">published · Edition 1<"
    published, present = page.index(said), page.index("2024-W25")
    assert page.count(said) == 1
    assert present < page.index("2024-W24") < published

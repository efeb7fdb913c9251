from __future__ import annotations

from datetime import date

import pytest

from projects.models import DayException
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/settings/calendar/exceptions/"
OFF = {"day": "2024-06-21", "is_working": "no", "note": "团建\n 一天"}


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_add(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).post(ADDRESS, OFF).status_code == status
    assert not DayException.objects.exists()


def test_one_is_added(personas: Personas) -> None:
    client = personas.client("manager")
    assert client.post(ADDRESS, OFF)["Location"] == "/t/pay/settings/calendar/"
    added = DayException.objects.get(team=personas.team, day=date(2024, 6, 21))
    assert (added.is_working, added.note) == (False, "团建 一天")
    assert "Jun 20 · due Thursday 16:00" in client.get("/t/pay/settings/calendar/").text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"day": ""}, "Choose a day."),
        ({"day": "9999-12-31"}, "A date from 2000 to 2100"),
        ({"day": "2024-06-24"}, "an exception for this day already"),
        ({"is_working": "perhaps"}, "Select a valid choice"),
        ({"note": "长" * 81}, "at most 80"),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_lost(
    personas: Personas, wrong: dict[str, str], message: str
) -> None:
    DayException.objects.create(team=personas.team, day=date(2024, 6, 24), is_working=True)
    response = personas.client("manager").post(ADDRESS, OFF | wrong)
    assert response.status_code == 422
    assert message in response.text
    assert "团建" in response.text or "note" in wrong
    assert DayException.objects.count() == 1

from __future__ import annotations

from datetime import date

import pytest

from projects.models import DayException, Team
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")


def exception_of(team: Team) -> DayException:
    return DayException.objects.create(team=team, day=date(2024, 6, 21), is_working=False)


def address(exception: DayException) -> str:
    return f"/t/pay/settings/calendar/exceptions/{exception.pk}/remove/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_remove(personas: Personas, name: str, status: int) -> None:
    exception = exception_of(personas.team)
    assert personas.client(name).post(address(exception)).status_code == status
    assert DayException.objects.exists()


def test_it_goes(personas: Personas) -> None:
    exception = exception_of(personas.team)
    response = personas.client("manager").post(address(exception))
    assert response["Location"] == "/t/pay/settings/calendar/"
    assert not DayException.objects.exists()


def test_another_teams_is_not_there(personas: Personas) -> None:
    exception = exception_of(Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(exception)).status_code == 404
    assert DayException.objects.exists()

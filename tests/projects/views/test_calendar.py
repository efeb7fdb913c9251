from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import DayException
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/settings/calendar/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_come_in(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_each_week_to_come_has_its_last_working_day(personas: Personas) -> None:
    DayException.objects.create(
        team=personas.team, day=date(2024, 6, 29), is_working=True, note="<b>发布</b>"
    )
    page = personas.client("manager").get(ADDRESS).text
    assert "Jun 21 · due Friday 16:00" in page
    assert "Jun 29 · due Saturday 16:00" in page
    assert "&lt;b&gt;发布" in page
    assert "not announced yet" not in page


def test_it_says_for_which_year_no_plan_is_known(personas: Personas) -> None:
    client = personas.client("manager")
    with time_machine.travel(datetime(2089, 12, 20, tzinfo=UTC), tick=False):
        client.force_login(personas.manager)
        page = client.get(ADDRESS).text
    assert "make-up days of 2090 are not announced yet" in page


def test_the_settings_lead_there(personas: Personas) -> None:
    assert f'href="{ADDRESS}"' in personas.client("manager").get("/t/pay/settings/").text


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    none = queries()
    for day in range(20, 29):
        DayException.objects.create(team=personas.team, day=date(2024, 6, day), is_working=False)
    assert queries() == none

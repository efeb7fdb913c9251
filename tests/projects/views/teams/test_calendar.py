from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import DayException, Team
from tests.conftest import Personas
from tests.html import elements, form_data, text, texts
from tests.tables import each_row

pytestmark = pytest.mark.usefixtures("now")
CALENDAR = "/t/pay/settings/calendar/"


def test_each_coming_week_shows_its_last_working_day(personas: Personas) -> None:
    DayException.objects.create(
        team=personas.team, day=date(2024, 6, 29), is_working=True, note="<b>发布</b>"
    )
    page = personas.client("manager").get(CALENDAR)
    weeks = texts(page, ".rows li > span:last-child")
    assert weeks[:2] == ["Jun 21 · due Friday 16:00", "Jun 29 · due Saturday 16:00"]
    assert text(page, ".rows li:has(form) small") == "<b>发布</b>"
    assert elements(page, ".settings > p.notice") == []


def test_year_without_a_known_plan_is_named(personas: Personas) -> None:
    client = personas.client("manager")
    with time_machine.travel(datetime(2089, 12, 20, tzinfo=UTC), tick=False):
        client.force_login(personas.manager)
        page = client.get(CALENDAR).text
    assert "make-up days of 2090 are not announced yet" in page


def test_settings_link_to_the_calendar(personas: Personas) -> None:
    assert f'href="{CALENDAR}"' in personas.client("manager").get("/t/pay/settings/").text


def test_exceptions_add_no_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(CALENDAR)
        return len(captured)

    none = queries()
    for day in range(20, 29):
        DayException.objects.create(team=personas.team, day=date(2024, 6, day), is_working=False)
    assert queries() == none


EXCEPTIONS = "/t/pay/settings/calendar/exceptions/"
OFF = {"day": "2024-06-21", "is_working": "no", "note": "团建\n 一天"}


def test_exception_is_added(personas: Personas) -> None:
    client = personas.client("manager")
    assert client.post(EXCEPTIONS, OFF)["Location"] == "/t/pay/settings/calendar/"
    added = DayException.objects.get(team=personas.team, day=date(2024, 6, 21))
    assert (added.is_working, added.note) == (False, "团建 一天")
    weeks = texts(client.get("/t/pay/settings/calendar/"), ".rows li > span:last-child")
    assert weeks[0] == "Jun 20 · due Thursday 16:00"


@each_row(
    ("wrong", "message"),
    [
        ({"day": ""}, "Choose a day."),
        ({"day": "9999-12-31"}, "A date from 2000 to 2100"),
        ({"day": "2024-06-24"}, "an exception for this day already"),
        ({"is_working": "perhaps"}, "Select a valid choice"),
        ({"note": "长" * 81}, "at most 80"),
    ],
)
def test_wrong_exception_is_marked_and_kept_in_the_form(
    personas: Personas, wrong: dict[str, str], message: str
) -> None:
    DayException.objects.create(team=personas.team, day=date(2024, 6, 24), is_working=True)
    response = personas.client("manager").post(EXCEPTIONS, OFF | wrong)
    assert response.status_code == 422
    assert message in response.text
    assert "团建" in response.text or "note" in wrong
    assert DayException.objects.count() == 1


def exception_of(team: Team) -> DayException:
    return DayException.objects.create(team=team, day=date(2024, 6, 21), is_working=False)


def address(exception: DayException) -> str:
    return f"/t/pay/settings/calendar/exceptions/{exception.pk}/remove/"


def test_exception_is_removed(personas: Personas) -> None:
    exception = exception_of(personas.team)
    response = personas.client("manager").post(address(exception))
    assert response["Location"] == "/t/pay/settings/calendar/"
    assert not DayException.objects.exists()


def test_exception_of_another_team_is_not_found(personas: Personas) -> None:
    exception = exception_of(Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(exception)).status_code == 404
    assert DayException.objects.exists()


FRIDAY = {"day": "2024-06-21", "is_working": "no", "note": "台风"}


def test_a_week_that_would_close_at_once_asks_first(personas: Personas) -> None:
    client = personas.client("manager")
    with time_machine.travel(datetime(2024, 6, 21, 1, tzinfo=UTC), tick=False):  # 09:00
        page = client.post(f"{CALENDAR}exceptions/", FRIDAY)
        assert (page.status_code, DayException.objects.count()) == (422, 0)
        sentence = "2024-W25 closes: its cutoff was on Jun 20, 16:00."
        assert texts(page, "form.fields .notice li") == [sentence]
        other = {**form_data(page, "form.fields"), "day": "2024-06-28"}
        assert client.post(f"{CALENDAR}exceptions/", other).status_code == 302
        again = client.post(f"{CALENDAR}exceptions/", form_data(page, "form.fields"))
        assert again.status_code == 302
    assert set(DayException.objects.values_list("day", flat=True)) == {
        date(2024, 6, 21),
        date(2024, 6, 28),
    }


@pytest.mark.parametrize("hour", [1, 9])
def test_a_day_off_that_closes_nothing_asks_nothing(personas: Personas, hour: int) -> None:
    day = 20 if hour == 1 else 21  # the day before, and after the cutoff
    with time_machine.travel(datetime(2024, 6, day, hour, tzinfo=UTC), tick=False):
        client = personas.client("manager")
        assert client.post(f"{CALENDAR}exceptions/", FRIDAY).status_code == 302


def test_a_make_up_day_whose_removal_closes_the_week_asks_first(personas: Personas) -> None:
    saturday = DayException.objects.create(
        team=personas.team, day=date(2024, 6, 22), is_working=True
    )
    with time_machine.travel(datetime(2024, 6, 22, 1, tzinfo=UTC), tick=False):
        client = personas.client("manager")
        page = client.post(address(saturday))
        assert page.status_code == 422
        sentence = "2024-W25 closes: its cutoff was on Jun 21, 16:00."
        assert texts(page, ".rows form .notice li") == [sentence]
        again = client.post(address(saturday), form_data(page, ".rows form"))
        assert again.status_code == 302
    assert not DayException.objects.exists()

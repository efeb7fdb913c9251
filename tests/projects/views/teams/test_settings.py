"""The settings of a team."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

import pytest
import time_machine
from django.conf import settings

from projects.models import AuditRecord, Team
from tests.conftest import Personas
from tests.factories import WEEK
from tests.html import attribute, form_data, opened_json, texts
from tests.tables import each_row

SETTINGS = "/t/pay/settings/"
pytestmark = pytest.mark.usefixtures("now")
CHANGED = {
    "name": "支付研发",
    "language": "en",
    "time_zone": "Asia/Tokyo",
    "week_numbering": "iso",
    "cutoff_time": "15:30",
    "digest_time": "17:00",
    "calendar": "weekdays",
    "idle_week": "merge",
    "digest_when": "published",
    "attaches_pdf": "on",
}


@pytest.mark.parametrize(("name", "shows"), [("manager", True), ("viewer", False)])
def test_navigation_links_to_settings_for_managers_only(
    personas: Personas, name: str, shows: bool
) -> None:
    page = personas.client(name).get("/t/pay/weeks/").text
    assert (f'href="{SETTINGS}"' in page) is shows


def test_settings_form_shows_what_holds(personas: Personas) -> None:
    page = personas.client("manager").get(SETTINGS).text
    for value in ('value="支付产研"', 'value="16:00"', 'value="18:00"', 'value="calendar"'):
        assert value in page
    assert "links to them that were sent before lead to another week" in page


def test_settings_are_saved(personas: Personas) -> None:
    client = personas.client("manager")
    sent = CHANGED | {"opened": opened_json(publishes_itself="true")}  # now without a tick
    assert client.post(SETTINGS, sent)["Location"] == SETTINGS
    team = Team.objects.get(slug="pay")
    assert (team.name, team.language, team.time_zone) == ("支付研发", "en", "Asia/Tokyo")
    assert (team.cutoff_time, team.digest_time) == (time(15, 30), time(17))
    assert (team.calendar, team.idle_week) == ("weekdays", "merge")
    assert (team.digest_when, team.publishes_itself, team.attaches_pdf) == (
        "published",
        False,
        True,
    )
    assert team.starts_on is None
    assert AuditRecord.objects.get().by == personas.manager
    assert "Settings saved." in client.get(SETTINGS).text


def test_start_is_the_week_of_the_chosen_day(personas: Personas) -> None:
    client = personas.client("manager")
    client.post(SETTINGS, CHANGED | {"starts_on": "2024-06-20"})
    assert Team.objects.get(slug="pay").starts_on == WEEK
    page = client.get(SETTINGS).text
    assert attribute(page, "[name=starts_on]", "value") == "2024-06-17"
    assert re.search(r"works here from .*17.* on", client.get("/t/pay/setup/").text)
    client.post(SETTINGS, {"starts_on": "", "opened": opened_json(starts_on="2024-06-17")})
    assert Team.objects.get(slug="pay").starts_on is None


@each_row(
    ("wrong", "message"),
    [
        ({"starts_on": "2024-02-31"}, "A date from 2000 to 2100"),
        ({"starts_on": "2001-01-01"}, "The start is a day from 2023-06-19 to 2024-12-16."),
        ({"starts_on": "2026-01-01"}, "The start is a day from 2023-06-19 to 2024-12-16."),
        ({"digest_time": "15:00"}, "cannot go out before the cutoff"),
        ({"cutoff_time": "25:00"}, "Enter a valid time"),
        ({"cutoff_time": ""}, "required"),
        ({"name": "  "}, "required"),
        ({"time_zone": ""}, "required"),
        ({"calendar": "lunar"}, "Select a valid choice"),
        ({"digest_when": "never"}, "Select a valid choice"),
    ],
)
def test_wrong_settings_are_marked_and_kept_in_the_form(
    personas: Personas, wrong: dict[str, str], message: str
) -> None:
    response = personas.client("manager").post(SETTINGS, CHANGED | wrong)
    assert response.status_code == 422
    assert message in response.text
    assert 'value="17:00"' in response.text or "digest_time" in wrong
    assert Team.objects.get(slug="pay").name == "支付产研"


def test_time_zones_are_named_in_the_readers_language(personas: Personas) -> None:
    client = personas.client("manager")
    assert ">Shanghai</option>" in client.get(SETTINGS).text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    page = client.get(SETTINGS).text
    for words in ('<optgroup label="亚洲">', ">上海</option>", ">加尔各答</option>"):
        assert words in page
    assert "Chongqing" not in page


def test_an_older_name_of_a_time_zone_stays_with_its_team(personas: Personas) -> None:
    Team.objects.filter(slug="pay").update(time_zone="Asia/Chongqing")
    client = personas.client("manager")
    data = form_data(client.get(SETTINGS), "main form") | {"name": "支付"}
    client.post(SETTINGS, data)
    team = Team.objects.get(slug="pay")
    assert (team.name, team.time_zone) == ("支付", "Asia/Chongqing")


def test_settings_that_send_at_once_ask_first_and_keep_what_was_typed(personas: Personas) -> None:
    typed = {"name": "支付研发", "cutoff_time": "9:00"}
    with time_machine.travel(datetime(2024, 6, 21, 3, tzinfo=UTC), tick=False):  # 11:00
        client = personas.client("manager")
        page = client.post(SETTINGS, form_data(client.get(SETTINGS), "form.settings-body") | typed)
        assert page.status_code == 422
        sentence = "2024-W25 closes: its cutoff was on Jun 21, 09:00."
        assert texts(page, ".notice li") == [sentence]
        assert Team.objects.get(slug="pay").name == "支付产研"
        sent = form_data(page, "form.settings-body")
        assert (sent["name"], sent["cutoff_time"]) == ("支付研发", "9:00")
        assert client.post(SETTINGS, sent)["Location"] == SETTINGS
    team = Team.objects.get(slug="pay")
    assert (team.name, team.cutoff_time) == ("支付研发", time(9))

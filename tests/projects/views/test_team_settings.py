from __future__ import annotations

from datetime import time

import pytest
from django.conf import settings

from projects.models import AuditRecord, Team
from tests.conftest import Personas
from tests.html import opened_json

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/settings/"
ABOUT = {
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
REFUSED = [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]


@pytest.mark.parametrize(("name", "status"), REFUSED)
def test_only_managers_come_in(personas: Personas, name: str, status: int) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, ABOUT).status_code == status
    assert Team.objects.get(slug="pay").name == "支付产研"


@pytest.mark.parametrize(("name", "shows"), [("manager", True), ("viewer", False)])
def test_the_navigation_leads_there_who_may_go(personas: Personas, name: str, shows: bool) -> None:
    page = personas.client(name).get("/t/pay/weeks/").text
    assert (f'href="{ADDRESS}"' in page) is shows


def test_the_form_shows_what_holds(personas: Personas) -> None:
    page = personas.client("manager").get(ADDRESS).text
    for value in ('value="支付产研"', 'value="16:00"', 'value="18:00"', 'value="calendar"'):
        assert value in page
    assert "links to them that were sent before lead to another week" in page


def test_settings_are_saved(personas: Personas) -> None:
    client = personas.client("manager")
    sent = ABOUT | {"opened": opened_json(publishes_itself="true")}  # now without a tick
    assert client.post(ADDRESS, sent)["Location"] == ADDRESS
    team = Team.objects.get(slug="pay")
    assert (team.name, team.language, team.time_zone) == ("支付研发", "en", "Asia/Tokyo")
    assert (team.cutoff_time, team.digest_time) == (time(15, 30), time(17))
    assert (team.calendar, team.idle_week) == ("weekdays", "merge")
    assert (team.digest_when, team.publishes_itself, team.attaches_pdf) == (
        "published",
        False,
        True,
    )
    assert AuditRecord.objects.get().by == personas.manager
    assert "Settings saved." in client.get(ADDRESS).text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"digest_time": "15:00"}, "cannot go out before the cutoff"),
        ({"cutoff_time": "25:00"}, "Enter a valid time"),
        ({"cutoff_time": ""}, "required"),
        ({"name": "  "}, "required"),
        ({"time_zone": ""}, "required"),
        ({"calendar": "lunar"}, "Select a valid choice"),
        ({"digest_when": "never"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_lost(
    personas: Personas, wrong: dict[str, str], message: str
) -> None:
    response = personas.client("manager").post(ADDRESS, ABOUT | wrong)
    assert response.status_code == 422
    assert message in response.text
    assert 'value="17:00"' in response.text or "digest_time" in wrong
    assert Team.objects.get(slug="pay").name == "支付产研"


def test_time_zones_are_named_in_the_readers_language(personas: Personas) -> None:
    client = personas.client("manager")
    assert ">Shanghai</option>" in client.get(ADDRESS).text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    page = client.get(ADDRESS).text
    for words in ('<optgroup label="亚洲">', ">上海</option>", ">上海 (Chongqing)</option>"):
        assert words in page

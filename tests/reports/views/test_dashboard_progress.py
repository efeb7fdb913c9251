"""An open dashboard asks whether anything changed, and is told no more than it needs."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.checkin import questions, recording
from projects.checkin.recording import CheckIn
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_incident, make_project, make_question

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/t/pay/?sort=-percent"}
ADDRESS = "/t/pay/weeks/2024-W25/dashboard/progress/"
pytestmark = pytest.mark.usefixtures("now")


def revision_on(page: str) -> str:
    match = re.search(r'name="revision" value="([^"]+)"', page)
    assert match
    return match[1]


def opened(client: Client) -> str:
    """The revision that a dashboard which was just opened has."""
    return revision_on(client.get("/t/pay/").content.decode())


def test_a_week_that_is_none_is_not_there(personas: Personas) -> None:
    address = "/t/pay/weeks/2024-W99/dashboard/progress/"
    assert personas.client("viewer").get(address).status_code == 404


def test_nothing_while_nothing_changed(personas: Personas) -> None:
    client = personas.client("viewer")
    response = client.get(ADDRESS, {"revision": opened(client)}, headers=HTMX)
    assert (response.status_code, response.content) == (204, b"")


def test_the_count_moves_while_leads_save(personas: Personas) -> None:
    client = personas.client("manager")
    before = opened(client)
    check_in = CheckIn(text="联调完成", health="on_track")
    recording.record(personas.project, WEEK, check_in, by=personas.lead)
    page = client.get(ADDRESS, {"revision": before}, headers=HTMX).content.decode()
    assert "Updated 1 / 1" in page
    assert 'id="dashboard_attention" hx-swap-oob="true" hidden' in page
    assert 'href="/t/pay/?sort=-percent"' in page  # the table is loaded again as it is shown
    assert revision_on(page) != before
    again = client.get(ADDRESS, {"revision": revision_on(page)}, headers=HTMX)
    assert again.status_code == 204


def test_what_needs_attention_comes_with_it(personas: Personas) -> None:
    client = personas.client("viewer")
    before = opened(client)
    questions.ask(personas.project, WEEK, "窗口定了吗？", by=personas.manager)
    page = client.get(ADDRESS, {"revision": before}, headers=HTMX).content.decode()
    assert "窗口定了吗？" in page
    assert "Withdraw" not in page  # that is the manager's


def test_only_the_present_week_asks_by_itself(personas: Personas) -> None:
    assert 'hx-trigger="every 10s, facts-changed from:body"' in (
        personas.client("viewer").get("/t/pay/").content.decode()
    )
    make_entry(personas.project, WEEK.replace(day=3))
    facts.announce(personas.team, [WEEK.replace(day=3)])
    past = personas.client("viewer").get("/t/pay/weeks/2024-W23/dashboard/").content.decode()
    assert 'hx-trigger="facts-changed from:body"' in past


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries(revision: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS, {"revision": revision}, headers=HTMX)
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_question(project, personas.manager, f"第 {number} 问")
            make_incident(personas.team)
        facts.announce(personas.team, [WEEK])

    def counted() -> tuple[int, int]:
        """When something has changed, and when nothing has."""
        unchanged = queries(opened(client))
        queries("0")  # this process has read the document from now on
        return queries("0"), unchanged

    fill(0, 2)
    few = counted()
    fill(2, 12)
    assert counted() == few
    assert few[0] <= 12
    assert few[1] == 4

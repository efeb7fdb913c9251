from __future__ import annotations

import pytest

from projects.models import Incident
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_incident, make_team

TOLD = {"occurred_at": "2024-06-10T12:03", "description": "对账任务超时"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def incident(personas: Personas) -> Incident:
    return make_incident(personas.team)


def address(incident: Incident) -> str:
    return f"/t/pay/incidents/{incident.pk}/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 200), ("manager", 200)],
)
def test_managers_and_leads_change(
    personas: Personas, incident: Incident, name: str, status: int
) -> None:
    client = personas.client(name)
    assert client.get(address(incident)).status_code == status
    client.post(address(incident), TOLD)
    incident.refresh_from_db()
    assert (incident.description == "对账任务超时") == (status == 200)


def test_it_moves_to_the_week_in_which_it_occurred(personas: Personas, incident: Incident) -> None:
    client = personas.client("lead")
    assert 'value="2024-06-19T10:00"' in client.get(address(incident)).content.decode()
    assert client.post(address(incident), TOLD).status_code == 302
    incident.refresh_from_db()
    assert incident.week < WEEK


def test_neither_another_teams_nor_an_old_pages_can_be_changed(personas: Personas) -> None:
    theirs = make_incident(make_team("ai"))
    old = Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="原文")
    for one in (theirs, old):
        assert personas.client("manager").post(address(one), TOLD).status_code == 404


def test_what_is_wrong_comes_back(personas: Personas, incident: Incident) -> None:
    response = personas.client("lead").post(address(incident), {**TOLD, "occurred_at": ""})
    assert response.status_code == 422
    assert "对账任务超时" in response.content.decode()

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projects.models import AuditRecord, Incident
from tests.conftest import Personas
from tests.factories import WEEK, make_project, make_team

ADDRESS = "/t/pay/incidents/new/"
TOLD = {"occurred_at": "2024-06-18T12:03", "description": "对账任务超时", "severity": "C"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 302),
        ("outsider", 404),
        ("viewer", 403),
        ("other_lead", 200),
        ("manager", 200),
    ],
)
def test_managers_and_leads_record(personas: Personas, name: str, status: int) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, TOLD).status_code == (302 if status == 200 else status)
    assert Incident.objects.exists() == (status == 200)


def test_its_time_is_the_teams(personas: Personas) -> None:
    data = {**TOLD, "recovered_at": "2024-06-18T12:40", "project": str(personas.project.pk)}
    response = personas.client("lead").post(ADDRESS, data, follow=True)
    assert "Saved: 对账任务超时" in response.content.decode()
    incident = Incident.objects.get()
    assert incident.occurred_at == datetime(2024, 6, 18, 4, 3, tzinfo=UTC)
    assert (incident.week, incident.project) == (WEEK, personas.project)
    assert AuditRecord.objects.get().by == personas.lead


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"occurred_at": "gestern"}, "A date and a time"),
        ({"occurred_at": "0024-06-18T12:03"}, "A date and a time"),
        ({"occurred_at": "2024-06-20T12:03"}, "This has not happened yet."),
        ({"recovered_at": "2024-06-18T12:02"}, "This lies before it occurred."),
        ({"description": ""}, "This field is required."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"severity": "C" * 11}, "at most 10 characters"),
    ],
)
def test_what_is_wrong_comes_back_marked(
    personas: Personas, wrong: dict[str, str], words: str
) -> None:
    response = personas.client("lead").post(ADDRESS, {**TOLD, "cause": "快照太大", **wrong})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "快照太大" in page
    assert not Incident.objects.exists()


def test_another_teams_project_cannot_be_named(personas: Personas) -> None:
    theirs = make_project(make_team("ai"))
    response = personas.client("lead").post(ADDRESS, {**TOLD, "project": str(theirs.pk)})
    assert response.status_code == 422


def test_no_project_is_a_dash_in_any_language(personas: Personas) -> None:
    page = personas.client("lead").get(ADDRESS).text
    assert '<option value="" selected>—</option>' in page

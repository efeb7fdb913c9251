"""An incident is reviewed where it is shown, or on a page of its own."""

from __future__ import annotations

import pytest

from projects.models import Incident
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_incident, make_team

HTMX = {"HX-Request": "true"}
REVIEW = {"cause": "快照太大", "resolution": "改为分页", "recovered_at": "2024-06-19T10:40"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def incident(personas: Personas) -> Incident:
    return make_incident(personas.team)


def address(incident: Incident) -> str:
    return f"/t/pay/incidents/{incident.pk}/review/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 200), ("manager", 200)],
)
def test_managers_and_leads_review(
    personas: Personas, incident: Incident, name: str, status: int
) -> None:
    client = personas.client(name)
    assert client.get(address(incident)).status_code == status
    assert client.post(address(incident), REVIEW).status_code == (302 if status == 200 else status)
    incident.refresh_from_db()
    assert (incident.reviewed_at is not None) == (status == 200)


def test_neither_another_teams_nor_an_old_pages_waits_for_one(personas: Personas) -> None:
    theirs = make_incident(make_team("ai"))
    old = Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="原文")
    for one in (theirs, old):
        assert personas.client("manager").post(address(one), REVIEW).status_code == 404


def test_it_leads_back_to_where_it_was_opened(personas: Personas, incident: Incident) -> None:
    client = personas.client("lead")
    page = client.get(address(incident), headers={"Referer": "http://testserver/t/pay/"})
    assert 'name="next" value="/t/pay/"' in page.content.decode()
    response = client.post(address(incident), {**REVIEW, "next": "/t/pay/"}, follow=True)
    assert response.redirect_chain == [("/t/pay/", 302)]
    assert "The review is saved." in response.content.decode()


def test_htmx_swaps_it_in_place(personas: Personas, incident: Incident) -> None:
    client = personas.client("lead")
    form = client.get(address(incident), headers=HTMX).content.decode()
    assert "<html" not in form
    assert 'class="review is-open"' in form
    closed = client.get(address(incident), {"closed": ""}, headers=HTMX).content.decode()
    assert "<textarea" not in closed
    response = client.post(address(incident), REVIEW, headers=HTMX)
    assert "The review is saved." in response.content.decode()
    assert response["HX-Trigger"] == '{"facts-changed": {}}'


@pytest.mark.parametrize(
    "wrong",
    [{"cause": " "}, {"resolution": ""}, {"recovered_at": "2024-06-19T09:59"}],
    ids=["no cause", "no resolution", "over before it began"],
)
def test_what_is_wrong_comes_back_marked(
    personas: Personas, incident: Incident, wrong: dict[str, str]
) -> None:
    data = REVIEW | wrong
    response = personas.client("lead").post(address(incident), data, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    for name in data.keys() - wrong.keys():
        assert data[name] in page

from __future__ import annotations

import pytest

from projects.models import Membership, Role, User
from tests.conftest import Personas
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas, user: User) -> str:
    return f"/t/pay/members/{Membership.objects.get(team=personas.team, user=user).pk}/remove/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_remove(personas: Personas, name: str, status: int) -> None:
    path = address(personas, personas.viewer)
    assert personas.client(name).post(path).status_code == status
    assert Membership.objects.filter(team=personas.team).count() == 4


def test_a_member_is_removed(personas: Personas) -> None:
    client, path = personas.client("manager"), address(personas, personas.lead)
    assert client.post(path)["Location"] == "/t/pay/members/"
    assert client.post(path).status_code == 404
    assert personas.client("lead").get("/t/pay/").status_code == 404
    personas.project.refresh_from_db()
    assert (personas.project.lead, personas.project.lead_name) == (None, "许澄")


def test_the_last_manager_stays(personas: Personas) -> None:
    response = personas.client("manager").post(address(personas, personas.manager))
    assert response.status_code == 422
    assert "林岚 is the only manager" in response.text


def test_who_removes_themselves_is_led_out(personas: Personas) -> None:
    make_user("second", team=personas.team, role=Role.MANAGER)
    client = personas.client("manager")
    assert client.post(address(personas, personas.manager))["Location"] == "/"
    assert client.get("/").status_code == 200


def test_another_teams_member_is_not_there(personas: Personas) -> None:
    theirs = personas.outsider.memberships.get()
    client = personas.client("manager")
    assert client.post(f"/t/pay/members/{theirs.pk}/remove/").status_code == 404

from __future__ import annotations

import pytest

from projects.models import Membership, User
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas, user: User) -> str:
    return f"/t/pay/members/{membership(personas, user).pk}/role/"


def membership(personas: Personas, user: User) -> Membership:
    return Membership.objects.get(team=personas.team, user=user)


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_give_roles(personas: Personas, name: str, status: int) -> None:
    path = address(personas, personas.viewer)
    assert personas.client(name).post(path, {"role": "manager"}).status_code == status
    assert membership(personas, personas.viewer).role == "viewer"


def test_a_member_gets_another_role(personas: Personas) -> None:
    client = personas.client("manager")
    response = client.post(address(personas, personas.viewer), {"role": "lead"})
    assert response["Location"] == "/t/pay/members/"
    assert membership(personas, personas.viewer).role == "lead"
    assert "高远: lead" in client.get("/t/pay/members/").text


def test_the_last_manager_stays_one(personas: Personas) -> None:
    response = personas.client("manager").post(
        address(personas, personas.manager), {"role": "viewer"}
    )
    assert response.status_code == 422
    assert "林岚 is the only manager" in response.text
    assert membership(personas, personas.manager).role == "manager"


@pytest.mark.parametrize("role", ["", "king", "<script>"])
def test_a_role_that_is_none(personas: Personas, role: str) -> None:
    response = personas.client("manager").post(address(personas, personas.viewer), {"role": role})
    assert response.status_code == 422
    assert "Choose one of the roles." in response.text


def test_another_teams_member_is_not_there(personas: Personas) -> None:
    theirs = personas.outsider.memberships.get()
    client = personas.client("manager")
    response = client.post(f"/t/pay/members/{theirs.pk}/role/", {"role": "viewer"})
    assert response.status_code == 404

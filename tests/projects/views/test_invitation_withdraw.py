from __future__ import annotations

import pytest

from projects.models import Invitation, Role, Team
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas, english_client

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def invitation(personas: Personas) -> Invitation:
    guests = [Guest("zhao@example.com", "赵宁")]
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)[0]


def address(invitation: Invitation) -> str:
    return f"/t/pay/invitations/{invitation.pk}/withdraw/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_withdraw(
    personas: Personas, invitation: Invitation, name: str, status: int
) -> None:
    assert personas.client(name).post(address(invitation)).status_code == status
    assert Invitation.objects.get().withdrawn_at is None


def test_the_link_opens_nothing_any_more(personas: Personas, invitation: Invitation) -> None:
    client = personas.client("manager")
    for _twice in range(2):
        assert client.post(address(invitation))["Location"] == "/t/pay/members/"
    link = f"/invitations/{invitations.token_of(invitation)}/"
    assert english_client().get(link, follow=True).status_code == 410
    assert "zhao@example.com is withdrawn" in client.get("/t/pay/members/").text


def test_one_that_was_accepted_stays(personas: Personas, invitation: Invitation) -> None:
    invitations.accept(invitation, personas.outsider)
    response = personas.client("manager").post(address(invitation))
    assert response.status_code == 422
    assert "accepted already" in response.text


def test_another_teams_invitation_is_not_there(personas: Personas, invitation: Invitation) -> None:
    Invitation.objects.update(team=Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(invitation)).status_code == 404

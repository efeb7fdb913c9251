from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest

from okrtracker import broker
from projects import tasks
from projects.models import Invitation, Role, Team
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def invitation(personas: Personas) -> Invitation:
    guests = [Guest("zhao@example.com", "赵宁")]
    yesterday = NOW - timedelta(days=1)
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager, now=yesterday)[
        0
    ]


def address(invitation: Invitation) -> str:
    return f"/t/pay/invitations/{invitation.pk}/resend/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_send_again(
    personas: Personas, invitation: Invitation, name: str, status: int
) -> None:
    assert personas.client(name).post(address(invitation)).status_code == status
    assert Invitation.objects.get().expires_at == invitation.expires_at


def test_the_mail_goes_out_again_once(personas: Personas, invitation: Invitation) -> None:
    client = personas.client("manager")
    with patch.object(broker, "publish_on_commit") as enqueued:
        assert client.post(address(invitation))["Location"] == "/t/pay/members/"
        client.post(address(invitation))
    enqueued.assert_called_once_with(tasks.send_invitations, personas.team.pk)
    page = client.get("/t/pay/members/").text
    assert "The mail to zhao@example.com goes out again." in page
    assert "went out just now" in page


def test_one_that_is_closed_is_not_sent(personas: Personas, invitation: Invitation) -> None:
    invitations.withdraw(invitation, by=personas.manager)
    response = personas.client("manager").post(address(invitation))
    assert response.status_code == 422
    assert "no longer open" in response.text


def test_another_teams_invitation_is_not_there(personas: Personas, invitation: Invitation) -> None:
    Invitation.objects.update(team=Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(invitation)).status_code == 404

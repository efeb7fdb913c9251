"""A manager invites people by mail: the list that is pasted, sending it again, taking it back."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import LazySettings

from okrtracker import broker
from projects import tasks
from projects.models import (
    Invitation,
    Role,
    Team,
    User,
)
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas, english_client
from tests.factories import NOW
from tests.tables import each_row

pytestmark = pytest.mark.usefixtures("now")
INVITE = "/t/pay/members/invite/"
ONE = {"people": "赵宁 <Zhao@example.com>", "role": "lead"}


def test_person_is_invited_and_the_mail_is_queued(personas: Personas) -> None:
    client = personas.client("manager")
    with patch.object(broker, "publish_on_commit") as enqueued:
        assert client.post(INVITE, ONE)["Location"] == "/t/pay/members/"
    enqueued.assert_called_once_with(tasks.send_invitations, personas.team.pk)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.name) == ("zhao@example.com", "赵宁")
    assert "1 person is invited." in client.get("/t/pay/members/").text


def test_pasted_list_is_read(personas: Personas) -> None:
    people = "赵宁 zhao@example.com\r\n\r\nsun@example.com；钱进（qian@example.com）, "
    people += '"Li, Wei" <li@example.com>\nzhao@example.com 赵宁\n周颖，zhou＠example。com'
    personas.client("manager").post(INVITE, {"people": people, "role": "viewer"})
    invited = dict(Invitation.objects.values_list("email", "name"))
    assert invited == {
        "zhao@example.com": "赵宁",
        "sun@example.com": "",
        "qian@example.com": "钱进",
        "li@example.com": "Li, Wei",
        "zhou@example.com": "周颖",
    }


def test_form_sent_twice_invites_once(personas: Personas) -> None:
    client = personas.client("manager")
    for _twice in range(2):
        assert client.post(INVITE, ONE).status_code == 302
    assert Invitation.objects.count() == 1
    assert "had an open invitation already" in client.get("/t/pay/members/").text


@each_row(
    ("line", "message"),
    [
        ("nobody", "nobody: there is no mail address in it"),
        ("wrong@", "wrong@: this is no mail address"),
        ("a@b.cn c@d.cn", "there is more than one address in it"),
        ("xu@example.com", "is a member of the team already"),
        ("<script>@x", "there is no mail address in it"),
        ("长" * 81 + " a@example.com", "this is too long"),
    ],
)
def test_wrong_line_is_named_and_the_list_is_kept(
    personas: Personas, line: str, message: str
) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="Xu@Example.com")
    people = f"zhao@example.com\n{line}"
    response = personas.client("manager").post(INVITE, {"people": people, "role": "lead"})
    assert response.status_code == 422
    assert message in response.text
    assert "zhao@example.com" in response.text
    assert "<script>" not in response.text
    assert 'aria-invalid="true"' in response.text
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"people": "", "role": "lead"}, "required"),
        ({"people": "a@example.com", "role": "king"}, "Select a valid choice"),
        ({"people": "x" * 60_001, "role": "lead"}, "at most 60000"),
    ],
)
def test_wrong_invitation_is_marked(
    personas: Personas, typed: dict[str, str], message: str
) -> None:
    response = personas.client("manager").post(INVITE, typed)
    assert response.status_code == 422
    assert message in response.text


def test_invitations_of_a_day_are_limited(personas: Personas, settings: LazySettings) -> None:
    settings.INVITATIONS_A_DAY = 2
    people = "a@example.com\nb@example.com\nc@example.com"
    response = personas.client("manager").post(INVITE, {"people": people, "role": "lead"})
    assert response.status_code == 422
    assert "Today you can invite 2 more people." in response.text
    assert not Invitation.objects.exists()


@pytest.fixture
def sent_invitation(personas: Personas) -> Invitation:
    guests = [Guest("zhao@example.com", "赵宁")]
    yesterday = NOW - timedelta(days=1)
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager, now=yesterday)[
        0
    ]


def resend_address(invitation: Invitation) -> str:
    return f"/t/pay/invitations/{invitation.pk}/resend/"


def test_mail_of_an_invitation_goes_out_again_five_times_a_day(
    personas: Personas, sent_invitation: Invitation
) -> None:
    client = personas.client("manager")
    answers = [client.post(resend_address(sent_invitation)).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert "Try again in 24 hours." in client.post(resend_address(sent_invitation)).text


@pytest.mark.parametrize("line", ["www.evil.com a@example.com", "点 http://x.cn <a@example.com>"])
def test_name_with_a_link_invites_nobody(personas: Personas, line: str) -> None:
    page = personas.client("manager").post(INVITE, {"people": line, "role": "lead"})
    assert page.status_code == 422
    assert "A name holds no link." in page.text
    assert not Invitation.objects.exists()


def test_invitation_is_sent_again_once(personas: Personas, sent_invitation: Invitation) -> None:
    client = personas.client("manager")
    with patch.object(broker, "publish_on_commit") as enqueued:
        assert client.post(resend_address(sent_invitation))["Location"] == "/t/pay/members/"
        client.post(resend_address(sent_invitation))
    enqueued.assert_called_once_with(tasks.send_invitations, personas.team.pk)
    page = client.get("/t/pay/members/").text
    assert "The mail to zhao@example.com goes out again." in page
    assert "went out just now" in page


def test_closed_invitation_is_not_sent_again(
    personas: Personas, sent_invitation: Invitation
) -> None:
    invitations.withdraw(sent_invitation, by=personas.manager)
    response = personas.client("manager").post(resend_address(sent_invitation))
    assert response.status_code == 422
    assert "no longer open" in response.text


def test_invitation_of_another_team_is_not_sent_again(
    personas: Personas, sent_invitation: Invitation
) -> None:
    Invitation.objects.update(team=Team.objects.get(slug="risk"))
    assert personas.client("manager").post(resend_address(sent_invitation)).status_code == 404


@pytest.fixture
def invitation(personas: Personas) -> Invitation:
    guests = [Guest("zhao@example.com", "赵宁")]
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)[0]


def withdraw_address(invitation: Invitation) -> str:
    return f"/t/pay/invitations/{invitation.pk}/withdraw/"


def test_link_of_a_withdrawn_invitation_is_gone(personas: Personas, invitation: Invitation) -> None:
    client = personas.client("manager")
    for _twice in range(2):
        assert client.post(withdraw_address(invitation))["Location"] == "/t/pay/members/"
    link = f"/invitations/{invitations.token_of(invitation)}/"
    assert english_client().get(link, follow=True).status_code == 410
    assert "zhao@example.com is withdrawn" in client.get("/t/pay/members/").text


def test_accepted_invitation_is_not_withdrawn(personas: Personas, invitation: Invitation) -> None:
    invitations.accept(invitation, personas.outsider)
    response = personas.client("manager").post(withdraw_address(invitation))
    assert response.status_code == 422
    assert "accepted already" in response.text


def test_invitation_of_another_team_is_not_withdrawn(
    personas: Personas, invitation: Invitation
) -> None:
    Invitation.objects.update(team=Team.objects.get(slug="risk"))
    assert personas.client("manager").post(withdraw_address(invitation)).status_code == 404

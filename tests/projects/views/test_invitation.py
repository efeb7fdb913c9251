from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.test import Client

from projects.models import Invitation, Role, Team
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas, english_client
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def invitation(personas: Personas) -> Invitation:
    guests = [Guest("zhao@example.com", "赵宁")]
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)[0]


def address(invitation: Invitation) -> str:
    return f"/invitations/{invitations.token_of(invitation)}/"


def test_the_anonymous_are_asked_for_name_and_password(
    personas: Personas, invitation: Invitation
) -> None:
    response = english_client().get(address(invitation))
    for words in ("Join 支付产研", "林岚 invites you, as lead.", 'value="赵宁"', 'value="zhao"'):
        assert words in response.text
    assert f"/accounts/login/?next={address(invitation)}" in response.text
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_the_signed_in_join_with_one_click(personas: Personas, invitation: Invitation) -> None:
    page = personas.client("outsider").get(address(invitation)).text
    assert "Join as 周颖" in page
    assert 'name="password1"' not in page


def test_it_is_in_the_teams_language_unless_the_reader_chose(
    personas: Personas, invitation: Invitation
) -> None:
    Team.objects.filter(pk=personas.team.pk).update(language="en")
    assert '<html lang="en">' in Client().get(address(invitation)).text
    Team.objects.filter(pk=personas.team.pk).update(language="zh-hans")
    assert '<html lang="zh-hans">' in Client().get(address(invitation)).text
    assert '<html lang="en">' in english_client().get(address(invitation)).text


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"expires_at": NOW - timedelta(seconds=1)}, "has expired"),
        ({"withdrawn_at": NOW}, "was withdrawn"),
        ({"accepted_at": NOW}, "was accepted"),
    ],
)
def test_one_that_is_closed_says_why_and_nothing_of_the_team(
    personas: Personas,
    invitation: Invitation,
    what: dict[str, object],
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    Invitation.objects.update(**what)
    with caplog.at_level(logging.DEBUG):
        response = english_client().get(address(invitation), follow=True)
    assert response.status_code == 410
    assert words in response.text
    # Sent again, an expired link holds again: it must not stand in a log.
    assert invitations.token_of(invitation) not in caplog.text
    assert "支付产研" not in response.text
    assert "zhao" not in response.text


@pytest.mark.parametrize("token", ["x", "x" * 43, "<script>", "..%2F", "%00", "9" * 3000])
def test_a_token_of_nobody(personas: Personas, token: str) -> None:
    response = english_client().get(f"/invitations/{token}/", follow=True)
    assert response.status_code in (404, 410)
    assert "<script>" not in response.text

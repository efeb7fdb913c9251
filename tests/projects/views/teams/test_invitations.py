from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from projects.models import Invitation, Membership, Role, Team, User
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas, english_client
from tests.factories import NOW, PASSWORD, make_user
from tests.tables import each_row

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def invitation(personas: Personas) -> Invitation:
    guests = [Guest("zhao@example.com", "赵宁")]
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)[0]


def address(invitation: Invitation) -> str:
    return f"/invitations/{invitations.token_of(invitation)}/"


def test_anonymous_reader_is_asked_for_name_and_password(
    personas: Personas, invitation: Invitation
) -> None:
    response = english_client().get(address(invitation))
    for words in ("Join 支付产研", "林岚 invites you, as lead.", 'value="赵宁"', 'value="zhao"'):
        assert words in response.text
    assert f"/accounts/login/?next={address(invitation)}" in response.text
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_signed_in_reader_is_offered_one_button(personas: Personas, invitation: Invitation) -> None:
    page = personas.client("outsider").get(address(invitation)).text
    assert "Join as 周颖" in page
    assert 'name="password1"' not in page


def test_page_is_in_the_teams_language_unless_the_reader_chose(
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
def test_closed_invitation_says_why_and_nothing_of_the_team(
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


@each_row("token", ["x", "x" * 43, "<script>", "..%2F", "%00", "9" * 3000])
def test_unknown_token_is_gone(personas: Personas, token: str) -> None:
    response = english_client().get(f"/invitations/{token}/", follow=True)
    assert response.status_code in (404, 410)
    assert "<script>" not in response.text


ACCEPT = "/invitations/accept/"


@pytest.fixture
def token(personas: Personas) -> str:
    guests = [Guest("zhao@example.com", "赵宁")]
    made = invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)
    return invitations.token_of(made[0])


def account(token: str, **typed: str) -> dict[str, str]:
    password = {"password1": "eine-lange-Losung", "password2": "eine-lange-Losung"}
    return {"token": token, "username": "zhao", "name": "赵宁", **password, **typed}


def test_new_account_joins_and_is_signed_in(personas: Personas, token: str) -> None:
    client = english_client()
    assert client.post(ACCEPT, account(token))["Location"] == "/t/pay/"
    page = client.get("/t/pay/").text
    assert "Welcome to 支付产研." in page
    assert "赵宁" in page
    user = User.objects.get(username="zhao")
    assert (user.email, user.check_password("eine-lange-Losung")) == ("zhao@example.com", True)
    assert Membership.objects.get(user=user).role == "lead"


def test_second_click_signs_in(personas: Personas, token: str) -> None:
    # The browser broke the first answer off, so it has no session of it.
    english_client().post(ACCEPT, account(token))
    client = english_client()
    assert client.post(ACCEPT, account(token))["Location"] == "/t/pay/"
    assert client.get("/t/pay/").status_code == 200
    assert User.objects.filter(username="zhao").count() == 1


def test_used_link_signs_in_with_the_right_password_only(personas: Personas, token: str) -> None:
    english_client().post(ACCEPT, account(token))
    client = english_client()
    for typed in ({"password1": "guessed"}, {"username": "manager", "password1": PASSWORD}):
        response = client.post(ACCEPT, account(token, **typed), follow=True)
        assert response.status_code == 410
        assert "was accepted" in response.text
    assert client.get("/t/pay/").status_code == 302


def test_signed_in_reader_joins_with_one_click(personas: Personas, token: str) -> None:
    client = personas.client("outsider")
    for _twice in range(2):
        assert client.post(ACCEPT, {"token": token})["Location"] == "/t/pay/"
    assert Membership.objects.filter(user=personas.outsider, team=personas.team).count() == 1


def test_reader_with_an_account_signs_in_and_comes_back(personas: Personas, token: str) -> None:
    make_user("zhao")
    client = english_client()
    back = f"/invitations/{token}/"
    data = {"username": "zhao", "password": PASSWORD, "next": back}
    assert client.post("/accounts/login/", data)["Location"] == back
    assert client.post(ACCEPT, {"token": token})["Location"] == "/t/pay/"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"username": ""}, "required"),
        ({"username": "viewer"}, "already exists"),
        ({"username": "Viewer"}, "already exists"),
        ({"username": "<script>"}, "valid username"),
        ({"username": "x" * 151}, "at most 150"),
        ({"name": "  "}, "required"),
        ({"name": "长" * 81}, "at most 80"),
        ({"password2": "something else"}, "match"),
        ({"password1": "12345678", "password2": "12345678"}, "entirely numeric"),
        ({"password1": "zhao", "password2": "zhao"}, "too short"),
    ],
)
def test_wrong_account_is_marked_and_the_rest_is_kept(
    personas: Personas,
    token: str,
    wrong: dict[str, str],
    message: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = english_client().post(ACCEPT, account(token, **wrong))
    assert response.status_code == 422
    assert message in response.text
    assert 'aria-invalid="true"' in response.text
    assert "<script>" not in response.text
    assert "eine-lange-Losung" not in response.text
    if "name" not in wrong:
        assert 'value="赵宁"' in response.text
    assert User.objects.count() == 5
    assert Invitation.objects.get().accepted_at is None
    assert token not in caplog.text  # a refused form is logged, with its address


def test_user_name_taken_at_that_moment_is_marked(
    personas: Personas, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(invitations, "accept", taken)
    response = english_client().post(ACCEPT, account(token))
    assert response.status_code == 422
    assert "already exists" in response.text


@pytest.mark.parametrize("name", ["anonymous", "outsider"])
@pytest.mark.parametrize(
    "what", [{"expires_at": NOW - timedelta(seconds=1)}, {"withdrawn_at": NOW}]
)
def test_closed_invitation_makes_nobody_a_member(
    personas: Personas, token: str, name: str, what: dict[str, object]
) -> None:
    Invitation.objects.update(**what)
    response = personas.client(name).post(ACCEPT, account(token), follow=True)
    assert response.status_code == 410
    assert Membership.objects.filter(team=personas.team).count() == 4
    assert not User.objects.filter(username="zhao").exists()


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 5000, "\x00"])
def test_unknown_token_makes_nobody_a_member(personas: Personas, token: str) -> None:
    response = english_client().post(ACCEPT, account(token), follow=True)
    assert response.status_code == 410
    assert "opens no invitation" in response.text


def test_accept_has_no_page(personas: Personas) -> None:
    assert english_client().get(ACCEPT).status_code == 405


CLOSED = "/invitations/closed/"


@each_row("name", ["anonymous", "outsider", "manager"])
@each_row(
    ("reason", "words"),
    [
        ("accepted", "was accepted"),
        ("expired", "has expired"),
        ("withdrawn", "was withdrawn"),
        ("unknown", "opens no invitation"),
    ],
)
def test_closed_page_says_why(personas: Personas, name: str, reason: str, words: str) -> None:
    response = personas.client(name).get(f"{CLOSED}{reason}/")
    assert response.status_code == 410
    assert words in response.text


@pytest.mark.parametrize("reason", ["open", "x", "<script>"])
def test_unknown_reason_is_not_found(personas: Personas, reason: str) -> None:
    assert personas.client("anonymous").get(f"{CLOSED}{reason}/").status_code == 404

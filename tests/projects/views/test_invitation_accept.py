from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError

from projects.models import Invitation, Membership, Role, User
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas, english_client
from tests.factories import NOW, PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/invitations/accept/"


@pytest.fixture
def token(personas: Personas) -> str:
    guests = [Guest("zhao@example.com", "赵宁")]
    made = invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)
    return invitations.token_of(made[0])


def account(token: str, **said: str) -> dict[str, str]:
    password = {"password1": "eine-lange-Losung", "password2": "eine-lange-Losung"}
    return {"token": token, "username": "zhao", "name": "赵宁", **password, **said}


def test_a_new_account_joins_and_is_signed_in(personas: Personas, token: str) -> None:
    client = english_client()
    assert client.post(ADDRESS, account(token))["Location"] == "/t/pay/"
    page = client.get("/t/pay/").text
    assert "Welcome to 支付产研." in page
    assert "赵宁" in page
    user = User.objects.get(username="zhao")
    assert (user.email, user.check_password("eine-lange-Losung")) == ("zhao@example.com", True)
    assert Membership.objects.get(user=user).role == "lead"


def test_a_second_click_just_signs_in(personas: Personas, token: str) -> None:
    # The browser broke the first answer off, so it has no session of it.
    english_client().post(ADDRESS, account(token))
    client = english_client()
    assert client.post(ADDRESS, account(token))["Location"] == "/t/pay/"
    assert client.get("/t/pay/").status_code == 200
    assert User.objects.filter(username="zhao").count() == 1


def test_who_found_a_used_link_comes_in_with_no_other_password(
    personas: Personas, token: str
) -> None:
    english_client().post(ADDRESS, account(token))
    client = english_client()
    for said in ({"password1": "guessed"}, {"username": "manager", "password1": PASSWORD}):
        response = client.post(ADDRESS, account(token, **said), follow=True)
        assert response.status_code == 410
        assert "was accepted" in response.text
    assert client.get("/t/pay/").status_code == 302


def test_the_signed_in_join_with_one_click(personas: Personas, token: str) -> None:
    client = personas.client("outsider")
    for _twice in range(2):
        assert client.post(ADDRESS, {"token": token})["Location"] == "/t/pay/"
    assert Membership.objects.filter(user=personas.outsider, team=personas.team).count() == 1


def test_who_has_an_account_signs_in_and_comes_back(personas: Personas, token: str) -> None:
    make_user("zhao")
    client = english_client()
    back = f"/invitations/{token}/"
    data = {"username": "zhao", "password": PASSWORD, "next": back}
    assert client.post("/accounts/login/", data)["Location"] == back
    assert client.post(ADDRESS, {"token": token})["Location"] == "/t/pay/"


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
def test_what_is_wrong_is_marked_and_the_rest_stays(
    personas: Personas,
    token: str,
    wrong: dict[str, str],
    message: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = english_client().post(ADDRESS, account(token, **wrong))
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


def test_a_user_name_that_is_taken_at_that_moment(
    personas: Personas, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(invitations, "accept", taken)
    response = english_client().post(ADDRESS, account(token))
    assert response.status_code == 422
    assert "already exists" in response.text


@pytest.mark.parametrize("name", ["anonymous", "outsider"])
@pytest.mark.parametrize(
    "what", [{"expires_at": NOW - timedelta(seconds=1)}, {"withdrawn_at": NOW}]
)
def test_one_that_is_closed_makes_nobody_a_member(
    personas: Personas, token: str, name: str, what: dict[str, object]
) -> None:
    Invitation.objects.update(**what)
    response = personas.client(name).post(ADDRESS, account(token), follow=True)
    assert response.status_code == 410
    assert Membership.objects.filter(team=personas.team).count() == 4
    assert not User.objects.filter(username="zhao").exists()


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 5000, "\x00"])
def test_a_token_of_nobody(personas: Personas, token: str) -> None:
    response = english_client().post(ADDRESS, account(token), follow=True)
    assert response.status_code == 410
    assert "opens no invitation" in response.text


def test_there_is_nothing_to_read(personas: Personas) -> None:
    assert english_client().get(ADDRESS).status_code == 405

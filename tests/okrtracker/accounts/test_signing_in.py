from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from projects.models import User
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD, make_user

LOGIN = "/accounts/login/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> int:
    """The status of the answer: 302 when the client is signed in."""
    data = {"username": login, "password": password}
    return client.post(LOGIN, data, headers=more).status_code


@pytest.mark.parametrize("login", ["lead", "LEAD", " lead ", "Lead@Example.com"])
def test_user_name_and_address_sign_in(personas: Personas, login: str) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
    client = english_client()
    assert sign_in(client, login) == 302
    assert client.get("/t/pay/").context["user"] == personas.lead


@pytest.mark.parametrize("login", ["", "nobody", "@", "a@b", "名" * 3000, "lead'--"])
def test_unknown_login_is_answered_like_a_wrong_password(personas: Personas, login: str) -> None:
    for name in (login, "lead"):
        page = english_client().post(LOGIN, {"username": name, "password": "wrong"})
        assert "Wrong user name or password." in page.text
        assert page.status_code == 200


def test_closed_account_is_answered_like_a_wrong_password(personas: Personas) -> None:
    User.objects.filter(pk=personas.lead.pk).update(is_active=False)
    assert sign_in(english_client(), "lead") == 200


def test_two_users_of_one_address_sign_in_with_their_passwords(personas: Personas) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="pair@example.com")
    other = make_user("other")
    other.email = "pair@example.com"
    other.set_password("another-password")
    other.save()
    for password, user in ((PASSWORD, personas.lead), ("another-password", other)):
        client = english_client()
        assert sign_in(client, "pair@example.com", password) == 302
        assert client.get("/account/").context["user"] == user


def test_sign_in_of_a_second_tab_ends_where_it_wanted_to_go(personas: Personas) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.force_login(personas.lead)  # in the first tab
    client.cookies[settings.CSRF_COOKIE_NAME] = "n" * 32
    data = {"username": "lead", "password": PASSWORD, "csrfmiddlewaretoken": token}
    for wanted, leads_to in (("/t/pay/checkin/", "/t/pay/checkin/"), ("//evil.example/", "/")):
        own = {"Origin": "http://testserver"}
        page = client.post(LOGIN, data | {"next": wanted}, headers=own, follow=True)
        assert page.redirect_chain[1][0] == leads_to


def test_signing_out_takes_a_form(personas: Personas) -> None:
    client = english_client()
    sign_in(client, "lead")
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/account/").status_code == 302

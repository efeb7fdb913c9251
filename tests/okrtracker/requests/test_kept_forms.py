"""Forms that come after the session has ended, or with the token of an older one."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from projects.models import Incident
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD
from tests.html import elements

ADDRESS = "/t/pay/incidents/new/"
TYPED = {"occurred_at": "2024-06-19T09:00", "description": "回调超时 <b>"}
OWN = {"Origin": "http://testserver"}


def sent_again(page: str, action: str = ADDRESS) -> dict[str, str]:
    """The fields of the form that goes to ``action``."""
    (form,) = elements(page, f'form[method=post][action="{action}"]')
    return {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}


def test_a_form_of_an_ended_session_is_kept_until_signed_in_again(personas: Personas) -> None:
    client = english_client()
    response = client.post(ADDRESS, TYPED)
    assert response.status_code == 401
    assert "You are signed out. What you typed is kept" in response.content.decode()
    fields = sent_again(response.content.decode())
    client.force_login(personas.lead)  # in another tab
    assert client.post(ADDRESS, fields).status_code == 302
    assert Incident.objects.get().description == TYPED["description"]


@pytest.mark.parametrize("data", [{}, {"description": " "}, {"password": "geheim"}])
def test_where_nothing_can_be_kept_it_says_that_nothing_was_saved(
    personas: Personas, data: dict[str, str]
) -> None:
    client = english_client()
    assert client.post(ADDRESS, data)["Location"].startswith("/accounts/login/")
    client.force_login(personas.lead)
    assert "what you sent last was not saved" in client.get(ADDRESS).content.decode()


@pytest.fixture
def strict(personas: Personas) -> Client:
    """A browser that was signed in again: its form holds the token of before."""
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(personas.lead)
    return client


def test_a_form_from_before_signing_in_again_is_kept(personas: Personas, strict: Client) -> None:
    strict.get(ADDRESS)
    response = strict.post(ADDRESS, {**TYPED, "csrfmiddlewaretoken": "x" * 64}, headers=OWN)
    assert response.status_code == 403
    assert f"Signed in: {personas.lead}" in response.content.decode()
    fields = sent_again(response.content.decode())
    assert strict.post(ADDRESS, fields, headers=OWN).status_code == 302
    assert Incident.objects.get().description == TYPED["description"]


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_is_never_offered_again(
    strict: Client, origin: dict[str, str]
) -> None:
    response = strict.post(ADDRESS, TYPED, headers=origin)
    assert response.status_code == 403
    assert "回调超时" not in response.content.decode()


LOGIN = "/accounts/login/"
CREDENTIALS = {"username": "lead", "password": PASSWORD}


def press(client: Client, action: str, fields: dict[str, str]) -> Any:
    return client.post(action, fields, headers=OWN)


@pytest.fixture
def signed_out(personas: Personas) -> Client:
    """A browser without JavaScript whose session has ended; it checks tokens."""
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def kept_page(client: Client) -> str:
    """What answers the form of the ended session: its token is a good one."""
    token = sent_again_of_login(client.get(LOGIN).content.decode())["csrfmiddlewaretoken"]
    response = press(client, ADDRESS, {**TYPED, "csrfmiddlewaretoken": token})
    assert response.status_code == 401
    return str(response.content.decode())


def sent_again_of_login(page: str) -> dict[str, str]:
    (form,) = elements(page, "form.login")
    return {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}


def test_without_javascript_one_press_after_signing_in_is_enough(signed_out: Client) -> None:
    page = press(signed_out, LOGIN, sent_again(kept_page(signed_out), LOGIN)).content.decode()
    assert "What you typed is kept" in page
    fields = sent_again_of_login(page)
    wrong = press(signed_out, LOGIN, {**fields, "username": "lead", "password": "?"})
    fields = sent_again_of_login(wrong.content.decode())
    right = press(signed_out, LOGIN, {**fields, **CREDENTIALS})
    assert not Incident.objects.exists()  # whoever signs in decides
    sent = press(signed_out, ADDRESS, sent_again(right.content.decode()))
    assert sent.status_code == 302
    assert Incident.objects.get().description == TYPED["description"]


@pytest.mark.parametrize("is_stale", [True, False])
def test_signed_in_in_another_tab_the_form_is_shown_at_once(
    signed_out: Client, personas: Personas, is_stale: bool
) -> None:
    fields = sent_again(kept_page(signed_out), LOGIN)
    signed_out.force_login(personas.lead)
    if is_stale:
        signed_out.cookies[settings.CSRF_COOKIE_NAME] = "n" * 32
    page = press(signed_out, LOGIN, fields).content.decode()
    assert press(signed_out, ADDRESS, sent_again(page)).status_code == 302
    assert Incident.objects.get().description == TYPED["description"]


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "[",
        "[]",
        '{"address": 5, "fields": []}',
        '{"address": "https://evil.example/", "fields": []}',
        '{"address": "//evil.example/", "fields": [["a", "b"]]}',
        "[" * 5000,
    ],
)
def test_nothing_else_goes_along(signed_out: Client, hostile: str) -> None:
    fields = sent_again_of_login(signed_out.get(LOGIN).content.decode())
    response = press(signed_out, LOGIN, {**fields, **CREDENTIALS, "kept": hostile})
    assert response.status_code == 302


def test_fields_that_are_none_are_left_out(signed_out: Client) -> None:
    fields = sent_again_of_login(signed_out.get(LOGIN).content.decode())
    along = f'{{"address": "{ADDRESS}", "fields": [["a"], 5, ["b", 6], [], ["c", "d", "e"]]}}'
    page = press(signed_out, LOGIN, {**fields, **CREDENTIALS, "kept": along}).content.decode()
    assert sent_again(page).keys() == {"csrfmiddlewaretoken", "c"}

"""Forms that come after the session has ended, or with the token of an older one."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from projects.models import Incident
from tests.conftest import Personas, english_client
from tests.html import elements

ADDRESS = "/t/pay/incidents/new/"
TYPED = {"occurred_at": "2024-06-19T09:00", "description": "回调超时 <b>"}
OWN = {"Origin": "http://testserver"}


def sent_again(page: str) -> dict[str, str]:
    (form,) = elements(page, "form[method=post]")
    assert form["action"] == ADDRESS
    return {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}


def test_a_form_of_an_ended_session_is_kept_until_signed_in_again(personas: Personas) -> None:
    client = english_client()
    response = client.post(ADDRESS, TYPED)
    assert response.status_code == 401
    assert "You are signed out. This page keeps what you typed" in response.content.decode()
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

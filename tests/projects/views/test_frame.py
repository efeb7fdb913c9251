"""What is not there, or not open to all: in the team's frame for its members alone."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import Personas
from tests.html import Page, elements, text

NOWHERE = ("/t/pay/nothing/", "/t/pay/projects/999999/", "/t/pay/weeks/2024-W99/")


@pytest.fixture(params=[False, True], ids=["served", "with DEBUG, as make run"])
def debug(request: pytest.FixtureRequest, settings: LazySettings) -> bool:
    settings.DEBUG = request.param
    return request.param is True


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("address", NOWHERE)
def test_missing_page_of_a_team_stands_in_its_frame(personas: Personas, address: str) -> None:
    response = personas.client("viewer").get(address)
    assert response.status_code == 404
    assert text(response, "h1") == "Page not found"
    assert text(response, ".brand") == personas.team.name
    assert "/t/pay/" in links(response, "main a")


@pytest.mark.usefixtures("debug")
def test_page_that_is_not_open_to_a_role_stands_in_the_frame_of_the_team(
    personas: Personas,
) -> None:
    response = personas.client("lead").get("/t/pay/settings/")
    assert response.status_code == 403
    assert text(response, ".brand") == personas.team.name
    assert {"/t/pay/", "/t/pay/members/"} <= links(response, "main a")
    assert "/t/pay/settings/" not in links(response, "a")


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("address", NOWHERE)
def test_stranger_cannot_tell_a_team_from_none(personas: Personas, address: str) -> None:
    client = personas.client("outsider")
    pages = [client.get(path) for path in (address, address.replace("pay", "none"))]
    assert [page.status_code for page in pages] == [404, 404]
    assert text(pages[0], ".brand") == "OKR Tracker"
    assert body(pages[0]) == body(pages[1])


def test_anonymous_reader_cannot_tell_a_team_from_none(client: Client, personas: Personas) -> None:
    pages = [client.get(path) for path in ("/t/pay/nothing/", "/t/none/nothing/")]
    assert [page.status_code for page in pages] == [404, 404]
    assert personas.team.name not in body(pages[0])


def test_form_for_what_was_removed_is_answered_in_the_frame_of_the_team(
    personas: Personas,
) -> None:
    response = personas.client("manager").post(
        "/t/pay/settings/stages/999999/move/", {"name": "上线"}
    )
    assert response.status_code == 404
    assert text(response, ".brand") == personas.team.name
    assert "上线" in text(response, "main")


def test_address_that_takes_forms_only_is_no_empty_page(personas: Personas) -> None:
    """It is what a reader reloads above a refused form, or leaves by choosing a language."""
    response = personas.client("manager").get("/t/pay/members/invite/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert text(response, ".brand") == personas.team.name
    assert "/t/pay/" in links(response, "main a")


def test_team_is_asked_for_once(
    personas: Personas, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = personas.client("viewer")
    client.get("/t/pay/nothing/")
    with django_assert_num_queries(3):  # the session, its user, the membership
        client.get("/t/pay/nothing/")


def links(page: Page, selector: str) -> set[str]:
    return {str(link["href"]) for link in elements(page, selector)}


def body(page: Page) -> str:
    """What it shows; a hidden field holds the address itself."""
    return f"{text(page, 'title')} {text(page)}"

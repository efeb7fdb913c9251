from __future__ import annotations

import pytest
from django.test import Client

from projects.models import Membership, Role, User
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD, make_team, make_user


def test_the_anonymous_sign_in_first(db: None) -> None:
    assert Client().get("/")["Location"] == "/accounts/login/?next=/"


def test_one_team_is_opened_at_once(personas: Personas) -> None:
    assert personas.client("viewer").get("/")["Location"] == "/t/pay/"


def test_of_several_teams_one_chooses(personas: Personas) -> None:
    Membership.objects.create(
        team=make_team("risk2", "清结算"), user=personas.viewer, role=Role.VIEWER
    )
    page = personas.client("viewer").get("/").content.decode()
    assert "支付产研" in page
    assert "清结算" in page
    assert "风控产研" not in page  # not theirs


def test_a_superuser_chooses_among_all(personas: Personas) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    page = client.get("/").content.decode()
    assert "支付产研" in page
    assert "风控产研" in page


def test_the_choice_can_be_asked_for(personas: Personas) -> None:
    assert personas.client("viewer").get("/?choose=1").status_code == 200


def test_without_a_team_one_is_told_whom_to_ask(db: None) -> None:
    client = english_client()
    client.force_login(make_user("new"))
    page = client.get("/").text
    assert "Ask its manager to invite you" in page
    assert 'href="/teams/new/"' in page


def test_signing_in_leads_to_where_one_wanted_to_go(personas: Personas) -> None:
    client = Client()
    data = {"username": "viewer", "password": PASSWORD, "next": "/t/pay/checkin/"}
    assert client.post("/accounts/login/", data)["Location"] == "/t/pay/checkin/"


@pytest.mark.parametrize("name", ["viewer", "nobody<b>"])
def test_a_wrong_password_keeps_the_name_and_says_what_to_do(personas: Personas, name: str) -> None:
    client = english_client()
    response = client.post("/accounts/login/", {"username": name, "password": "wrong", "next": "/"})
    page = response.content.decode()
    assert "do not belong together" in page
    assert f'value="{name.replace("<", "&lt;").replace(">", "&gt;")}"' in page
    assert "wrong" not in page


def test_a_strange_site_is_no_place_to_go_to(personas: Personas) -> None:
    data = {"username": "viewer", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/accounts/login/", data)["Location"] == "/"


def test_the_language_is_switched_before_and_after_signing_in(personas: Personas) -> None:
    client = Client()
    assert 'lang="zh-hans"' in client.get("/accounts/login/").content.decode()
    data = {"language": "en", "next": "/accounts/login/"}
    assert client.post("/i18n/setlang/", data)["Location"] == "/accounts/login/"
    assert '<html lang="en">' in client.get("/accounts/login/").content.decode()
    client.force_login(personas.viewer)
    assert '<html lang="en">' in client.get("/?choose=1").content.decode()


def test_who_signs_out_is_out(personas: Personas) -> None:
    client = personas.client("viewer")
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_no_page_lets_a_script_or_style_in(personas: Personas) -> None:
    response = personas.client("viewer").get("/?choose=1")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = response.content.decode()
    assert "<style" not in page
    assert " style=" not in page


def test_a_page_that_is_not_there_says_so_in_the_look_of_the_site(personas: Personas) -> None:
    response = personas.client("viewer").get("/t/pay/nothing/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_when_something_breaks_the_page_needs_no_database(db: None) -> None:
    from django.test import RequestFactory
    from django.views.defaults import server_error

    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<html" in response.content

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from okrtracker.accounts import browsers
from tests.conftest import Personas, english_client
from tests.factories import NOW, PASSWORD
from tests.html import elements, text
from tests.okrtracker.accounts.test_signing_in import sign_in

pytestmark = pytest.mark.usefixtures("now")
SESSIONS = "/accounts/sessions/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0"


def signed_in(login: str, user_agent: str = DESK) -> Client:
    client = english_client()
    client.defaults["HTTP_USER_AGENT"] = user_agent
    assert sign_in(client, login) == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_own_sessions_are_listed_and_ended(personas: Personas) -> None:
    here, phone, third = signed_in("lead"), signed_in("lead", PHONE), signed_in("lead")
    stranger = signed_in("viewer")
    page = here.get(SESSIONS)
    assert [text(row, "strong") for row in elements(page, "main li")] == [
        *("Edge · Windows", "Safari · iPhone", "Edge · Windows"),
    ]
    theirs = UserSession.objects.get(user=personas.viewer).pk
    own = UserSession.objects.get(session_key=here.session.session_key).pk
    for other in (str(theirs), str(own), "", "x", "9" * 30):
        assert here.post(SESSIONS, {"session": other}).status_code == 302
    assert [is_in(client) for client in (here, phone, third, stranger)] == [True] * 4
    here.post(SESSIONS, {"session": elements(page, "[name=session]")[-1]["value"]})
    assert [is_in(client) for client in (here, phone, third)] == [True, False, True]
    here.post(SESSIONS)
    assert [is_in(client) for client in (here, phone, third, stranger)] == [
        *(True, False, False, True),
    ]
    assert english_client().get(SESSIONS).status_code == 302


def test_a_new_password_ends_all_other_sessions(personas: Personas) -> None:
    here, other = signed_in("lead"), signed_in("lead")
    new = "eine-neue-Losung"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/", typed)["Location"] == "/accounts/password/done/"
    assert (is_in(here), is_in(other)) == (True, False)
    assert len(elements(here.get(SESSIONS), "main li")) == 1


def test_session_lasts_while_it_is_used_but_not_for_ever(personas: Personas) -> None:
    used, idle = signed_in("lead"), signed_in("viewer")
    for day in range(1, 60, 10):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            answer = used.get("/account/")
            assert answer.status_code == 200
            assert (settings.SESSION_COOKIE_NAME in answer.cookies) == (day > 1)
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        assert not is_in(idle)
    with time_machine.travel(NOW + timedelta(days=60, seconds=1), tick=False):
        assert not is_in(used)
    assert Session.objects.count() == 1  # the one that was too long is gone


def test_session_is_written_once_a_day_at_most(
    personas: Personas, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    client = signed_in("lead")
    with time_machine.travel(NOW + timedelta(hours=23), tick=False):
        assert settings.SESSION_COOKIE_NAME not in client.get("/account/").cookies
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert settings.SESSION_COOKIE_NAME in client.get("/account/").cookies
        assert settings.SESSION_COOKIE_NAME not in client.get("/account/").cookies


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Safari · iPhone"),
        (DESK, "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8.0", ""),
    ],
)
def test_browser_is_named(user_agent: str, words: str) -> None:
    assert browsers.words_of(user_agent) == words

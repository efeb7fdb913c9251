"""What is tried too often is refused for a while, and nobody but who tries it suffers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from okrtracker.accounts import brake, hashing
from okrtracker.accounts.device import Device
from okrtracker.requests.try_later import Busy
from projects import tasks
from tests.conftest import Personas, english_client
from tests.factories import NOW, PASSWORD
from tests.html import text
from tests.okrtracker.accounts.test_signing_in import LOGIN, sign_in

pytestmark = pytest.mark.usefixtures("now")


def come_from(address: str) -> Client:
    client = english_client()
    client.defaults["REMOTE_ADDR"] = address
    return client


def test_wrong_passwords_are_refused_after_five_with_the_time_to_wait(personas: Personas) -> None:
    guesser = come_from("203.0.113.1")
    for number in range(5):
        forged = {"X-Forwarded-For": f"198.51.100.{number}"}
        assert sign_in(guesser, "lead", "wrong", **forged) == 200
    for password in ("wrong", PASSWORD):  # what is right is not told either
        page = guesser.post(LOGIN, {"username": "Lead", "password": password})
        assert page.status_code == 429
        assert page["Retry-After"] == "300"
        assert text(page, "#login-error") == "Too many attempts. Try again in 5 minutes."
        assert PASSWORD not in page.text
    with time_machine.travel(NOW + timedelta(minutes=5, seconds=1), tick=False):
        assert sign_in(guesser, "lead") == 302


def test_brake_locks_out_nobody_else(personas: Personas) -> None:
    for _ in range(6):
        sign_in(come_from("203.0.113.1"), "lead", "wrong")
    assert sign_in(come_from("203.0.113.2"), "lead") == 302
    assert sign_in(come_from("203.0.113.1"), "viewer") == 302


def test_right_passwords_are_not_counted(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(brake.LIMITS, "wrong_password_address", "2/5m/key")
    for name in ("lead", "viewer", "manager", "outsider"):
        assert sign_in(come_from("203.0.113.1"), name) == 302


def test_address_that_tries_many_accounts_is_refused(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(brake.LIMITS, "wrong_password_address", "3/5m/key")
    for number in range(3):
        assert sign_in(come_from("203.0.113.1"), f"user-{number}", "wrong") == 200
    assert sign_in(come_from("203.0.113.1"), "user-3", "wrong") == 429
    assert sign_in(come_from("203.0.113.2"), "user-3", "wrong") == 200


def test_owner_gets_in_by_a_known_browser_while_many_addresses_guess(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(brake.LIMITS, "wrong_password_account", "4/h/key")
    known = come_from("203.0.113.1")
    assert sign_in(known, "lead") == 302
    known.post("/accounts/logout/")
    for number in range(4):
        assert sign_in(come_from(f"198.51.100.{number}"), "lead", "wrong") == 200
    assert sign_in(come_from("198.51.100.9"), "lead") == 429
    assert sign_in(known, "lead") == 302


def test_known_browser_may_not_guess_for_ever(personas: Personas) -> None:
    client = come_from("203.0.113.1")
    sign_in(client, "lead")
    client.post("/accounts/logout/")
    answers = [sign_in(client, "lead", "wrong") for _ in range(11)]
    assert answers == [200] * 10 + [429]
    client.cookies["device"] = client.cookies["device"].value + "x"  # forged: it is unknown again
    assert sign_in(client, "lead", "wrong") == 200


def test_browser_of_another_user_is_not_known(personas: Personas) -> None:
    client = come_from("203.0.113.1")
    sign_in(client, "viewer")
    client.post("/accounts/logout/")
    assert [sign_in(client, "lead", "wrong") for _ in range(6)] == [200] * 5 + [429]


def test_password_links_are_braked_by_mail_address_and_by_address(personas: Personas) -> None:
    reset = "/accounts/password/reset/"
    with patch.object(tasks, "request_password_reset") as asked:
        first = come_from("203.0.113.1").post(reset, {"email": "lead@example.com"})
        again = come_from("203.0.113.2").post(reset, {"email": "LEAD@example.com"})
        others = [
            come_from("203.0.113.1").post(reset, {"email": f"{n}@example.com"}).status_code
            for n in range(20)
        ]
    assert (first.status_code, again.status_code) == (302, 429)
    assert "Try again in 1 minute." in again.text
    assert others == [302] * 19 + [429]
    assert asked.call_count == 20


def test_invitations_are_braked_by_address(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, accept = english_client(), "/invitations/accept/"
    monkeypatch.setitem(brake.LIMITS, "invitation", "3/5m/key")
    assert [client.post(accept, {"token": "x"}).status_code for _ in range(4)] == [302] * 3 + [429]


def test_password_in_the_account_is_braked(personas: Personas) -> None:
    client = personas.client("lead")
    data = {"email": "new@example.com", "password": "wrong"}
    answers = [client.post("/account/address/", data).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    typed = {"oldpassword": "wrong", "password1": "n", "password2": "n"}
    pages = [client.post("/accounts/password/", typed) for _ in range(11)]
    assert [page.status_code for page in pages] == [200] * 10 + [429]
    assert "Try again in 1 minute." in pages[-1].text


def test_refusal_is_logged(personas: Personas, caplog: pytest.LogCaptureFixture) -> None:
    for login in ("lead", "pass-word"):
        for _ in range(6):
            sign_in(come_from("203.0.113.1"), login, "wrong")
    assert "refused for 300 s: wrong_password_here lead" in caplog.messages
    assert "refused for 300 s: wrong_password_here a name that nobody has" in caplog.messages
    assert "pass-word" not in caplog.text


def test_full_queue_of_hashes_refuses_at_once_and_counts_nothing(personas: Personas) -> None:
    with patch("okrtracker.accounts.adapter.authenticate", side_effect=Busy(2)):
        page = english_client().post(LOGIN, {"username": "lead", "password": PASSWORD})
    assert page.status_code == 503
    assert page["Retry-After"] == "2"
    assert text(page, "#login-error").startswith("Many people are signing in")
    assert [sign_in(english_client(), "lead", "wrong") for _ in range(6)] == [200] * 5 + [429]


def test_one_password_is_hashed_and_one_waits() -> None:
    """However many are sent, so that pages keep the other threads."""
    hasher, may_go_on, begun = hashing.BoundedPasswordHasher(), threading.Event(), threading.Event()

    def slow(*_args: object) -> str:
        begun.set()
        may_go_on.wait(5)
        return "hash"

    with (
        patch.object(PBKDF2PasswordHasher, "encode", slow),
        ThreadPoolExecutor(3) as threads,
    ):
        hashes = [threads.submit(hasher.encode, "secret", "salt") for _ in range(3)]
        assert begun.wait(5)
        refused = next(as_completed(hashes, timeout=5))
        assert isinstance(refused.exception(), Busy)
        may_go_on.set()
        assert sum(future.exception() is None for future in hashes) == 2


def test_hashes_of_before_are_read() -> None:
    before = PBKDF2PasswordHasher().encode("secret", "salt", 10)
    assert hashing.BoundedPasswordHasher().verify("secret", before)


@pytest.mark.parametrize("cookie", ["", "x", "x:y:z", "名"])
def test_broken_device_cookie_is_a_new_browser(cookie: str) -> None:
    request = english_client().get(LOGIN).wsgi_request
    request.COOKIES["device"] = cookie
    assert not Device.of(request).users

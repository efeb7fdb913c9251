"""Whoever owns an account is told by mail of what happens to it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client

from projects.models import AccountNotice, User
from projects.teams import account, notices
from reports import tasks
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD
from tests.okrtracker.accounts.test_signing_in import sign_in

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def lead(personas: Personas) -> User:
    """Has an address, and has signed in before."""
    user = personas.lead
    user.email = "lead@example.com"
    user.save()
    assert sign_in(english_client(), "lead") == 302
    AccountNotice.objects.all().delete()
    return User.objects.get(pk=user.pk)


def kinds() -> list[tuple[str, str]]:
    return list(AccountNotice.objects.order_by("pk").values_list("kind", "email"))


def test_new_browser_is_told_once(lead: User) -> None:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows) Firefox/140", REMOTE_ADDR="203.0.113.9")
    for _ in range(2):
        sign_in(client, "lead")
        client.post("/accounts/logout/")
    assert kinds() == [("new_browser", "lead@example.com")]
    tasks.tick()
    tasks.tick()
    (message,) = mail.outbox
    assert message.to == ["lead@example.com"]
    for part in ("Firefox · Windows", "203.0.113.9", "lead", "/accounts/sessions/"):
        assert part in message.body
    assert "陌生浏览器" in message.body  # the site's language, as the browser chose none


def test_first_sign_in_is_not_told(personas: Personas) -> None:
    User.objects.update(email="x@example.com")
    sign_in(english_client(), "lead")
    assert kinds() == []


def test_new_password_is_told(lead: User) -> None:
    client = english_client()
    client.force_login(lead)
    new = "eine-neue-Losung"
    client.post(
        "/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert kinds() == [("password_changed", "lead@example.com")]
    notices.send_due()
    assert "The password was changed." in mail.outbox[0].body


def test_new_address_is_told_to_the_old_one_too(lead: User) -> None:
    client = english_client()
    client.force_login(lead)
    client.post(f"/account/address/{account.token_of(lead, 'new@example.com')}/")
    assert kinds() == [
        ("address_changed", "lead@example.com"),
        ("address_changed", "new@example.com"),
    ]
    notices.send_due()
    assert "changed to new@example.com" in mail.outbox[0].body


def test_mail_server_that_is_away_delays_it(lead: User) -> None:
    notices.write(lead, "password_set", None)
    with patch("okrtracker.mail.sender.mailers") as mailers:
        mailers.default.open.side_effect = OSError("away")
        notices.send_due()
    assert not mail.outbox
    assert AccountNotice.objects.get().state == "pending"


def test_account_without_an_address_is_told_nothing(personas: Personas) -> None:
    notices.write(personas.viewer, "password_changed", None)
    notices.write(personas.viewer, "unknown", None, email="a@example.com")
    assert kinds() == []

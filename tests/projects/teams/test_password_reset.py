from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache

from projects.teams import password_reset
from tests.conftest import english_client
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture(autouse=True)
def _no_pause() -> None:
    cache.clear()


def test_the_link_lets_choose_a_password() -> None:
    user = make_user("zhao", "赵宁")
    user.email = "zhao@example.com"
    user.save()
    password_reset.send("ZHAO@example.com", "en")
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert (message.to, message.subject) == (["zhao@example.com"], "A new password for OKR Tracker")
    link = re.search(r"https://okr\.example\.com(/\S+)", str(message.body))
    assert link
    assert f"https://okr.example.com{link[1]}" in str(message.alternatives[0][0])
    client = english_client()
    form = client.get(link[1])["Location"]
    assert link[1] != form  # the address with the token is left at once
    password = "eine-neue-Losung"
    response = client.post(form, {"new_password1": password, "new_password2": password})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)
    assert "This link no longer works" in english_client().get(link[1], follow=True).text


def test_nobody_is_nobody() -> None:
    user = make_user("zhao")
    user.email = "zhao@example.com"
    user.set_unusable_password()
    user.save()
    for email in ("zhao@example.com", "nobody@example.com", "nonsense", "a@b.c\nBcc: x@y.z"):
        password_reset.send(email, "en")
    assert mail.outbox == []


def test_ten_times_is_one_mail() -> None:
    user = make_user("zhao")
    user.email = "zhao@example.com"
    user.save()
    for email in ("zhao@example.com", "Zhao@example.com"):
        password_reset.send(email, "zh-hans")
    assert len(mail.outbox) == 1

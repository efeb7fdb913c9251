from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from projects.teams.invitations import Guest
from reports.digest import recipients, subscribers
from reports.models import Subscriber
from tests.conftest import Personas, english_client
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def subscriber(personas: Personas) -> Subscriber:
    guest = Guest("jane@example.com", "Jane")
    return subscribers.add(personas.team, [guest], "en", by=personas.manager)[0]


def address(subscriber: Subscriber) -> str:
    return f"/subscription/confirm/{subscribers.token_of(subscriber)}/"


def is_on(personas: Personas) -> bool:
    return bool(recipients.recipients_of(personas.team))


def test_only_the_button_says_yes(personas: Personas, subscriber: Subscriber) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(address(subscriber))
    assert "林岚 would like to send it to j***@example.com." in page.text
    assert "jane@" not in page.text
    assert not is_on(personas)
    told = client.post(address(subscriber), follow=True)
    assert "Thank you. From now on j***@example.com gets it" in told.text
    assert is_on(personas)
    client.post(address(subscriber))
    assert is_on(personas)


def test_an_old_link_says_so(personas: Personas, subscriber: Subscriber) -> None:
    path = address(subscriber)
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        for response in (english_client().get(path), english_client().post(path)):
            assert response.status_code == 410
            assert "This link holds no more" in response.text
            assert "支付产研" not in response.text
    assert not is_on(personas)


def test_who_was_removed_confirms_nothing(personas: Personas, subscriber: Subscriber) -> None:
    subscribers.remove(subscriber, by=personas.manager)
    for response in (
        english_client().get(address(subscriber)),
        english_client().post(address(subscriber)),
    ):
        assert "no longer on this team" in response.text
    assert not is_on(personas)


def test_who_unsubscribed_is_asked_whether_they_come_back(
    personas: Personas, subscriber: Subscriber
) -> None:
    recipients.unsubscribe(recipients.token_of(recipients.reader_of(subscriber)))
    client = Client()
    assert "was unsubscribed. Do you want it again?" in client.get(address(subscriber)).text
    client.post(address(subscriber))
    assert is_on(personas)


def test_in_the_readers_language(personas: Personas, subscriber: Subscriber) -> None:
    assert '<html lang="en">' in Client().get(address(subscriber)).text
    Subscriber.objects.update(language="zh-hans")
    assert '<html lang="zh-hans">' in Client().get(address(subscriber)).text


@pytest.mark.parametrize("token", ["x", "1.x.y", "<script>", "9" * 3000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_whole_helps_on(personas: Personas, token: str, method: str) -> None:
    response = getattr(english_client(), method)(f"/subscription/confirm/{token}/")
    assert response.status_code == 404
    assert "This link is not whole" in response.text
    assert "<script>" not in response.text
    assert response["Referrer-Policy"] == "no-referrer"

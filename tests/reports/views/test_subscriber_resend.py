from __future__ import annotations

from datetime import timedelta

import pytest

from reports.models import SendState, Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_subscriber

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def subscriber(personas: Personas) -> Subscriber:
    one = make_subscriber(personas.team, "jane@example.com", confirmed_at=None)
    one.wanted_at = one.sent_at = NOW - timedelta(days=1)
    one.state = SendState.SENT
    one.times_wanted = 1
    one.save()
    return one


def address(subscriber: Subscriber) -> str:
    return f"/t/pay/settings/subscribers/{subscriber.pk}/resend/"


def test_they_are_asked_again(personas: Personas, subscriber: Subscriber) -> None:
    response = personas.client("manager").post(address(subscriber), follow=True)
    assert "The mail to jane@example.com goes out again." in response.text
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.times_wanted) == (SendState.PENDING, 2)


def test_not_twice_in_an_hour(personas: Personas, subscriber: Subscriber) -> None:
    client = personas.client("manager")
    client.post(address(subscriber))
    response = client.post(address(subscriber))
    assert response.status_code == 422
    assert "jane@example.com: was asked less than an hour ago" in response.text


def test_not_a_fourth_time(personas: Personas, subscriber: Subscriber) -> None:
    Subscriber.objects.update(times_wanted=3)
    response = personas.client("manager").post(address(subscriber))
    assert response.status_code == 422
    assert "three times without an answer" in response.text


@pytest.mark.parametrize("persona", ["lead", "viewer", "outsider"])
def test_only_managers_ask(personas: Personas, subscriber: Subscriber, persona: str) -> None:
    assert personas.client(persona).post(address(subscriber)).status_code in (403, 404)
    subscriber.refresh_from_db()
    assert subscriber.state == SendState.SENT

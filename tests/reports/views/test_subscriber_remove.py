from __future__ import annotations

import pytest

from reports.digest import recipients
from reports.models import Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_subscriber

pytestmark = pytest.mark.usefixtures("now")


def address(subscriber: Subscriber) -> str:
    return f"/t/pay/settings/subscribers/{subscriber.pk}/remove/"


def test_they_are_off_the_list(personas: Personas) -> None:
    one = make_subscriber(personas.team, "jane@example.com")
    client = personas.client("manager")
    response = client.post(address(one), follow=True)
    assert "jane@example.com is off the list." in response.text
    assert recipients.recipients_of(personas.team) == []
    assert client.post(address(one)).status_code == 302


def test_who_unsubscribed_stays_to_be_seen(personas: Personas) -> None:
    one = make_subscriber(personas.team, "jane@example.com")
    Subscriber.objects.update(unsubscribed_at=NOW)
    response = personas.client("manager").post(address(one))
    assert response.status_code == 422
    assert "jane@example.com unsubscribed and gets nothing." in response.text
    one.refresh_from_db()
    assert one.removed_at is None


@pytest.mark.parametrize("persona", ["lead", "viewer", "outsider"])
def test_only_managers_remove(personas: Personas, persona: str) -> None:
    one = make_subscriber(personas.team)
    assert personas.client(persona).post(address(one)).status_code in (403, 404)
    assert len(recipients.recipients_of(personas.team)) == 1

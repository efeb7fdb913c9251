from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.cache import cache

from projects import tasks
from projects.models import User
from tests.conftest import Personas
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("now")
ASK = "/account/address/"
NEW = {"email": "New@Example.com", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _nobody_asked() -> None:
    cache.clear()


def test_a_link_is_asked_for_and_nothing_changes_yet(personas: Personas) -> None:
    with patch.object(tasks.send_address_link, "apply_async") as enqueued:
        response = personas.client("lead").post(ASK, NEW, follow=True)
    assert "A mail is on its way to new@example.com." in response.text
    assert enqueued.call_args.args == ((personas.lead.pk, "new@example.com", "en"),)
    personas.lead.refresh_from_db()
    assert personas.lead.email == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"password": "guess"}, "This is not your password."),
        ({"password": ""}, "This field is required."),
        ({"email": "nobody@"}, "Enter a valid email address."),
        ({"email": "LEAD@example.com"}, "Your mails go there already."),
    ],
)
def test_what_is_wrong_comes_back(personas: Personas, data: dict[str, str], words: str) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
    with patch.object(tasks.send_address_link, "apply_async") as enqueued:
        response = personas.client("lead").post(ASK, NEW | data)
    assert response.status_code == 422
    assert words in response.text
    assert (data.get("email") or NEW["email"]) in response.text
    assert PASSWORD not in response.text
    assert not enqueued.called


def test_one_mail_a_minute(personas: Personas) -> None:
    client = personas.client("lead")
    with patch.object(tasks.send_address_link, "apply_async") as enqueued:
        client.post(ASK, NEW)
        response = client.post(ASK, NEW)
    assert response.status_code == 422
    assert "Wait a minute before the next." in response.text
    assert enqueued.call_count == 1

"""The test message: what was answered, in words, and nothing secret."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from tests.conftest import Personas
from tests.factories import make_channel
from tests.reports.channels.servers import OK, says, server, status
from tests.reports.vendors.examples import SECRET, TOKEN

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/channels/"


@pytest.fixture
def manager(personas: Personas, settings: LazySettings) -> Client:
    cache.clear()
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]
    return personas.client("manager")


def test_a_test_message_is_answered_in_words(manager: Client, personas: Personas) -> None:
    with server(says(OK)) as heard:
        channel = make_channel(personas.team, address=heard.address)
        response = manager.post(f"{LIST}{channel.pk}/test/")
        assert response.status_code == 200
        assert "The test message was taken" in response.text
        again = manager.post(f"{LIST}{channel.pk}/test/")
        assert again.status_code == 422
        assert "wait ten seconds" in again.text
    assert len(heard.requests) == 1


def test_a_refused_test_message_says_why_and_nothing_secret(
    manager: Client, personas: Personas
) -> None:
    echo = f'{{"code":19024,"msg":"Key Words Not Found {TOKEN} {SECRET}"}}'.encode()
    with server(status("200 OK", body=echo)) as heard:
        address = f"http://127.0.0.1:{heard.port}/hook/{TOKEN}"
        channel = make_channel(personas.team, address=address, secret=SECRET)
        response = manager.post(f"{LIST}{channel.pk}/test/")
    assert response.status_code == 422
    assert "The robot only takes messages that contain its keyword" in response.text
    assert "Key Words Not Found" in response.text
    assert TOKEN not in response.text
    assert SECRET not in response.text

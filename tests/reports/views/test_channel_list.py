"""The list of channels with its buttons: the test message, on and off, removal."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from reports.models import Channel, Delivery, SendState
from tests.conftest import Personas
from tests.factories import make_channel, make_edition
from tests.reports.channels.examples import SECRET, TOKEN
from tests.reports.channels.servers import OK, says, server, status

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/channels/"


@pytest.fixture
def manager(personas: Personas, settings: LazySettings) -> Client:
    cache.clear()
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]
    return personas.client("manager")


def test_there_is_none_yet(manager: Client) -> None:
    assert "the digest goes out by mail alone" in manager.get(LIST).text


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


def test_on_and_off(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    assert manager.post(f"{LIST}{channel.pk}/switch/", {"to": "off"})["Location"] == LIST
    assert "switched off" in manager.get(LIST).text
    assert not Channel.objects.get().is_active
    manager.post(f"{LIST}{channel.pk}/switch/", {"to": "on"})
    assert Channel.objects.get().is_active


def test_removed(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    assert manager.post(f"{LIST}{channel.pk}/remove/")["Location"] == LIST
    assert not Channel.objects.exists()


def test_the_latest_digest_is_told(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    Delivery.objects.create(
        team=personas.team,
        edition=make_edition(personas.team),
        channel=channel,
        recipient="支付群",
        is_chat=True,
        state=SendState.FAILED,
    )
    text = manager.get(LIST).text
    assert "Last digest:" in text
    assert "failed" in text


def test_the_administration_shows_nothing_secret(personas: Personas) -> None:
    channel = make_channel(personas.team, address=f"https://x.example/{TOKEN}", secret=SECRET)
    personas.manager.is_staff = personas.manager.is_superuser = True
    personas.manager.save()
    client = personas.client("manager")
    for address in ("", f"{channel.pk}/change/"):
        text = client.get(f"/admin/reports/channel/{address}").text
        assert "支付群" in text
        for secret in (TOKEN, SECRET, channel.address, channel.secret):
            assert secret not in text

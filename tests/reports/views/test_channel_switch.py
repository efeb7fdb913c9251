"""A channel is switched off and on."""

from __future__ import annotations

import pytest
from django.test import Client

from reports.models import Channel
from tests.conftest import Personas
from tests.factories import make_channel

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/channels/"


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def test_on_and_off(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    assert manager.post(f"{LIST}{channel.pk}/switch/", {"to": "off"})["Location"] == LIST
    assert "switched off" in manager.get(LIST).text
    assert not Channel.objects.get().is_active
    manager.post(f"{LIST}{channel.pk}/switch/", {"to": "on"})
    assert Channel.objects.get().is_active

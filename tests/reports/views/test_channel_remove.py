"""A channel is removed."""

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


def test_removed(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    assert manager.post(f"{LIST}{channel.pk}/remove/")["Location"] == LIST
    assert not Channel.objects.exists()

"""The list of channels: what goes where, and what ails one."""

from __future__ import annotations

import pytest
from django.test import Client

from reports.models import Delivery, SendState
from tests.conftest import Personas
from tests.factories import make_channel, make_edition
from tests.reports.vendors.examples import SECRET, TOKEN

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/channels/"


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def test_there_is_none_yet(manager: Client) -> None:
    assert "the digest goes out by mail alone" in manager.get(LIST).text


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

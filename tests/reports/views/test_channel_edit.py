"""A channel that is changed: what is kept, what is refused, and what is never shown."""

from __future__ import annotations

import pytest
from django.test import Client

from reports import channels
from reports.models import Channel
from tests.conftest import Personas
from tests.factories import make_channel, make_team
from tests.html import opened_json, row
from tests.reports.vendors.examples import SECRET, TOKEN

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/channels/"
NEW = f"{LIST}new/"
ADDRESS = f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"
LONG_SECRET = "a-secret-that-is-long-enough"
FEISHU = {"kind": "feishu", "name": "支付群", "address": ADDRESS, "gets_digest": "on"}


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def test_the_form_of_a_channel_shows_neither_address_nor_secret(
    manager: Client, personas: Personas
) -> None:
    channel = make_channel(personas.team, address=ADDRESS, secret=SECRET)
    text = manager.get(f"{LIST}{channel.pk}/").text
    assert text.count("It is never shown; leave this empty to keep it.") == 2
    for secret in (TOKEN, SECRET, channel.address, channel.secret):
        assert secret not in text


def test_an_empty_field_keeps_what_there_is(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team, address=ADDRESS, secret=SECRET)
    before = channels.robot_of(channel)
    boxes = {"gets_reminders": "on", "opened": opened_json(gets_digest="true")}
    said = {"name": "风控群", **boxes}
    assert manager.post(f"{LIST}{channel.pk}/", said)["Location"] == LIST
    channel.refresh_from_db()
    assert channels.robot_of(channel) == before
    assert (channel.name, channel.gets_digest, channel.gets_reminders) == ("风控群", False, True)


def test_a_secret_is_forgotten(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team, secret=SECRET)
    manager.post(f"{LIST}{channel.pk}/", {"name": "支付群", "forgets_secret": "on"})
    channel.refresh_from_db()
    assert channel.secret == ""


def test_a_webhooks_secret_cannot_be_forgotten(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team, "webhook", secret=LONG_SECRET)
    address = f"{LIST}{channel.pk}/"
    response = manager.post(address, {"name": "支付群", "forgets_secret": "on"})
    assert response.status_code == 422
    assert "A webhook needs a secret" in response.text


def test_what_somebody_else_changed_meanwhile_is_told(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    said = {"name": "我的群", "opened": opened_json(name="原来的群"), "gets_digest": "on"}
    response = manager.post(f"{LIST}{channel.pk}/", said)
    assert response.status_code == 422
    assert row(response, "Name", "table.differences")["Theirs"] == "支付群"


def test_a_lost_key_is_told(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    Channel.objects.update(address="gAAAAA-of-another-key")
    assert "can no longer be decrypted" in manager.get(LIST).text
    assert manager.get(f"{LIST}{channel.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["", "test/", "switch/", "remove/"])
def test_another_teams_channel_is_not_there(manager: Client, personas: Personas, path: str) -> None:
    theirs = make_channel(make_team(slug="other"))
    assert manager.post(f"{LIST}{theirs.pk}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_come_in(personas: Personas, name: str, status: int) -> None:
    channel, client = make_channel(personas.team), personas.client(name)
    for address in (LIST, NEW, f"{LIST}{channel.pk}/"):
        assert client.get(address).status_code == status
    for address in (NEW, *(f"{LIST}{channel.pk}/{path}" for path in ("", "test/", "remove/"))):
        assert client.post(address, FEISHU).status_code == status
    assert Channel.objects.get() == channel

"""A new channel, and one that is changed: what is kept, refused, and never shown."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from reports import channels
from reports.models import Channel
from tests.conftest import Personas
from tests.factories import make_channel, make_team
from tests.reports.channels.examples import SECRET, TOKEN

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/channels/"
NEW = f"{LIST}new/"
ADDRESS = f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"
LONG_SECRET = "a-secret-that-is-long-enough"
FEISHU = {"kind": "feishu", "name": "支付群", "address": ADDRESS, "gets_digest": "on"}
WEBHOOK = FEISHU | {"kind": "webhook", "address": f"https://hooks.example.com/{TOKEN}"}


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def test_a_new_channel(manager: Client) -> None:
    response = manager.post(NEW, FEISHU | {"secret": SECRET, "gets_reminders": "on"})
    assert response["Location"] == LIST
    channel = Channel.objects.get()
    robot = channels.robot_of(channel)
    assert (robot.address, robot.secret) == (ADDRESS, SECRET)
    assert channel.gets_digest
    assert channel.gets_reminders
    shown = manager.get(LIST).text
    assert "open.feishu.cn" in shown
    assert "signed" in shown


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (FEISHU | {"name": ""}, "required"),
        (FEISHU | {"kind": "smoke"}, "Select a valid choice"),
        (FEISHU | {"address": ""}, "Give the address, or the variable that holds it."),
        (FEISHU | {"address": "http://open.feishu.cn/x"}, "must begin with https"),
        (FEISHU | {"address": "https://evil.example/x"}, "not the one of this kind of robot"),
        (FEISHU | {"address": "https://open.feishu.cn/x"}, "not the address of a group robot"),
        (FEISHU | {"address_env": "OKR_HOOK"}, "the address or the variable, not both"),
        (FEISHU | {"address": "", "address_env": "DATABASE_URL"}, "begins with OKR_"),
        (FEISHU | {"secret_env": "SECRET_KEY"}, "begins with OKR_"),
        (FEISHU | {"secret": SECRET, "secret_env": "OKR_SECRET"}, "Either a secret or none"),
        (WEBHOOK, "A webhook needs a secret"),
        (WEBHOOK | {"secret": "short"}, "At least 16 characters"),
        (
            WEBHOOK | {"secret": LONG_SECRET, "address": "https://127.0.0.1/"},
            "inside of a network",
        ),
        (
            {
                "kind": "wecom",
                "name": "群",
                "address": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
                "secret": SECRET,
            },
            "WeCom's robots have no secret",
        ),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_secret_comes_back(
    manager: Client, said: dict[str, str], message: str
) -> None:
    response = manager.post(NEW, said)
    assert response.status_code == 422
    text = html.unescape(response.text)
    assert message in text
    for secret in (TOKEN, SECRET, LONG_SECRET):
        assert secret not in text
    assert not Channel.objects.exists()
    if said["name"]:
        assert f'value="{said["name"]}"' in text


def test_what_was_typed_and_is_not_shown_again_is_asked_for_once_more(manager: Client) -> None:
    text = manager.post(NEW, FEISHU | {"name": "", "secret": SECRET}).text
    assert text.count("Enter this once more") == 2


def test_a_name_that_is_taken(manager: Client, personas: Personas) -> None:
    make_channel(personas.team)
    response = manager.post(NEW, FEISHU)
    assert response.status_code == 422
    assert "There is a channel of this name already." in response.text
    assert "Enter this once more" in response.text
    assert TOKEN not in response.text


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
    said = {"name": "风控群", "gets_reminders": "on"}
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
    said = {"name": "我的群", "initial-name": "原来的群", "gets_digest": "on"}
    response = manager.post(f"{LIST}{channel.pk}/", said)
    assert response.status_code == 422
    assert "支付群" in response.text


def test_variables_are_named_and_their_values_not_shown(
    manager: Client, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_HOOK", ADDRESS)
    said = {"kind": "feishu", "name": "群", "address_env": "OKR_HOOK", "secret_env": "OKR_UNSET"}
    assert manager.post(NEW, said)["Location"] == LIST
    channel = Channel.objects.get()
    text = manager.get(LIST).text + manager.get(f"{LIST}{channel.pk}/").text
    assert "OKR_HOOK" in text
    assert "The environment variable is not set on the server" in text
    assert TOKEN not in text


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

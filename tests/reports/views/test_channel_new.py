"""A new channel: what is kept, what is refused, and that nothing secret comes back."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from reports import channels
from reports.models import Channel
from tests.conftest import Personas
from tests.factories import make_channel
from tests.reports.vendors.examples import SECRET, TOKEN

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

"""The screens of a team's group chats and webhooks."""

from __future__ import annotations

import html

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from reports import channels
from reports.models import Channel, Delivery, SendState
from tests.conftest import Personas
from tests.factories import make_channel, make_edition, make_team
from tests.html import opened_json, row
from tests.reports.channels.servers import OK, says, server, status
from tests.reports.vendors.examples import SECRET, TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- channel_list


LIST = "/t/pay/settings/channels/"


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def test_list_without_channels_says_so(manager: Client) -> None:
    assert "the digest goes out by mail alone" in manager.get(LIST).text


def test_list_shows_the_latest_digest_of_a_channel(manager: Client, personas: Personas) -> None:
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


# --- channel_new


NEW = f"{LIST}new/"
ADDRESS = f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"
LONG_SECRET = "a-secret-that-is-long-enough"
FEISHU = {"kind": "feishu", "name": "支付群", "address": ADDRESS, "gets_digest": "on"}
WEBHOOK = FEISHU | {"kind": "webhook", "address": f"https://hooks.example.com/{TOKEN}"}


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
    ("fields", "message"),
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
def test_errors_are_marked_and_no_secret_comes_back(
    manager: Client, fields: dict[str, str], message: str
) -> None:
    response = manager.post(NEW, fields)
    assert response.status_code == 422
    text = html.unescape(response.text)
    assert message in text
    for secret in (TOKEN, SECRET, LONG_SECRET):
        assert secret not in text
    assert not Channel.objects.exists()
    if fields["name"]:
        assert f'value="{fields["name"]}"' in text


def test_hidden_input_is_asked_for_again_after_an_error(manager: Client) -> None:
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
    data = {"kind": "feishu", "name": "群", "address_env": "OKR_HOOK", "secret_env": "OKR_UNSET"}
    assert manager.post(NEW, data)["Location"] == LIST
    channel = Channel.objects.get()
    text = manager.get(LIST).text + manager.get(f"{LIST}{channel.pk}/").text
    assert "OKR_HOOK" in text
    assert "The environment variable is not set on the server" in text
    assert TOKEN not in text


# --- channel_edit


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
    data = {"name": "风控群", **boxes}
    assert manager.post(f"{LIST}{channel.pk}/", data)["Location"] == LIST
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


def test_channel_changed_by_somebody_else_is_shown(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    data = {"name": "我的群", "opened": opened_json(name="原来的群"), "gets_digest": "on"}
    response = manager.post(f"{LIST}{channel.pk}/", data)
    assert response.status_code == 422
    assert row(response, "Name", "table.differences")["Theirs"] == "支付群"


def test_a_lost_key_is_told(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    Channel.objects.update(address="gAAAAA-of-another-key")
    assert "can no longer be decrypted" in manager.get(LIST).text
    assert manager.get(f"{LIST}{channel.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["", "test/", "switch/", "remove/"])
def test_channel_of_another_team_is_not_found(
    manager: Client, personas: Personas, path: str
) -> None:
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
        answer = 401 if name == "anonymous" else status  # the page that keeps what was typed
        assert client.post(address, FEISHU).status_code == answer
    assert Channel.objects.get() == channel


# --- channel_switch


def test_on_and_off(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    assert manager.post(f"{LIST}{channel.pk}/switch/", {"to": "off"})["Location"] == LIST
    assert "disabled" in manager.get(LIST).text
    assert not Channel.objects.get().is_active
    manager.post(f"{LIST}{channel.pk}/switch/", {"to": "on"})
    assert Channel.objects.get().is_active


# --- channel_remove


def test_channel_is_removed(manager: Client, personas: Personas) -> None:
    channel = make_channel(personas.team)
    assert manager.post(f"{LIST}{channel.pk}/remove/")["Location"] == LIST
    assert not Channel.objects.exists()


# --- channel_test


@pytest.fixture
def manager_to_test(personas: Personas, settings: LazySettings) -> Client:
    cache.clear()
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]
    return personas.client("manager")


def test_a_test_message_is_answered_in_words(manager_to_test: Client, personas: Personas) -> None:
    with server(says(OK)) as heard:
        channel = make_channel(personas.team, address=heard.address)
        response = manager_to_test.post(f"{LIST}{channel.pk}/test/")
        assert response.status_code == 200
        assert "The test message was taken" in response.text
        again = manager_to_test.post(f"{LIST}{channel.pk}/test/")
        assert again.status_code == 422
        assert "wait ten seconds" in again.text
    assert len(heard.requests) == 1


def test_a_refused_test_message_says_why_and_nothing_secret(
    manager_to_test: Client, personas: Personas
) -> None:
    echo = f'{{"code":19024,"msg":"Key Words Not Found {TOKEN} {SECRET}"}}'.encode()
    with server(status("200 OK", body=echo)) as heard:
        address = f"http://127.0.0.1:{heard.port}/hook/{TOKEN}"
        channel = make_channel(personas.team, address=address, secret=SECRET)
        response = manager_to_test.post(f"{LIST}{channel.pk}/test/")
    assert response.status_code == 422
    assert "The robot only takes messages that contain its keyword" in response.text
    assert "Key Words Not Found" in response.text
    assert TOKEN not in response.text
    assert SECRET not in response.text

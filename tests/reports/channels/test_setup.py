"""The write path of channels: what is kept, what is traced, and that nothing secret is told."""

from __future__ import annotations

import json

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord
from reports import channels
from reports.channels import Rejected, Unreachable, Why, setup
from reports.channels.setup import NameTaken, TooSoon, WantedChannel
from reports.models import Channel, Delivery
from tests.factories import make_channel, make_edition, make_team, make_user
from tests.reports.channels.servers import OK, says, server, status
from tests.reports.vendors.examples import SECRET, TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ADDRESS = f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"


@pytest.fixture(autouse=True)
def _nothing_tested_yet() -> None:
    cache.clear()


def record(action: str) -> AuditRecord:
    return AuditRecord.objects.get(action=action)


def test_a_channel_is_kept_encrypted_and_traced() -> None:
    team, manager = make_team(), make_user("manager")
    wanted = WantedChannel("支付群", address=ADDRESS, secret=SECRET, gets_reminders=True)
    made = setup.add(team, "feishu", wanted, by=manager)
    channel = Channel.objects.get()
    assert TOKEN not in channel.address
    assert SECRET not in channel.secret
    robot = channels.robot_of(channel)
    assert (robot.address, robot.secret) == (ADDRESS, SECRET)
    assert (made.is_active, made.gets_digest, made.gets_reminders) == (True, True, True)
    assert record("channel.create").by == manager
    assert record("channel.create").after["address"] == "kept"


def test_empty_field_keeps_what_is_kept() -> None:
    channel = make_channel(make_team(), secret=SECRET)
    before = channels.robot_of(channel)
    setup.change(channel, WantedChannel("风控群", gets_digest=False), by=None)
    channel.refresh_from_db()
    assert channels.robot_of(channel) == before
    assert (channel.name, channel.gets_digest) == ("风控群", False)
    assert record("channel.change").before == {"name": "支付群", "gets_digest": True}


def test_given_address_replaces_the_kept_one() -> None:
    channel = make_channel(make_team(), secret=SECRET)
    setup.change(channel, WantedChannel("支付群", address=ADDRESS, secret="new"), by=None)
    channel.refresh_from_db()
    robot = channels.robot_of(channel)
    assert (robot.address, robot.secret) == (ADDRESS, "new")
    assert record("channel.change").after == {"address": "replaced", "secret": "replaced"}


def test_a_variable_takes_the_place_of_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = make_channel(make_team(), secret=SECRET)
    monkeypatch.setenv("OKR_HOOK", ADDRESS)
    wanted = WantedChannel("支付群", address_env="OKR_HOOK", forgets_secret=True)
    setup.change(channel, wanted, by=None)
    channel.refresh_from_db()
    assert (channel.address, channel.secret) == ("", "")
    robot = channels.robot_of(channel)
    assert (robot.address, robot.secret) == (ADDRESS, "")
    assert record("channel.change").after == {"address": "OKR_HOOK", "secret": ""}


def test_nothing_changed_leaves_no_trace() -> None:
    channel = make_channel(make_team())
    setup.change(channel, WantedChannel("支付群"), by=None)
    assert not AuditRecord.objects.exists()


def test_a_name_is_taken_once_in_a_team() -> None:
    team = make_team()
    make_channel(team)
    make_channel(make_team(slug="risk"))
    other = make_channel(team, name="风控群")
    with pytest.raises(NameTaken):
        setup.add(team, "feishu", WantedChannel("支付群", address=ADDRESS), by=None)
    with pytest.raises(NameTaken):
        setup.change(other, WantedChannel("支付群"), by=None)
    assert not AuditRecord.objects.exists()


def test_on_and_off() -> None:
    channel = make_channel(make_team())
    for is_active in (False, False, True):
        setup.switch(channel, is_active=is_active, by=None)
        assert Channel.objects.get().is_active == is_active
    actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["channel.switch_off", "channel.switch_on"]


def test_removed_its_deliveries_stay() -> None:
    team = make_team()
    channel = make_channel(team)
    Delivery.objects.create(
        team=team, edition=make_edition(team), channel=channel, recipient="支付群", is_chat=True
    )
    setup.remove(channel, by=None)
    assert Delivery.objects.get().channel is None
    assert Delivery.objects.get().recipient == "支付群"
    assert record("channel.remove").subject == "支付群"


def test_a_test_message(settings: LazySettings) -> None:
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]
    with server(says(OK)) as heard:
        channel = make_channel(make_team(), address=heard.address, is_active=False)
        assert setup.send_test(channel, by=None)
        with pytest.raises(TooSoon):
            setup.send_test(channel, by=None)
    assert len(heard.requests) == 1
    body = json.loads(heard.requests[0].partition(b"\r\n\r\n")[2])
    assert "支付产研" in body["card"]["header"]["title"]["content"]
    assert record("channel.test").after == {"outcome": "posted"}


@pytest.mark.parametrize(
    ("line", "body", "kind", "why"),
    [
        ("200 OK", b'{"code":19021,"msg":"sign match fail"}', Rejected, Why.BAD_SIGNATURE),
        ("503 Busy", b"", Unreachable, Why.BUSY),
    ],
)
def test_a_test_message_that_fails(
    settings: LazySettings, line: str, body: bytes, kind: type[Exception], why: Why
) -> None:
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]
    with server(status(line, body=body)) as heard:
        channel = make_channel(make_team(), address=heard.address)
        with pytest.raises(kind):
            setup.send_test(channel, by=None)
    assert record("channel.test").after == {"outcome": why.value}


def test_list_says_what_is_wrong_with_a_channel(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team()
    make_channel(team, name="a", secret=SECRET)
    make_channel(team, name="b", address_env="OKR_HOOK")
    make_channel(team, "webhook", name="c", address="https://10.0.0.1/")
    rows = setup.rows_of(team)
    assert [row.place for row in rows] == ["open.feishu.cn", "OKR_HOOK", ""]
    assert [bool(row.fault) for row in rows] == [False, True, True]
    assert [row.has_secret for row in rows] == [True, False, False]
    settings.SECRET_KEY = "lost"
    assert all(row.fault for row in setup.rows_of(team))
    monkeypatch.setenv("OKR_HOOK", ADDRESS)
    assert [bool(row.fault) for row in setup.rows_of(team)] == [True, False, True]


def test_list_takes_a_fixed_number_of_queries() -> None:
    team = make_team()
    edition = make_edition(team)
    counts = []
    for number in range(6):
        channel = make_channel(team, name=str(number))
        Delivery.objects.create(
            team=team, edition=edition, channel=channel, recipient=str(number), is_chat=True
        )
        with CaptureQueriesContext(connection) as asked:
            assert setup.rows_of(team)[-1].last is not None
        counts.append(len(asked))
    assert set(counts) == {2}


def test_the_keys_are_rotated(settings: LazySettings, capsys: pytest.CaptureFixture[str]) -> None:
    team = make_team()
    lost = make_channel(team, name="旧群")
    settings.SECRET_KEY = "second"
    channel = make_channel(team, secret=SECRET)
    settings.CHANNEL_KEYS = ["third"]
    with pytest.raises(CommandError, match="pay: 旧群"):
        call_command("rotate_channel_keys")
    assert "1 channels" in capsys.readouterr().out
    settings.SECRET_KEY = "fourth"
    channel.refresh_from_db()
    assert channels.robot_of(channel).secret == SECRET
    setup.remove(lost, by=None)
    call_command("rotate_channel_keys")


def test_nothing_secret_is_in_any_trace() -> None:
    team = make_team()
    wanted = WantedChannel("支付群", address=ADDRESS, secret=SECRET)
    channel = setup.add(team, "feishu", wanted, by=None)
    setup.change(channel, WantedChannel("群", address=ADDRESS + "1", secret=SECRET), by=None)
    setup.switch(channel, is_active=False, by=None)
    setup.remove(channel, by=None)
    trace = json.dumps(list(AuditRecord.objects.values("subject", "before", "after")))
    assert TOKEN not in trace
    assert SECRET not in trace
    assert SECRET not in repr(wanted)
    assert TOKEN not in repr(wanted)

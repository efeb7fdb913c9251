"""A card from a channel's row to a server on this machine."""

from __future__ import annotations

import json
import logging
import traceback

import pytest
from django.conf import LazySettings
from django.utils import translation

from reports import channels
from reports.channels import Rejected, Unreachable, Why
from reports.models import Channel
from tests.factories import make_channel, make_team
from tests.reports.channels.servers import OK, says, server, status
from tests.reports.vendors.examples import CARD, SECRET, TOKEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(settings: LazySettings) -> None:
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]


def channel_at(port: int, kind: str = "feishu") -> Channel:
    address = f"http://127.0.0.1:{port}/hook/{TOKEN}?key={TOKEN}"
    return make_channel(make_team(), kind, address=address, secret=SECRET)


def test_a_card_arrives_signed() -> None:
    with server(says(OK)) as heard:
        assert channels.post(channel_at(heard.port), CARD, idempotency_key="digest-1") == ""
    body = json.loads(heard.requests[0].partition(b"\r\n\r\n")[2])
    assert body["sign"]
    assert body["card"]["header"]["title"]["content"] == CARD.title


def test_a_webhooks_id_is_handed_on() -> None:
    with server(status("201 Created", body=b'{"id":"m-1"}')) as heard:
        channel = channel_at(heard.port, "webhook")
        assert channels.post(channel, CARD, idempotency_key="digest-1") == "m-1"
    assert b"X-OKR-Delivery: digest-1" in heard.requests[0]


def test_address_and_secret_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = make_channel(make_team(), address_env="OKR_HOOK", secret_env="OKR_SECRET")
    monkeypatch.setenv("OKR_SECRET", SECRET)
    with pytest.raises(Rejected) as refused:
        channels.post(channel, CARD, idempotency_key="digest-1")
    assert refused.value.why is Why.UNSET_VARIABLE
    with server(says(OK)) as heard:
        monkeypatch.setenv("OKR_HOOK", heard.address)
        channels.post(channel, CARD, idempotency_key="digest-1")
    assert b'"sign"' in heard.requests[0]


def test_address_from_the_environment_is_checked_likewise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_HOOK", "https://169.254.169.254/latest/meta-data/")
    channel = make_channel(make_team(), "webhook", address_env="OKR_HOOK")
    with pytest.raises(Rejected) as refused:
        channels.post(channel, CARD, idempotency_key="digest-1")
    assert refused.value.why is Why.FORBIDDEN_ADDRESS


def test_a_lost_key_is_told_and_crashes_nothing(settings: LazySettings) -> None:
    channel = make_channel(make_team())
    settings.SECRET_KEY = "another"
    with pytest.raises(Rejected) as refused:
        channels.post(channel, CARD, idempotency_key="digest-1")
    assert refused.value.why is Why.LOST_KEY


def test_switched_off_nothing_is_posted() -> None:
    with pytest.raises(Rejected) as refused:
        channels.post(make_channel(make_team(), is_active=False), CARD, idempotency_key="1")
    assert refused.value.why is Why.SWITCHED_OFF


@pytest.mark.parametrize("kind", ["feishu", "dingtalk", "wecom", "webhook"])
def test_nothing_secret_is_in_what_is_raised_or_logged(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even when the other side repeats all that it was sent."""
    echo = json.dumps(
        {"code": 1, "errcode": 1, "msg": f"{TOKEN} {SECRET}", "errmsg": TOKEN + SECRET}
    )
    for line in ("200 OK", "400 Bad Request", "503 Unavailable"):
        with server(status(line, body=echo.encode())) as heard:
            channel = make_channel(
                make_team(slug=f"t{heard.port}"),
                kind,
                address=f"http://127.0.0.1:{heard.port}/hook/{TOKEN}?key={TOKEN}",
                secret=SECRET,
            )
            with caplog.at_level(logging.DEBUG):
                if kind == "webhook" and line == "200 OK":
                    channels.post(channel, CARD, idempotency_key="digest-1")
                    continue
                with pytest.raises((Rejected, Unreachable)) as failed:
                    channels.post(channel, CARD, idempotency_key="digest-1")
        error = failed.value
        text = "".join(traceback.format_exception(error)) + repr(error) + str(error) + error.detail
        for secret in (TOKEN, SECRET):
            assert secret not in text
            assert secret not in caplog.text


def test_error_is_in_the_readers_language() -> None:
    error = Rejected(Why.TOO_LONG, "40058")
    with translation.override("en"):
        assert str(error) == "The message is too long for it (40058)"

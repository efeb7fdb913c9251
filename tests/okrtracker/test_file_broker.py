"""The broker in files: whole messages, bad ones passed over, one worker a message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.exceptions import ChannelError

from okrtracker import broker
from okrtracker.environment import filesystem_broker
from okrtracker.file_broker import Channel, Transport
from reports.tasks import tick


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """Those of two processes."""
    connect: Any = Connection
    options = filesystem_broker(tmp_path)
    with (
        connect("filesystem://", transport_options=options) as one,
        connect("filesystem://", transport_options=options) as other,
    ):
        assert one.get_transport_cls() is Transport
        yield one.channel(), other.channel()


def message(text: str) -> dict[str, Any]:
    return {"body": text, "properties": {"delivery_tag": text, "delivery_info": {}}}


def texts(channel: Channel) -> list[str]:
    taken = []
    while True:
        try:
            taken.append(channel._get("work")["body"])
        except Empty:
            return taken


def test_messages_come_whole_in_order_and_once(channels: tuple[Any, Any], tmp_path: Path) -> None:
    one, other = channels
    for text in ("第0条", "第1条", "第2条"):
        one._put("work", message(text))
    other._put("work.other", message("不是"))
    names = [path.name for path in (tmp_path / "queue").iterdir()]
    assert all(name.endswith(".msg") for name in names)
    assert other._get("work")["body"] == "第0条"
    assert texts(one) == ["第1条", "第2条"]
    assert len(list((tmp_path / "queue").iterdir())) == 1


def test_what_is_no_message_is_passed_over(channels: tuple[Any, Any], tmp_path: Path) -> None:
    one, _other = channels
    for number, text in enumerate(["", "{", "[]", "7", "{}", '{"properties": {}}']):
        (tmp_path / "queue" / f"{number}_x.work.msg").write_text(text)
    (tmp_path / "queue" / "6_x.work.msg").write_bytes(b"\xff\xfe")
    (tmp_path / "queue" / "7_half.work.msg.0.part").write_text("{")  # its writer was killed
    one._put("work", message("贝易转"))
    assert texts(one) == ["贝易转"]


def test_a_torn_table_of_queues_is_bound_anew(channels: tuple[Any, Any], tmp_path: Path) -> None:
    one, other = channels
    one._queue_bind("x", "a", "", "one")
    other._queue_bind("x", "a", "", "other")
    other._queue_bind("x", "a", "", "other")
    assert [row.queue for row in one.get_table("x")] == ["other", "one"]
    (tmp_path / "control" / "x.exchange").write_text("[[")
    assert one.get_table("x") == []
    one._queue_bind("x", "a", "", "one")
    assert [row.queue for row in one.get_table("x")] == ["one"]


def test_a_full_disk_fails_no_request(
    channels: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", is_full)
    with pytest.raises(ChannelError):
        channels[0]._put("work", message("贝易转"))
    assert list((tmp_path / "queue").iterdir()) == []

    def fails(*_arguments: object, **_more: object) -> None:
        raise ChannelError("cannot write")

    monkeypatch.setattr(tick, "apply_async", fails)
    assert broker.publish(tick) is False

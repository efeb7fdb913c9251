from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from reports.vendors import webhook
from reports.vendors.message import Answer, Outgoing, Rejected, Robot, Unreachable, Why
from tests.factories import NOW
from tests.reports.vendors.examples import CARD, LONG, SECRET, answer
from tests.tables import each_row

VENDOR = webhook.Webhook()
ROBOT = Robot("https://hooks.example.com/okr", SECRET)


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    """printf '1718762400.{"version":1}' | openssl dgst -sha256 -hmac SEC0f9e8d7c6b5a"""
    assert webhook.signature(SECRET, 1718762400, b'{"version":1}') == (
        "374106c3401a5b9c2c53dbb663b46a4481bd9860e5e97fbcf0ef4dae71b2f8ad"
    )


def sent() -> Outgoing:
    return VENDOR.outgoing(CARD, ROBOT, NOW, "digest-1")


def test_the_body_is_as_documented() -> None:
    assert sent().address == ROBOT.address
    assert json.loads(sent().body) == {
        "version": 1,
        "kind": "digest",
        "level": "warning",
        "title": CARD.title,
        "lines": list(CARD.lines),
        "url": CARD.url,
        "team": "pay",
        "week": "2024-W25",
        "edition": 1,
    }
    assert sent().headers["X-OKR-Delivery"] == "digest-1"
    assert sent().headers["X-OKR-Timestamp"] == "1718762400"


def test_another_attempt_has_the_same_body() -> None:
    later = VENDOR.outgoing(CARD, ROBOT, NOW + timedelta(hours=1), "digest-1")
    assert later.body == sent().body
    assert later.headers["X-OKR-Delivery"] == sent().headers["X-OKR-Delivery"]
    assert later.headers["X-OKR-Signature"] != sent().headers["X-OKR-Signature"]


def test_a_long_card_is_cut_and_says_so() -> None:
    lines = json.loads(VENDOR.outgoing(LONG, ROBOT, NOW, "").body)["lines"]
    assert lines[-1] == f"… +{len(LONG.lines) - len(lines) + 1}"


def documented_check() -> Callable[[str, dict[str, str], bytes], bool]:
    text = (Path(settings.BASE_DIR) / "docs" / "channels.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # the example as a reader would copy it
    check: Callable[[str, dict[str, str], bytes], bool] = names["is_genuine"]
    return check


@pytest.mark.usefixtures("now")
def test_the_documented_check_takes_what_is_genuine_and_nothing_else() -> None:
    is_genuine, genuine = documented_check(), sent()
    assert is_genuine(SECRET, genuine.headers, genuine.body)
    assert not is_genuine("another-secret", genuine.headers, genuine.body)
    assert not is_genuine(SECRET, genuine.headers, genuine.body + b" ")
    shifted = genuine.headers | {"X-OKR-Timestamp": "1718762401"}
    assert not is_genuine(SECRET, shifted, genuine.body)
    old = VENDOR.outgoing(CARD, ROBOT, NOW - timedelta(minutes=6), "digest-1")
    assert not is_genuine(SECRET, old.headers, old.body)


def test_the_documented_fields_are_those_that_are_sent() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "channels.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert set(json.loads(example)) == set(json.loads(sent().body)) | {"monday"}


@each_row(
    ("got", "identifier"),
    [
        (Answer(204), ""),
        (Answer(200, b"ok"), ""),
        (answer(201, id="m-1"), "m-1"),
        (answer(200, id=17), "17"),
        (answer(200, id="x" * 500), "x" * 200),
        (answer(200, id={"a": 1}), ""),
    ],
)
def test_a_taken_message(got: Answer, identifier: str) -> None:
    assert VENDOR.answered(got) == identifier


@each_row(
    ("status", "why"),
    [
        (301, Why.REDIRECTED),
        (400, Why.NOT_TAKEN),
        (401, Why.BAD_SIGNATURE),
        (403, Why.BAD_SIGNATURE),
        (404, Why.BAD_TOKEN),
        (410, Why.BAD_TOKEN),
        (413, Why.TOO_LONG),
    ],
)
def test_a_refusal(status: int, why: Why) -> None:
    with pytest.raises(Rejected) as refused:
        VENDOR.answered(answer(status, error="what a stranger says is not repeated"))
    assert refused.value.why is why
    assert refused.value.detail == f"HTTP {status}"


@each_row(
    ("status", "why"), [(408, Why.BUSY), (425, Why.BUSY), (429, Why.RATE_LIMITED), (503, Why.BUSY)]
)
def test_passing_error_is_unreachable(status: int, why: Why) -> None:
    with pytest.raises(Unreachable) as failed:
        VENDOR.answered(Answer(status))
    assert failed.value.why is why

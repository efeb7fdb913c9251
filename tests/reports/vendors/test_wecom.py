from __future__ import annotations

import json
from datetime import timedelta

import pytest

from reports.vendors import wecom
from reports.vendors.message import Answer, Rejected, Robot, Unreachable, Why
from tests.factories import NOW
from tests.reports.vendors.examples import CARD, LONG, NASTY, TOKEN, answer
from tests.tables import each_row

VENDOR = wecom.WeCom()
ROBOT = Robot(f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}")


def test_the_card_is_markdown() -> None:
    sent = VENDOR.outgoing(CARD, ROBOT, NOW, "digest-1")
    assert sent.address == ROBOT.address
    assert json.loads(sent.body) == {
        "msgtype": "markdown",
        "markdown": {
            "content": f'<font color="warning">**{CARD.title}**</font>\n'
            f"> {CARD.lines[0]}\n> {CARD.lines[1]}\n\n[打开周报]({CARD.url})"
        },
    }


def test_a_name_is_no_markdown() -> None:
    text = json.loads(VENDOR.outgoing(NASTY, ROBOT, NOW, "").body)["markdown"]["content"]
    words, link = text.rsplit("\n\n", 1)
    assert not set("[]<`@\\#") & set(words)
    assert link == f"[{CARD.url}]({CARD.url})"


def test_a_long_card_is_cut_to_the_bytes_of_its_text() -> None:
    text = json.loads(VENDOR.outgoing(LONG, ROBOT, NOW, "").body)["markdown"]["content"]
    assert 3_000 < len(text.encode()) <= 4096
    assert "> … +9" in text


def test_a_taken_message() -> None:
    assert VENDOR.answered(answer(errcode=0, errmsg="ok")) == ""


@each_row(
    ("code", "words", "why"),
    [
        (93000, "invalid webhook url, hint: [1]", Why.BAD_TOKEN),
        (40058, "markdown.content exceed max length 4096. invalid Request", Why.TOO_LONG),
        (40058, "invalid Request Parameter", Why.NOT_TAKEN),
        (44004, "empty content", Why.NOT_TAKEN),
    ],
)
def test_a_refusal_with_status_200(code: int, words: str, why: Why) -> None:
    with pytest.raises(Rejected) as refused:
        VENDOR.answered(answer(errcode=code, errmsg=words))
    assert refused.value.why is why


@each_row(
    ("status", "body", "why", "wait"),
    [
        (200, {"errcode": 45009, "errmsg": "api freq out of limit"}, Why.RATE_LIMITED, 60),
        (200, {"errcode": -1}, Why.BUSY, 0),
        (500, {}, Why.BUSY, 0),
    ],
)
def test_passing_error_is_unreachable(
    status: int, body: dict[str, object], why: Why, wait: int
) -> None:
    with pytest.raises(Unreachable) as failed:
        VENDOR.answered(answer(status, **body))
    assert failed.value.why is why
    assert failed.value.wait == timedelta(seconds=wait)


def test_unknown_answer_is_rejected() -> None:
    with pytest.raises(Rejected):
        VENDOR.answered(Answer(200, b""))

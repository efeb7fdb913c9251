from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reports.vendors import feishu
from reports.vendors.message import Answer, Rejected, Robot, Unreachable, Why
from tests.factories import NOW
from tests.reports.vendors.examples import CARD, LONG, NASTY, SECRET, TOKEN, answer
from tests.tables import each_row

VENDOR = feishu.Feishu()
ADDRESS = f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    """printf '' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '1718762400\\n…' | xxd -p)
    -binary | base64
    """
    assert feishu.signature(SECRET, 1718762400) == "iwpb603vbZwZRoTb00lOZh9AEfJj89+kwe/eWmSFtPc="


def test_the_card_is_signed_in_its_body() -> None:
    sent = VENDOR.outgoing(CARD, Robot(ADDRESS, SECRET), NOW, "digest-1")
    body = json.loads(sent.body)
    assert sent.address == ADDRESS
    assert body["timestamp"] == "1718762400"
    assert body["sign"] == "iwpb603vbZwZRoTb00lOZh9AEfJj89+kwe/eWmSFtPc="
    assert body["msg_type"] == "interactive"
    card = body["card"]
    assert card["header"]["title"]["content"] == CARD.title
    assert card["header"]["template"] == "orange"
    *lines, action = card["elements"]
    assert tuple(line["text"]["content"] for line in lines) == CARD.lines
    assert action["actions"][0]["url"] == CARD.url
    assert action["actions"][0]["text"]["content"] == "打开周报"


def test_without_a_secret_nothing_is_signed() -> None:
    body = json.loads(VENDOR.outgoing(CARD, Robot(ADDRESS), NOW, "digest-1").body)
    assert not {"sign", "timestamp"} & set(body)


def test_no_text_is_markdown() -> None:
    body = json.loads(VENDOR.outgoing(NASTY, Robot(ADDRESS), NOW, "digest-1").body)
    texts = [element["text"]["tag"] for element in body["card"]["elements"][:-1]]
    assert set(texts) == {"plain_text"}
    assert body["card"]["header"]["title"]["tag"] == "plain_text"


def test_a_long_card_is_cut_and_says_so() -> None:
    sent = VENDOR.outgoing(LONG, Robot(ADDRESS, SECRET), NOW, "digest-1")
    assert 18_000 < len(sent.body) <= 20_000
    lines = [
        element["text"]["content"] for element in json.loads(sent.body)["card"]["elements"][:-1]
    ]
    assert lines[-1] == f"… +{len(LONG.lines) - len(lines) + 1}"


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        VENDOR.outgoing(replace(CARD, url="https://x/" + "a" * 30_000), Robot(ADDRESS), NOW, "")
    assert refused.value.why is Why.TOO_LONG


@each_row("code", [{"code": 0, "msg": "success"}, {"StatusCode": 0}])
def test_a_taken_card(code: dict[str, Any]) -> None:
    assert VENDOR.answered(answer(**code)) == ""


@each_row(
    ("code", "words", "why"),
    [
        (19001, "param invalid: incoming webhook access token invalid", Why.BAD_TOKEN),
        (19021, "sign match fail or timestamp is not within one hour", Why.BAD_SIGNATURE),
        (19022, "Ip Not Allowed", Why.SENDER_BARRED),
        (19024, "Key Words Not Found", Why.KEYWORD_MISSING),
        (9499, "Bad Request", Why.NOT_TAKEN),
        (12345, "something new", Why.NOT_TAKEN),
    ],
)
def test_a_refusal_with_status_200(code: int, words: str, why: Why) -> None:
    with pytest.raises(Rejected) as refused:
        VENDOR.answered(answer(code=code, msg=words, data={}))
    assert refused.value.why is why
    assert refused.value.detail == f"{code} {words}"


@each_row(
    ("status", "body", "why", "wait"),
    [
        (200, {"code": 11232, "msg": "frequency limited"}, Why.RATE_LIMITED, 60),
        (200, {"code": 9499, "msg": "too many request"}, Why.RATE_LIMITED, 60),
        (400, {"code": 9499, "msg": "Too Many Request"}, Why.RATE_LIMITED, 60),
        (200, {"code": 2200, "msg": "internal error"}, Why.BUSY, 0),
        (502, {}, Why.BUSY, 0),
        (429, {}, Why.RATE_LIMITED, 60),
    ],
)
def test_passing_error_is_unreachable(
    status: int, body: dict[str, object], why: Why, wait: int
) -> None:
    with pytest.raises(Unreachable) as failed:
        VENDOR.answered(answer(status, **body))
    assert failed.value.why is why
    assert failed.value.wait == timedelta(seconds=wait)


@each_row(
    ("got", "why"),
    [
        (Answer(200, b"<html>"), Why.ODD_ANSWER),
        (Answer(404, b""), Why.ODD_ANSWER),
        (Answer(200, b"[]"), Why.ODD_ANSWER),
        (Answer(302, b""), Why.REDIRECTED),
    ],
)
def test_unknown_answer_is_rejected(got: Answer, why: Why) -> None:
    with pytest.raises(Rejected) as refused:
        VENDOR.answered(got)
    assert refused.value.why is why

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.vendors import dingtalk
from reports.vendors.message import Answer, Rejected, Robot, Unreachable, Why
from tests.factories import NOW
from tests.reports.vendors.examples import CARD, LONG, NASTY, SECRET, TOKEN, answer
from tests.tables import each_row

VENDOR = dingtalk.DingTalk()
ADDRESS = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"
# printf '1718762400000\nSEC0f9e8d7c6b5a'
# | openssl dgst -sha256 -hmac SEC0f9e8d7c6b5a -binary | base64
SIGNATURE = "vFFLsO+0Yi0/PQAn5fDSN0TM2Zc3BoP3ICzcNirQ6tI="


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    assert dingtalk.signature(SECRET, 1718762400000) == SIGNATURE


def test_the_card_is_signed_in_its_address() -> None:
    sent = VENDOR.outgoing(CARD, Robot(ADDRESS, SECRET), NOW, "digest-1")
    assert sent.address.startswith(f"{ADDRESS}&timestamp=1718762400000&sign=")
    assert sent.address.endswith("vFFLsO%2B0Yi0%2FPQAn5fDSN0TM2Zc3BoP3ICzcNirQ6tI%3D")
    assert parse_qs(urlsplit(sent.address).query)["sign"] == [SIGNATURE]
    body = json.loads(sent.body)
    assert body["msgtype"] == "actionCard"
    assert body["actionCard"] == {
        "title": CARD.title,
        "text": f"### {CARD.title}\n\n- {CARD.lines[0]}\n- {CARD.lines[1]}",
        "singleTitle": "打开周报",
        "singleURL": CARD.url,
    }


def test_without_a_secret_the_address_stays() -> None:
    assert VENDOR.outgoing(CARD, Robot(ADDRESS), NOW, "digest-1").address == ADDRESS


def test_a_name_is_no_markdown() -> None:
    text = json.loads(VENDOR.outgoing(NASTY, Robot(ADDRESS), NOW, "").body)["actionCard"]["text"]
    assert not set("[]<>*`@\\") & set(text)
    assert text.count("\n") == 4  # a line that is two stays one
    assert text.count("#") == 3


def test_a_long_card_is_cut_and_says_so() -> None:
    sent = VENDOR.outgoing(LONG, Robot(ADDRESS), NOW, "")
    assert 18_000 < len(sent.body) <= 20_000
    assert json.loads(sent.body)["actionCard"]["text"].splitlines()[-1].startswith("- … +")


def test_a_taken_card() -> None:
    assert VENDOR.answered(answer(errcode=0, errmsg="ok")) == ""


@each_row(
    ("code", "words", "why"),
    [
        (310000, "sign not match, more: https://…", Why.BAD_SIGNATURE),
        (310000, "description:机器人发送签名不匹配;solution:请确认…", Why.BAD_SIGNATURE),
        (310000, "invalid timestamp", Why.BAD_SIGNATURE),
        (310000, "keywords not in content", Why.KEYWORD_MISSING),
        (310000, "description:关键词不匹配;", Why.KEYWORD_MISSING),
        (310000, "ip X.X.X.X not in whitelist", Why.SENDER_BARRED),
        (310000, "something new", Why.NOT_TAKEN),
        (300001, "token is not exist", Why.BAD_TOKEN),
        (400102, "机器人已停用", Why.BAD_TOKEN),
        (430104, "inappropriate", Why.NOT_TAKEN),
    ],
)
def test_a_refusal_with_status_200(code: int, words: str, why: Why) -> None:
    with pytest.raises(Rejected) as refused:
        VENDOR.answered(answer(errcode=code, errmsg=words))
    assert refused.value.why is why


@each_row(
    ("status", "body", "why", "minutes"),
    [
        (200, {"errcode": 130101, "errmsg": "send too fast"}, Why.RATE_LIMITED, 10),
        (200, {"errcode": 410100}, Why.RATE_LIMITED, 10),
        (200, {"errcode": -1, "errmsg": "系统繁忙"}, Why.BUSY, 0),
        (503, {}, Why.BUSY, 0),
    ],
)
def test_passing_error_is_unreachable(
    status: int, body: dict[str, object], why: Why, minutes: int
) -> None:
    with pytest.raises(Unreachable) as failed:
        VENDOR.answered(answer(status, **body))
    assert failed.value.why is why
    assert failed.value.wait == timedelta(minutes=minutes)


def test_unknown_answer_is_rejected() -> None:
    with pytest.raises(Rejected):
        VENDOR.answered(Answer(200, b"ok"))

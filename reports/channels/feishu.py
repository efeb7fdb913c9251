"""Feishu and Lark group robots ("custom bots"): an interactive card, signed in its body.

After https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: the signature is the
Base64 of HMAC-SHA256 over nothing, with the timestamp in seconds, a line feed and the secret as
the key; a request has at most 20 kB.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Final

from reports.channels.message import (
    Answer,
    Card,
    Outgoing,
    Rejected,
    Robot,
    Unreachable,
    Why,
    by_status,
    encoded,
    fitting,
)

HOSTS: Final = frozenset({"open.feishu.cn", "open.larksuite.com"})
PATH: Final = "/open-apis/bot/v2/hook/"
LIMIT: Final = 20_000  # bytes

_COLOURS: Final = {"info": "blue", "good": "green", "warning": "orange", "bad": "red"}
_REJECTED: Final = {
    19001: Why.BAD_TOKEN,
    19021: Why.BAD_SIGNATURE,
    19022: Why.SENDER_BARRED,
    19024: Why.KEYWORD_MISSING,
    19036: Why.TOO_LONG,
}
_BUSY: Final = {2200}  # an error of their own
_TOO_FAST: Final = {11232, 11247}


def signature(secret: str, timestamp: int) -> str:
    key = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()


def outgoing(card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:  # noqa: ARG001  it knows no idempotency key
    timestamp = int(at.timestamp())
    signed: dict[str, Any] = (
        {"timestamp": str(timestamp), "sign": signature(robot.secret, timestamp)}
        if robot.secret
        else {}
    )
    body = fitting(card, lambda cut: encoded({**signed, **_message(cut)}), LIMIT)
    return Outgoing(robot.address, body)


def _message(card: Card) -> dict[str, Any]:
    """Lines are plain text: in Feishu's Markdown a project's name could call everybody."""
    lines = [{"tag": "div", "text": _text(line)} for line in card.lines]
    button = {
        "tag": "button",
        "text": _text(card.button or card.url),
        "type": "primary",
        "url": card.url,
    }
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {"title": _text(card.title), "template": _COLOURS[card.level]},
            "elements": [*lines, {"tag": "action", "actions": [button]}],
        },
    }


def _text(text: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": text}


def answered(answer: Answer) -> str:
    """Nothing: a taken card has no id here. Raises ``Rejected`` or ``Unreachable``.

    Code 9499 stands for a malformed request as well as, in other words, for too many of them.
    """
    said = answer.said()
    code, words = said.get("code", said.get("StatusCode")), str(said.get("msg", ""))
    if code == 0:
        return ""
    if code in _TOO_FAST or (code == 9499 and "too many" in words.lower()):
        raise Unreachable(Why.RATE_LIMITED, f"{code}", timedelta(minutes=1))
    if code in _BUSY:
        raise Unreachable(Why.BUSY, f"{code} {words}")
    if code is None:
        by_status(answer)
        raise Rejected(Why.ODD_ANSWER, f"HTTP {answer.status}")
    raise Rejected(_REJECTED.get(code, Why.NOT_TAKEN), f"{code} {words}".strip())

"""Feishu and Lark group robots ("custom bots"): an interactive card, signed in its body.

After https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: the signature is the
Base64 of HMAC-SHA256 over nothing, with the timestamp in seconds, a line feed and the secret as
the key; a request has at most 20 kB.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from reports.vendors.message import Card, Outgoing, Robot, Why, as_json, fitting
from reports.vendors.vendor import CodedVendor

LIMIT: Final = 20_000  # bytes
_COLOURS: Final = {"info": "blue", "good": "green", "warning": "orange", "bad": "red"}


class Feishu(CodedVendor):
    kind = "feishu"
    label = _("Feishu group robot")
    hosts = frozenset({"open.feishu.cn", "open.larksuite.com"})
    path = "/open-apis/bot/v2/hook/"
    secret_help = _("if the robot checks signatures")

    code_names = ("code", "StatusCode")
    words_name = "msg"
    busy = frozenset({2200})  # an error of their own
    too_fast = frozenset({11232, 11247})
    refusals = {
        19001: Why.BAD_TOKEN,
        19021: Why.BAD_SIGNATURE,
        19022: Why.SENDER_BARRED,
        19024: Why.KEYWORD_MISSING,
        19036: Why.TOO_LONG,
    }

    def outgoing(self, card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:
        timestamp = int(at.timestamp())
        signed: dict[str, Any] = (
            {"timestamp": str(timestamp), "sign": signature(robot.secret, timestamp)}
            if robot.secret
            else {}
        )
        body = fitting(card, lambda cut: as_json({**signed, **_message(cut)}), LIMIT)
        return Outgoing(robot.address, body)

    def is_too_fast(self, code: object, words: str) -> bool:
        # 9499 stands for a malformed request as well as, in other words, for too many of them.
        return code in self.too_fast or (code == 9499 and "too many" in words.lower())


def signature(secret: str, timestamp: int) -> str:
    key = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()


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

"""DingTalk group robots ("custom robots"): an action card, signed in its address.

After https://open.dingtalk.com/document/robots/custom-robot-access: the signature is the Base64
of HMAC-SHA256 over the timestamp in milliseconds, a line feed and the secret, with the secret as
the key; both go URL-encoded into the query. A robot takes 20 messages a minute and is closed for
ten minutes after more; a message has at most 20 kB.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from reports.vendors.message import Card, Outgoing, Robot, Why, as_json, fitting, without_markdown
from reports.vendors.vendor import CodedVendor

LIMIT: Final = 20_000  # bytes
# 310000 is every refusal of the robot's security settings; its words say which.
_SECURITY: Final = 310000
_SECURITY_WORDS: Final = (
    (Why.KEYWORD_MISSING, ("keyword", "关键词")),
    (Why.SENDER_BARRED, ("whitelist", "白名单")),
    (Why.BAD_SIGNATURE, ("sign", "timestamp", "签名", "时间戳")),
)


class DingTalk(CodedVendor):
    kind = "dingtalk"
    label = _("DingTalk group robot")
    hosts = frozenset({"oapi.dingtalk.com", "api.dingtalk.com"})
    path = "/robot/send"
    query = "access_token"
    secret_help = _("if the robot checks signatures")

    too_fast = frozenset({130101, 130102, 410100})
    silence = timedelta(minutes=10)
    refusals = dict.fromkeys((300001, 300005, 400013, 400101, 400102, 400106), Why.BAD_TOKEN)

    def outgoing(self, card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:
        address = robot.address
        if robot.secret:
            timestamp = int(at.timestamp() * 1000)
            signed = {"timestamp": timestamp, "sign": signature(robot.secret, timestamp)}
            address += ("&" if "?" in address else "?") + urlencode(signed)
        return Outgoing(address, fitting(card, lambda cut: as_json(_message(cut)), LIMIT))

    def refusal(self, code: int, words: str) -> Why:
        if code != _SECURITY:
            return super().refusal(code, words)
        for why, signs in _SECURITY_WORDS:
            if any(sign in words.lower() for sign in signs):
                return why
        return Why.NOT_TAKEN


def signature(secret: str, timestamp: int) -> str:
    """``timestamp`` in milliseconds; not URL-encoded yet."""
    signed = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def _message(card: Card) -> dict[str, Any]:
    title = without_markdown(card.title)
    lines = "\n".join(f"- {without_markdown(line)}" for line in card.lines)
    return {
        "msgtype": "actionCard",
        "actionCard": {
            "title": title,
            "text": f"### {title}\n\n{lines}",
            "singleTitle": card.button or card.url,
            "singleURL": card.url,
        },
    }

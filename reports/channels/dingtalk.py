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
    plain,
)

HOSTS: Final = frozenset({"oapi.dingtalk.com", "api.dingtalk.com"})
PATH: Final = "/robot/send"
LIMIT: Final = 20_000  # bytes

_REJECTED: Final = {
    300001: Why.BAD_TOKEN,
    300005: Why.BAD_TOKEN,
    400013: Why.BAD_TOKEN,
    400101: Why.BAD_TOKEN,
    400102: Why.BAD_TOKEN,
    400106: Why.BAD_TOKEN,
}
_TOO_FAST: Final = {130101, 130102, 410100}
_SILENCE: Final = timedelta(minutes=10)
# 310000 is every refusal of the robot's security settings; its words say which.
_SECURITY: Final = 310000
_SECURITY_WORDS: Final = (
    (Why.KEYWORD_MISSING, ("keyword", "关键词")),
    (Why.SENDER_BARRED, ("whitelist", "白名单")),
    (Why.BAD_SIGNATURE, ("sign", "timestamp", "签名", "时间戳")),
)


def signature(secret: str, timestamp: int) -> str:
    """``timestamp`` in milliseconds; not URL-encoded yet."""
    signed = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def outgoing(card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:  # noqa: ARG001  it knows no idempotency key
    address = robot.address
    if robot.secret:
        timestamp = int(at.timestamp() * 1000)
        signed = {"timestamp": timestamp, "sign": signature(robot.secret, timestamp)}
        address += ("&" if "?" in address else "?") + urlencode(signed)
    return Outgoing(address, fitting(card, lambda cut: encoded(_message(cut)), LIMIT))


def _message(card: Card) -> dict[str, Any]:
    title = plain(card.title)
    text = "\n\n".join([f"### {title}", "\n".join(f"- {plain(line)}" for line in card.lines)])
    return {
        "msgtype": "actionCard",
        "actionCard": {
            "title": title,
            "text": text,
            "singleTitle": card.button or card.url,
            "singleURL": card.url,
        },
    }


def answered(answer: Answer) -> str:
    """Nothing: a taken card has no id here. Raises ``Rejected`` or ``Unreachable``."""
    said = answer.said()
    code, words = said.get("errcode"), str(said.get("errmsg", ""))
    if code == 0:
        return ""
    if code in _TOO_FAST:
        raise Unreachable(Why.RATE_LIMITED, f"{code}", _SILENCE)
    if code == -1:
        raise Unreachable(Why.BUSY, f"{code} {words}")
    if code is None:
        by_status(answer)
        raise Rejected(Why.ODD_ANSWER, f"HTTP {answer.status}")
    why = _security(words) if code == _SECURITY else _REJECTED.get(code, Why.NOT_TAKEN)
    raise Rejected(why, f"{code} {words}".strip())


def _security(words: str) -> Why:
    told = words.lower()
    for why, signs in _SECURITY_WORDS:
        if any(sign in told for sign in signs):
            return why
    return Why.NOT_TAKEN

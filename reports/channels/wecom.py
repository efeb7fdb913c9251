"""WeCom group robots: Markdown. The key in the address is all that proves who sends.

After https://developer.work.weixin.qq.com/document/path/91770: the text has at most 4096 bytes of
UTF-8, and a robot takes 20 messages a minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

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

HOSTS: Final = frozenset({"qyapi.weixin.qq.com"})
PATH: Final = "/cgi-bin/webhook/send"
LIMIT: Final = 4096  # bytes of the text, not of the request

_REJECTED: Final = {93000: Why.BAD_TOKEN, 93008: Why.BAD_TOKEN, 40058: Why.TOO_LONG}
_TOO_FAST: Final = {45009, 45033}
_COLOURS: Final = {"good": "info", "warning": "warning", "bad": "warning"}  # of their three


def outgoing(card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:  # noqa: ARG001  neither is asked for
    text = fitting(card, _text, LIMIT).decode()
    body = encoded({"msgtype": "markdown", "markdown": {"content": text}})
    return Outgoing(robot.address, body)


def _text(card: Card) -> bytes:
    title = f"**{plain(card.title)}**"
    if colour := _COLOURS.get(card.level):
        title = f'<font color="{colour}">{title}</font>'
    lines = [f"> {plain(line)}" for line in card.lines]
    return "\n".join(
        [title, *lines, "", f"[{plain(card.button or card.url)}]({card.url})"]
    ).encode()


def answered(answer: Answer) -> str:
    """Nothing: a taken message has no id here. Raises ``Rejected`` or ``Unreachable``."""
    said = answer.said()
    code, words = said.get("errcode"), str(said.get("errmsg", ""))
    if code == 0:
        return ""
    if code in _TOO_FAST:
        raise Unreachable(Why.RATE_LIMITED, f"{code}", timedelta(minutes=1))
    if code == -1:
        raise Unreachable(Why.BUSY, f"{code} {words}")
    if code is None:
        by_status(answer)
        raise Rejected(Why.ODD_ANSWER, f"HTTP {answer.status}")
    why = _REJECTED.get(code, Why.NOT_TAKEN)
    if why is Why.TOO_LONG and "length" not in words.lower():
        why = Why.NOT_TAKEN  # any parameter they do not like has that code
    raise Rejected(why, f"{code} {words}".strip())

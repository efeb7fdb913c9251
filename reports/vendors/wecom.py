"""WeCom group robots: Markdown. The key in the address is all that proves who sends.

After https://developer.work.weixin.qq.com/document/path/91770: the text has at most 4096 bytes of
UTF-8, and a robot takes 20 messages a minute.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.vendors.message import Card, Outgoing, Robot, Why, as_json, fitting, without_markdown
from reports.vendors.vendor import CodedVendor, Use

LIMIT: Final = 4096  # bytes of the text, not of the request
_COLOURS: Final = {"good": "info", "warning": "warning", "bad": "warning"}  # of their three


class WeCom(CodedVendor):
    kind = "wecom"
    label = _("WeCom group robot")
    hosts = frozenset({"qyapi.weixin.qq.com"})
    path = "/cgi-bin/webhook/send"
    query = "key"
    secret = Use.NONE
    secret_help = pgettext_lazy("secret", "none")
    secret_refusal = _("WeCom's robots have no secret: leave this empty.")

    too_fast = frozenset({45009, 45033})
    refusals = {93000: Why.BAD_TOKEN, 93008: Why.BAD_TOKEN, 40058: Why.TOO_LONG}

    def outgoing(self, card: Card, robot: Robot, at: datetime, key: str) -> Outgoing:
        text = fitting(card, _text, LIMIT).decode()
        body = as_json({"msgtype": "markdown", "markdown": {"content": text}})
        return Outgoing(robot.address, body)

    def refusal(self, code: int, words: str) -> Why:
        why = super().refusal(code, words)
        # Any parameter that they do not like has the code of a text that is too long.
        return Why.NOT_TAKEN if why is Why.TOO_LONG and "length" not in words.lower() else why


def _text(card: Card) -> bytes:
    title = f"**{without_markdown(card.title)}**"
    if colour := _COLOURS.get(card.level):
        title = f'<font color="{colour}">{title}</font>'
    lines = [f"> {without_markdown(line)}" for line in card.lines]
    return "\n".join(
        [title, *lines, "", f"[{without_markdown(card.button or card.url)}]({card.url})"]
    ).encode()

"""What the tests of channels have in common."""

from __future__ import annotations

from typing import Any, Final

from reports.vendors.message import Answer, Card, as_json

SECRET: Final = "SEC0f9e8d7c6b5a"
TOKEN: Final = "0f9e8d7c-6b5a-4321-token"

CARD: Final = Card(
    title="支付产研 2024-W25 周报",
    lines=("2 个上线：贝易转、POS", "1 个延期：DocAI 5 天"),
    url="https://okr.example.com/t/pay/weeks/2024-W25/",
    level="warning",
    button="打开周报",
    kind="digest",
    about=(("team", "pay"), ("week", "2024-W25"), ("edition", 1)),
)
LONG: Final = Card("周报", tuple(f"第 {n} 行" + "很长" * 140 for n in range(100)), CARD.url)
# What would link, call everybody, colour or break a line in a chat.
NASTY: Final = Card(
    "**周报** [x](https://evil.example)",
    ("<at id=all></at> <@all> @all", "[点这里](https://evil.example)\n# 大", '"引号" \\ `代码`'),
    CARD.url,
)


def answer(status: int = 200, **body: Any) -> Answer:
    return Answer(status, as_json(body))

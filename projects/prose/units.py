"""Numbers and units as Chinese prose writes them: 1.66亿元, 436万, 13,994笔, 二十五."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from projects.prose import lazy

_SCALES: Final = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
}
# 千克 and 千米 are units of their own, not thousands of something.
_SCALE: Final = lazy.compile(rf"(?:{'|'.join(_SCALES)})(?![克米瓦兆字])")
_LATIN_SCALES: Final = {"k": 10**3, "K": 10**3, "w": 10**4, "W": 10**4}

_COUNTED: Final = (
    "元|美元|美金|港元|港币|人民币|笔|条|次|个百分点|个|组|户|人次|人天|人日|人月|人|家|件|台|套|"
    "单|项|份|张|"
    "例|起|位|只|款|页|城市|城|支|行|字段|字|倍|小时|分钟|毫秒|秒|天|周|万分之一|"
)
_MEASURED: Final = (
    r"(?:ms|us|min|QPS|qps|TPS|tps|KB|MB|GB|TB|PB|kb|mb|gb|tb|pp|bps?|s|h|k|K|w|W)(?![A-Za-z0-9])"
)
_SCALED: Final = rf"(?:{'|'.join(_SCALES)})(?![克米瓦兆字])"

#: A unit with or without its scale: 亿元, 万, 笔, ms; named group ``unit``.
UNIT: Final = rf"(?P<unit>{_SCALED}(?:{_COUNTED})|(?:{_COUNTED}{_MEASURED})|‰)"
#: A plain number, thousands grouped or not, at most 15 digits long; no sign.
NUMBER: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}(?![0-9])|[0-9]{1,15})(?:\.[0-9]{1,8})?(?![0-9])"

_CHINESE_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}


def scaled(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """The value in the base unit and that unit's name.

    1.66 亿元 gives 166000000 元, 436 万 gives 4360000 and no unit, 5 ms stays what it is.
    """
    if unit in _LATIN_SCALES:
        return value * _LATIN_SCALES[unit], ""
    scale = _SCALE.match(unit)
    if scale is None:
        return value, unit
    return value * _SCALES[scale[0]], unit[scale.end() :]


def number(text: str) -> Decimal:
    """The value of a text that ``NUMBER`` matches."""
    return Decimal(text.replace(",", ""))


def chinese_number(text: str) -> int | None:
    """The value of digits or of Chinese numerals up to ninety-nine, else ``None``."""
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _CHINESE_DIGITS.get(text)
    head = _CHINESE_DIGITS.get(tens) if tens else 1
    tail = _CHINESE_DIGITS.get(ones) if ones else 0
    return None if head is None or tail is None else head * 10 + tail

"""Folding, Chinese units, numerals."""

from __future__ import annotations

from decimal import Decimal

from projects.prose import fold, scaled
from projects.prose.units import chinese_number
from tests.tables import each_row


@each_row(
    ("text", "folded"),
    [
        ("６月２５日", "6月25日"),
        ("進度：８５％", "进度:85%"),
        ("ＰＯＳ（二期）", "POS(二期)"),
        ("預計下週上線", "预计下周上线"),
        ("70％➔80％", "70%→80%"),
        ("6／10～6／14", "6/10~6/14"),
        ("全角　空格\u00a0窄", "全角 空格 窄"),
        ("plain ASCII", "plain ASCII"),
        ("【好店】，。、", "【好店】,。、"),
        ("已經是简体", "已经是简体"),
        ("😀𠀀", "😀𠀀"),
    ],
)
def test_folding_character_by_character(text: str, folded: str) -> None:
    assert fold(text) == folded


@each_row(
    ("value", "unit", "base", "base_unit"),
    [
        ("1.66", "亿元", "166000000", "元"),
        ("436", "万", "4360000", ""),
        ("12.5", "万笔", "125000", "笔"),
        ("3", "千万元", "30000000", "元"),
        ("2", "百万", "2000000", ""),
        ("13994", "笔", "13994", "笔"),
        ("99.996", "%", "99.996", "%"),
        ("5", "ms", "5", "ms"),
        ("5", "千克", "5", "千克"),
        ("3", "k", "3000", ""),
        ("1", "", "1", ""),
    ],
)
def test_scaling_to_the_base_unit(value: str, unit: str, base: str, base_unit: str) -> None:
    assert scaled(Decimal(value), unit) == (Decimal(base), base_unit)


@each_row(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("二十五", 25), ("三十一", 31), ("七", 7), ("25", 25),
     ("五五", None), ("", None), ("十十", None)],
)  # fmt: skip
def test_chinese_numbers(text: str, value: int | None) -> None:
    assert chinese_number(text) == value

"""Measured numbers, their names and units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.prose import read
from tests.tables import each_row

WEEK = date(2024, 6, 17)

# text, then for each reading: name, value, unit
READINGS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("累计转账成功笔数：13994笔", [("累计转账成功笔数", "13994", "笔")]),
    ("累计金额超过1.66亿元", [("累计金额", "1.66", "亿元")]),
    ("退款笔数23笔，金额为184759.15元", [("退款笔数", "23", "笔"), ("金额", "184759.15", "元")]),
    ("日活436万", [("日活", "436", "万")]),
    ("入金有效成功率：99.996%", [("入金有效成功率", "99.996", "%")]),
    ("入金有效成功率：９９．９９６％", [("入金有效成功率", "99.996", "%")]),
    ("支付140组，退款98组", [("支付", "140", "组"), ("退款", "98", "组")]),
    ("事故数AB级0次，C级0.5次", [("事故数AB级", "0", "次"), ("C级", "0.5", "次")]),
    ("询问量203条", [("询问量", "203", "条")]),
    ("已接入商户 1,234 家", [("接入商户", "1234", "家")]),
    ("事故数：0", [("事故数", "0", "")]),
    ("平均耗时 320ms", [("平均耗时", "320", "ms")]),
    ("笔数占比9.93%，金额占比13.54%", [("笔数占比", "9.93", "%"), ("金额占比", "13.54", "%")]),
    ("分类准确率：身份证为99.94%，护照达到98%",
     [("身份证分类准确率", "99.94", "%"), ("护照分类准确率", "98", "%")]),
    ("台湾通行证、护照的成功率达到100%", [("台湾通行证、护照的成功率", "100", "%")]),
    ("初审效率提升28%", [("初审效率", "28", "%")]),
    ("已执行用例 120 条（40%）", [("执行用例", "120", "条")]),
    ("Success rate: 99.9%", [("Success rate", "99.9", "%")]),
    # words that end like one that says nothing of its own
    ("新增签约136单", [("新增签约", "136", "单")]),
    ("提现86笔", [("提现", "86", "笔")]),
    ("日均436万", [("日均", "436", "万")]),
    ("告警治理（告警量下降35%）", [("告警量", "35", "%")]),
    # numbers without a name count in passing
    ("5个商户配置完成", []),
    ("近7日交易平稳", []),
    ("第3次演练", []),
    ("4城切量主协议", []),
    ("预计1000笔", []),
    ("整体进度85%", []),
    ("预计7月23日上线", []),
    ("版本 1.2.3", []),
]  # fmt: skip


@each_row(("text", "expected"), READINGS)
def test_name_value_and_unit(text: str, expected: list[tuple[str, str, str]]) -> None:
    got = [(r.name, r.value, r.unit) for r in read(text, week=WEEK).readings]
    assert got == [(name, Decimal(value), unit) for name, value, unit in expected]


@each_row(
    ("text", "note"),
    [
        ("累计金额超过1.66亿元", "超过"),
        ("累计金额约1.66亿元", "约"),
        ("初审效率提升28%", "提升"),
        ("失败笔数下降了 12%", "下降"),
        ("累计金额1.66亿元", ""),
    ],
)
def test_what_the_sentence_says_of_the_number(text: str, note: str) -> None:
    (reading,) = read(text, week=WEEK).readings
    assert reading.note == note


@each_row(
    ("text", "before", "value"),
    [
        ("接口响应时间从 320ms 降到 120ms", "320", "120"),
        ("单测覆盖率由60%提升到75%", "60", "75"),
        ("日均笔数 800笔→1200笔", "800", "1200"),
        ("成功率 97% → 99%", "97", "99"),
    ],
)
def test_before_and_after(text: str, before: str, value: str) -> None:
    (reading,) = read(text, week=WEEK).readings
    assert (reading.before, reading.value) == (Decimal(before), Decimal(value))


@each_row(
    ("text", "is_target"),
    [
        ("运营目标准确率超过90%", True),
        ("准确率目标 90%", True),
        ("准确率不低于90%", True),
        ("可用性 SLA 99.95%", True),
        ("accuracy target 95%", True),
        ("准确率90%", False),
        ("可用性 99.95%", False),
    ],
)
def test_a_target_is_marked(text: str, is_target: bool) -> None:
    (reading,) = read(text, week=WEEK).readings
    assert reading.is_target is is_target

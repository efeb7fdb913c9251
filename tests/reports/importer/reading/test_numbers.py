"""Readings in the shapes that people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reports.importer.reading.numbers import read_numbers
from reports.importer.reading.outline import outline
from reports.importer.source import SourceLine
from tests.tables import each_row


def readings(text: str) -> list[tuple[str, Decimal, str]]:
    lines = outline(SourceLine(n, line) for n, line in enumerate(text.splitlines(), 1))
    measured = read_numbers(lines, week=date(2024, 6, 17)).readings
    return [(reading.name, reading.value, reading.unit) for reading in measured]


@each_row(
    ("text", "expected"),
    [
        ("支付成功率：\n- 入金：99.9%", [("入金支付成功率", Decimal("99.9"), "%")]),
        (
            "交易规模：\n- 笔数：12.3万\n- 同比：+12.3%",
            [("交易规模笔数", Decimal("12.3"), "万"), ("交易规模同比", Decimal("12.3"), "%")],
        ),
        ("- 故障 0", [("故障", Decimal(0), "")]),
        ("满意度：4.82分", [("满意度", Decimal("4.82"), "分")]),
        ("缺货率：2.1%（目标<2%）", [("缺货率", Decimal("2.1"), "%")]),
    ],
)
def test_readings(text: str, expected: list[tuple[str, Decimal, str]]) -> None:
    assert readings(text) == expected


def test_counts_in_a_table_are_read() -> None:
    text = "| 指标 | 数值 |\n|---|---|\n| 年度可用性 | 100% |\n| 事故数 | AB级0次，CD级1.5次 |"
    lines = outline(SourceLine(n, line) for n, line in enumerate(text.splitlines(), 1))
    numbers = read_numbers(lines, week=date(2024, 6, 17))
    counts = [(count.severity, count.count) for count in numbers.counts]
    assert counts == [("AB", 0), ("CD", Decimal("1.5"))]
    assert [reading.name for reading in numbers.readings] == ["年度可用性"]

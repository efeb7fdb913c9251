"""Numbers as people type them into a field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.text.typed_numbers import read_number
from tests.tables import each_row


@each_row(
    ("typed", "number"),
    [
        ("99.996", "99.996"),
        ("99。996", "99.996"),
        ("99｡996", "99.996"),
        ("９９．９９６", "99.996"),
        ("９９。９９６", "99.996"),
        (" 85 ", "85"),
        ("8\u200b5", "85"),
        ("1,204.5", "1204.5"),
        ("1，204", "1204"),
        ("1,234,567", "1234567"),
        ("1 204.5", "1204.5"),
        ("1\u00a0204", "1204"),
        ("－3", "-3"),
        ("−3.5", "-3.5"),
        ("+2", "2"),
        ("95%", "95"),
        ("95 ％", "95"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@each_row(
    "typed",
    [
        "",
        "。",
        "-",
        "1,5",
        "99,996,1",
        "1..5",
        "1.5.2",
        "1e5",
        "NaN",
        "Infinity",
        "0x10",
        "10²",
        "①",
        "٣",
        "十",
        "8 5",
        "3万",
        "5 ms",
        "50%%",
        "9" * 5_000,
        "\ud800",
        "\0",
    ],
)
def test_what_is_no_number_or_has_two_meanings_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"(?s).*"):
        read_number(typed)


@each_row(
    ("typed", "unit", "number"),
    [
        ("95％", "%", "95"),
        ("1204笔", "笔", "1204"),
        ("35 ms", "ms", "35"),
        ("120", "万元", "120"),
        ("120万", "万元", "120"),
        ("120万元", "万元", "120"),
        ("1.2亿", "万元", "12000"),
        ("30000元", "万元", "3"),
        ("3万元", "元", "30000"),
        ("¥300", "元", "300"),
        ("1.5亿", "亿", "1.5"),
    ],
)
def test_the_unit_may_stand_behind_it(typed: str, unit: str, number: str) -> None:
    assert read_number(typed, unit) == Decimal(number)


@each_row(("typed", "unit"), [("95%", "笔"), ("3万", "%"), ("3万", "ms"), ("3s", "ms")])
def test_another_unit_is_refused(typed: str, unit: str) -> None:
    with pytest.raises(ValueError, match=typed):
        read_number(typed, unit)

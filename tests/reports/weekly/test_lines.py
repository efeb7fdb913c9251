from __future__ import annotations

from decimal import Decimal

import pytest

from reports.weekly.lines import plain, said


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("85.00", "85"),
        ("99.9900", "99.99"),
        ("100", "100"),
        ("0.50", "0.5"),
        ("0", "0"),
        ("1E+2", "100"),
    ],
)
def test_plain(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("装修存管", "二期联调", ["装修存管：二期联调"]),
        ("POS", "in test", ["POS: in test"]),
        ("装修存管", "，二期联调", ["装修存管，二期联调"]),
        ("装修存管：", "二期联调", ["装修存管：二期联调"]),
        ("装修存管", "1.2版本上线", ["装修存管：1.2版本上线"]),
        ("", "二期联调", ["二期联调"]),
        ("装修存管", "", ["装修存管"]),
        (
            "装修存管",
            "二期联调\n    - 工行\n        - 专线",
            ["装修存管：二期联调", "- 工行", "    - 专线"],
        ),
        ("装修存管", "\n- 工行\n- 交行", ["装修存管", "- 工行", "- 交行"]),
        ("装修存管", "- 工行\n- 交行", ["装修存管", "- 工行", "- 交行"]),
        ("装修存管", "    1. 工行\n    2. 交行", ["装修存管", "1. 工行", "2. 交行"]),
        ("装修存管", "| 行 | 进度 |\n|---|---|", ["装修存管", "| 行 | 进度 |", "|---|---|"]),
    ],
)
def test_said(name: str, text: str, lines: list[str]) -> None:
    """A name and the first words stand on one line, unless those need a line of their own."""
    assert said(name, text) == lines

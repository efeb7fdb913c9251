from __future__ import annotations

from reports.weekly.lines import in_one_line, name_and_text
from tests.tables import each_row


@each_row(
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
    assert name_and_text(name, text) == lines


@each_row(
    ("text", "line"),
    [
        ("等专线。", "等专线。"),
        ("- 等专线。\n    1. 工行；\n\n    2. 交行", "等专线；工行；交行"),
        ("* waiting.\n* testing", "waiting; testing"),
        ("1.2版本上线", "1.2版本上线"),
        ("", ""),
    ],
)
def test_in_one_line(text: str, line: str) -> None:
    assert in_one_line(text) == line


def test_one_line_is_not_too_long() -> None:
    assert in_one_line("很长" * 100, longest=5) == "很长很长很…"

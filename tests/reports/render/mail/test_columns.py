from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.render.mail.columns import clean, columns, spread, table, wrapped
from tests.tables import each_row


@each_row(
    ("text", "wide"), [("abc", 3), ("周报", 4), ("POS延期", 7), ("é", 1), ("e\u0301", 1), ("", 0)]
)
def test_a_chinese_sign_takes_two_columns(text: str, wide: int) -> None:
    assert columns(text) == wide


def test_chinese_breaks_between_signs_but_before_no_mark() -> None:
    assert wrapped("一二三四，五六", width=8) == ["一二三", "四，五六"]
    assert wrapped("一二三（四五）", width=8) == ["一二三", "（四五）"]


def test_words_break_at_blanks_and_stay_whole() -> None:
    assert wrapped("one two three", width=8) == ["one two", "three"]
    address = "https://okr.example.com/t/pay/weeks/2024-W25/"
    assert wrapped(f"see {address}", width=20) == ["see", address]


def test_further_lines_stand_below_the_words() -> None:
    assert wrapped("一二三四五", "- ", "  ", width=8) == ["- 一二三", "  四五"]


@given(st.text(alphabet="ab 周报，。（", max_size=60))
def test_nothing_is_lost_and_lines_fit(text: str) -> None:
    lines = wrapped(text, width=12)
    assert "".join("".join(lines).split()) == "".join(text.split())
    words = max((columns(word) for word in text.split()), default=0)
    assert all(columns(line) <= max(12, words) for line in lines)


def test_two_ends_of_a_line() -> None:
    assert spread("周报", "ok", width=10) == ["周报    ok"]
    assert spread("很长的名字", "ok", width=10) == ["很长的名字", "  ok"]


def test_a_table_is_set_in_columns_or_row_by_row() -> None:
    assert table([["指标", "a"], ["x", "b"]]) == ["指标  a", "x     b"]
    wide = table([["name", "value"], ["长" * 30, "v" * 20]])
    assert wide == ["长" * 30, "  " + "v" * 20] or len(wide) == 2


def test_control_characters_are_taken_out() -> None:
    assert clean("a\x1eb\x00c\r\nd\te\u2028") == "abc\nd    e"

from __future__ import annotations

import csv as reader
import io
from datetime import date
from decimal import Decimal

import pytest

from reports.render.csv import csv
from reports.render.grid import Grid, Value


def written(*row: Value) -> list[str]:
    content = csv(Grid("t", tuple("abcdefgh"[: len(row)]), (row,)))
    return list(reader.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert csv(Grid("t", ("项目",), ())).startswith(b"\xef\xbb\xbf\xe9")


def test_numbers_and_dates_are_plain() -> None:
    row = ("POS", Decimal("44.40"), Decimal(-5), 3, date(2024, 6, 30), None)
    assert written(*row) == ["POS", "44.4", "-5", "3", "2024-06-30", ""]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"]
)
def test_a_text_is_never_a_formula(text: str) -> None:
    assert written(text) == [f"'{text}"]


@pytest.mark.parametrize("text", ["POS, 二期", 'say "hi"', "a=b", "两行\n文字"])
def test_other_texts_come_back_as_they_are(text: str) -> None:
    assert written(text) == [text]

"""A grid as CSV and as an Excel workbook, read back."""

from __future__ import annotations

import csv as reader
import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree
from xlsxwriter.utility import xl_cell_to_rowcol

from reports.render.spreadsheets import Grid, Value, csv, xlsx
from tests.tables import each_row

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH: Final = date(1899, 12, 30)


# --- CSV ------------------------------------------------------------------------------------


def written(*row: Value) -> list[str]:
    content = csv(Grid("t", tuple("abcdefgh"[: len(row)]), (row,)))
    return list(reader.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]


def test_csv_begins_with_a_byte_order_mark() -> None:
    assert csv(Grid("t", ("项目",), ())).startswith(b"\xef\xbb\xbf\xe9")


def test_csv_writes_plain_numbers_and_dates() -> None:
    row = ("POS", Decimal("44.40"), Decimal(-5), 3, date(2024, 6, 30), None)
    assert written(*row) == ["POS", "44.4", "-5", "3", "2024-06-30", ""]


@each_row(
    "text", ['=HYPERLINK("x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"]
)
def test_csv_text_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert written(text) == [f"'{text}"]


@each_row("text", ["", "POS, 二期", 'say "hi"', "a=b", "两行\n文字"])
def test_csv_keeps_other_texts(text: str) -> None:
    assert written(text) == [text]


# --- Excel ----------------------------------------------------------------------------------


def sheet_of(content: bytes) -> tuple[list[list[Value]], etree._Element]:
    """The cells of the first sheet as Excel sees them (dates as its day numbers), and its XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = etree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(map(str, item.itertext())) for item in strings.iter(f"{_MAIN}si")]
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows: list[list[Value]] = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells: list[Value] = []
        for cell in row.iter(f"{_MAIN}c"):
            _row, column = xl_cell_to_rowcol(cell.get("r"))
            cells += [None] * (column - len(cells))
            value = cell.findtext(f"{_MAIN}v") or ""
            cells.append(texts[int(value)] if cell.get("t") == "s" else Decimal(value))
        rows.append(cells)
    return rows, sheet


def test_workbook_holds_numbers_and_dates() -> None:
    day = date(2024, 6, 30)
    grid = Grid("pay 2024-W25", ("项目", "%", "到期"), (("POS", Decimal("44.4"), day),))
    rows, _sheet = sheet_of(xlsx(grid))
    assert rows == [["项目", "%", "到期"], ["POS", Decimal("44.4"), Decimal((day - _EPOCH).days)]]


def test_workbook_makes_no_formula_link_or_number_of_a_text() -> None:
    texts = ("=1+1", "https://example.com", "123", "@x")
    rows, sheet = sheet_of(xlsx(Grid("t", tuple("abcd"), (texts,))))
    assert rows[1] == list(texts)
    assert sheet.find(f".//{_MAIN}f") is None
    assert sheet.find(f".//{_MAIN}hyperlink") is None


def test_workbook_leaves_unknown_cells_empty_and_may_have_no_rows() -> None:
    rows, _sheet = sheet_of(xlsx(Grid("t", ("a", "b"), ((None, 1),))))
    assert rows[1] == [None, Decimal(1)]
    rows, _sheet = sheet_of(xlsx(Grid("t/[x]:*?", ("a",), ())))
    assert rows == [["a"]]

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from reports.render.grid import Grid, Value
from reports.render.xlsx import xlsx

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH: Final = date(1899, 12, 30)


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
            value = cell.findtext(f"{_MAIN}v") or ""
            cells.append(texts[int(value)] if cell.get("t") == "s" else Decimal(value))
        rows.append(cells)
    return rows, sheet


def test_numbers_add_up_and_dates_sort() -> None:
    day = date(2024, 6, 30)
    grid = Grid("pay 2024-W25", ("项目", "%", "到期"), (("POS", Decimal("44.4"), day),))
    rows, _sheet = sheet_of(xlsx(grid))
    assert rows == [["项目", "%", "到期"], ["POS", Decimal("44.4"), Decimal((day - _EPOCH).days)]]


def test_a_text_is_neither_a_formula_nor_a_link_nor_a_number() -> None:
    texts = ("=1+1", "https://example.com", "123", "@x")
    rows, sheet = sheet_of(xlsx(Grid("t", tuple("abcd"), (texts,))))
    assert rows[1] == list(texts)
    assert sheet.find(f".//{_MAIN}f") is None
    assert sheet.find(f".//{_MAIN}hyperlink") is None


def test_an_unknown_cell_is_empty_and_no_row_at_all_is_a_table_still() -> None:
    rows, _sheet = sheet_of(xlsx(Grid("t", ("a", "b"), ((None, 1),))))
    assert rows[1] == [Decimal(1)]
    rows, _sheet = sheet_of(xlsx(Grid("t/[x]:*?", ("a",), ())))
    assert rows == [["a"]]

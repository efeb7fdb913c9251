"""Workbooks as grids of texts, and files that would do harm."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime, time
from typing import Final

import pytest
import xlsxwriter

from reports.importer.formats import read_document
from reports.importer.formats import workbook as workbook_format
from reports.importer.formats.grids import CellGrid, Merged
from reports.importer.formats.problems import CannotReadError
from tests.reports.importer.books import Across, Share, workbook
from tests.tables import each_row

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


def grids(data: bytes) -> tuple[CellGrid, ...]:
    return read_document(".xlsx", data).grids


def refused(data: bytes, suffix: str = ".xlsx") -> str:
    with pytest.raises(CannotReadError) as error:
        read_document(suffix, data)
    return str(error.value)


def raw_workbook(rows: str, strings: str = "") -> bytes:
    """A workbook with this XML as the rows of its only sheet."""
    shared = f'<Relationship Id="b" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f"{shared if strings else ''}</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}'
        "</sheetData></worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_values_are_written_as_excel_shows_them() -> None:
    row = [
        *(Share(0.65), Share(0.07), 0.65, 12, 1.1, date(2024, 6, 21), True),
        *("甲\n乙", " x ", "a|b", ""),
    ]
    (grid,) = grids(workbook(("进度", [row])))
    assert grid.rows == (
        ("65%", "7%", "0.65", "12", "1.1", "2024-06-21", "是", "甲\n乙", "x", "a|b"),
    )


def test_moments_keep_their_time() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        at = datetime.combine(date(2024, 6, 18), time(9, 12))
        book.add_worksheet().write_datetime(0, 0, at, moment)
    assert grids(file.getvalue())[0].rows == (("2024-06-18 09:12",),)


def test_merged_cells_and_hidden_sheets() -> None:
    book = workbook(
        ("W25", [[Across("支付组周报", columns=3)], [], [Across("收银台", rows=2), 1], [None, 2]]),
        ("-隐藏", [["x"]]),
        ("空", []),
    )
    (grid,) = grids(book)
    assert grid.rows == (("支付组周报",), (), ("收银台", "1"), ("", "2"))
    assert grid.merged == (Merged(0, 0, 0, 2), Merged(2, 0, 3, 0))
    assert (grid.cell(0, 0), grid.cell(9, 27)) == ("W25!A1", "W25!AB10")


def test_the_date_of_the_workbook() -> None:
    assert read_document(".xlsx", workbook(("S", [["x"]]))).modified == date(2024, 6, 21)


def test_formulas_give_their_last_value_and_never_run() -> None:
    cells = '<c r="A1"><f>HYPERLINK("http://x")</f></c><c r="B1"><f>1+1</f><v>2</v></c>'
    assert grids(raw_workbook(f'<row r="1">{cells}</row>'))[0].rows == (("", "2"),)
    assert grids(workbook(("S", [["=cmd|' /C calc'!A0"]])))[0].rows == (("=cmd|' /C calc'!A0",),)


def test_a_table_that_is_html_or_text_under_the_name_xls() -> None:
    html = "<html><table><tr><td>项目</td><td>进度</td></tr></table></html>".encode()
    assert "| 项目 | 进度 |" in read_document(".xls", html).text
    assert read_document(".xls", "项目\t进度\n".encode("utf-16")).grids[0].rows == (
        ("项目", "进度"),
    )


# ---- harm


@each_row(
    ("rows", "reason"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "rows"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>', "columns"),
        ('<row r="0"><c r="A0"><v>1</v></c></row>', "damaged"),
        ('<row r="1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>', "rows"),
    ],
)
def test_cells_far_outside_are_refused(rows: str, reason: str) -> None:
    assert reason in refused(raw_workbook(rows))


def test_empty_rows_are_no_rows() -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 200_000))
    assert refused(raw_workbook(rows)) == "holds no text"


def lower_limit(monkeypatch: pytest.MonkeyPatch, **values: int) -> None:
    limited = json.loads(workbook_format._LIMITS) | values
    monkeypatch.setattr(workbook_format, "_LIMITS", json.dumps(limited))


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lower_limit(monkeypatch, unpacked=4 * 2**20)
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
    bomb = raw_workbook(cell.format("0" * (4 * 2**20)))
    assert len(bomb) < 2**14
    assert "unpacks to more than 4 MB" in refused(bomb)


def test_a_text_that_thousands_of_cells_share_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lower_limit(monkeypatch, memory=400 * 2**20)
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4_000))
    strings = f'<sst xmlns="{_MAIN}"><si><t>{"x" * 200_000}</t></si></sst>'
    assert "too much" in refused(raw_workbook(rows, strings))


def test_entities_are_not_expanded() -> None:
    entities = "".join(
        f'<!ENTITY a{n} "{("&a" + str(n - 1) + ";") * 50 if n else "x" * 1000}">' for n in range(8)
    )
    strings = f'<!DOCTYPE l [{entities}]><sst xmlns="{_MAIN}"><si><t>&a7;</t></si></sst>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert refused(raw_workbook(rows, strings))


@each_row(
    ("suffix", "data"),
    [
        (".xlsx", b"PK\x03\x04 nothing"),
        (".xlsx", workbook(("S", [["x"]]))[:-200]),
        (".xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)),
        (".ods", b"PK\x03\x04"),
    ],
)
def test_a_damaged_file_is_refused(suffix: str, data: bytes) -> None:
    assert "damaged" in refused(data, suffix)

"""CSV in every encoding and with every separator."""

from __future__ import annotations

import pytest

from reports.importer.formats import limits, read_document
from reports.importer.formats.problems import CannotReadError
from tests.tables import each_row

ROWS = (("项目", "负责人", "备注"), ("短信网关", "张伟", "甲，乙\n丙;丁"), ("电子回单", "李娜"))


def rows(data: bytes, suffix: str = ".csv") -> tuple[tuple[str, ...] | None, ...]:
    (grid,) = read_document(suffix, data).grids
    return grid.rows


@each_row("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@each_row("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    text = '项目,负责人,备注\n短信网关,张伟,"甲，乙\n丙;丁"\n电子回单,李娜,\n'.replace(
        ",", separator
    )
    assert rows(text.encode(encoding)) == ROWS


def test_the_separator_that_excel_names() -> None:
    assert rows(b"sep=|\r\na|b,c\r\nd|e,f\r\n") == ((), ("a", "b,c"), ("d", "e,f"))


def test_a_page_in_one_column_is_not_cut_at_its_commas() -> None:
    page = "2024-W25 周报\n一、本周进展\n1. 短信网关：进度65%, 预计6月28日上线\n2. 电子回单：联调\n"
    assert rows(page.encode()) == tuple((line,) for line in page.splitlines())


@each_row(
    ("data", "reason", "line"),
    [
        (b",,,\n" * (limits.MOST_ROWS + 1), "more than 50,000 rows", None),
        (b"a,b\n" + b"," * limits.MOST_COLUMNS + b"\n", "more than 600 columns", 2),
        (b'a,b\nc,"' + b"x" * 200_000 + b'"\n', "field larger than", 2),
        (b"a,b\n" + bytes(range(9)) * 50, "not a text", 2),
        (b"\xef\xbb\xbf,,\n,,\n", "no text", None),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, reason: str, line: int | None) -> None:
    with pytest.raises(CannotReadError, match=reason) as error:
        read_document(".csv", data)
    assert error.value.line == line

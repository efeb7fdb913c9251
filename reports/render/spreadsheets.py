"""A table of plain values, as CSV and as an Excel workbook."""

from __future__ import annotations

import csv as csv_format
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from projects.text.numbers import plain

type Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Each row has a value for each heading; ``None`` where nothing is known."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


# --- CSV ------------------------------------------------------------------------------------

# A spreadsheet takes a cell that begins with one of these for a formula.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv(grid: Grid) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding."""
    text = io.StringIO(newline="")
    lines = csv_format.writer(text)
    lines.writerow(map(_cell, grid.headings))
    lines.writerows(map(_cell, row) for row in grid.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    """Numbers and dates as they are; a text that looks like a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return str(value)
    is_formula = value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if is_formula else value


# --- Excel ----------------------------------------------------------------------------------

_WIDEST: Final = 48
# Texts stay texts: no formula and no link is made of them.
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# What Excel forbids in the name of a sheet, and how long it may be.
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_TITLE: Final = 31


def xlsx(grid: Grid) -> bytes:
    """One sheet; the headings stay in sight, and every column can be filtered."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        sheet = book.add_worksheet(grid.title.translate(_FORBIDDEN)[:_LONGEST_TITLE].strip())
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        sheet.write_row(0, 0, grid.headings, book.add_format({"bold": True, "bottom": 1}))
        for number, row in enumerate(grid.rows, 1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, day)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(grid.rows), max(len(grid.headings) - 1, 0))
        for column, heading in enumerate(grid.headings):
            values = [heading, *(row[column] for row in grid.rows)]
            sheet.set_column(column, column, min(max(map(_width, values)) + 2, _WIDEST))
    return file.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Value, day: Format) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)


def _width(value: Value) -> int:
    """In columns of a character; a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in str(value or ""))

"""Spreadsheets for the importer's tests, made where they are needed: no binary files are kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

from reports.importer.column_mapping import NO_MAPPINGS, ColumnMappings
from reports.importer.run import ReadResult, read_pages

TODAY = date(2024, 7, 1)


@dataclass(frozen=True, slots=True)
class Share:
    """A number in a cell whose format is a percent."""

    value: float


@dataclass(frozen=True, slots=True)
class Across:
    """A cell merged over further columns and rows."""

    value: object
    columns: int = 1
    rows: int = 1


def workbook(
    *sheets: tuple[str, Sequence[Sequence[object]]], day: date | None = date(2024, 6, 21)
) -> bytes:
    """An .xlsx file with these sheets; a name that begins with ``-`` makes a hidden one."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = {
            Share: book.add_format({"num_format": "0%"}),
            date: book.add_format({"num_format": "yyyy/m/d"}),
        }
        if day is not None:
            book.set_properties({"created": datetime.combine(day, time())})
        for name, rows in sheets:
            sheet = book.add_worksheet(name.removeprefix("-"))
            if name.startswith("-"):
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, Across):
                        last = (row + cell.rows - 1, column + cell.columns - 1)
                        sheet.merge_range(row, column, *last, cell.value)
                    elif isinstance(cell, Share):
                        sheet.write_number(row, column, cell.value, formats[Share])
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, formats[date])
                    elif cell not in {None, ""}:
                        sheet.write(row, column, cell)
    return file.getvalue()


def read_file(
    folder: Path, name: str, data: bytes, columns: ColumnMappings = NO_MAPPINGS
) -> ReadResult:
    """What an import reads in a file of that name."""
    path = folder / name
    path.write_bytes(data)
    return read_pages([path], numbering="iso", today=TODAY, columns=columns)

"""Read one workbook from standard input and print its cells as JSON: a program of its own.

A small spreadsheet can unpack to any size in the memory of whoever opens it, and no library refuses
that. So ``workbook.py`` starts this file as a process with little memory and little time; it
imports nothing of ours. What it prints: ``{"sheets": [{"name", "rows", "merged"}], "modified"}`` or
``{"error": name of a Problem, "figures"}``.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import math
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import python_calamine
from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN_PERCENTS = frozenset({9, 10})  # 0% and 0.00%
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")

_LONGEST_NUMBER = 1e15

type CellPlace = tuple[int, int]


class TooLarge(Exception):
    """The workbook holds more than it may: the name of a ``Problem``, and the limit."""


def main() -> None:
    """Read within the limits that the first argument holds as JSON."""
    limits = json.loads(sys.argv[1])
    with contextlib.suppress(ValueError, OSError):  # a system that has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    data = sys.stdin.buffer.read()
    try:
        result = read(data, limits)
    except TooLarge as error:
        problem, *figures = error.args
        result = {"error": problem, "figures": figures}
    except python_calamine.PasswordError:
        result = {"error": "PASSWORD"}
    except MemoryError:
        result = {"error": "MEMORY"}
    except BaseException as error:  # noqa: BLE001 - a panic of the library is no Exception
        result = {"error": "NO_SPREADSHEET", "detail": repr(error)[:200]}
    json.dump(result, sys.stdout, ensure_ascii=True)


def read(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """The visible worksheets as texts."""
    percents, modified = _parts_of_excel(data, limits) if data[:2] == b"PK" else ({}, "")
    sheets: list[dict[str, Any]] = []
    cells = length = 0
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        if len(visible) > limits["sheets"]:
            raise TooLarge("SHEETS", limits["sheets"])
        for name in visible:
            sheet = book.get_sheet_by_name(name)
            _check_size(sheet, limits)
            rows = _texts(sheet, percents.get(name, set()))
            cells += sum(bool(text) for row in rows for text in row)
            length += sum(len(text) for row in rows for text in row)
            if cells > limits["cells"] or length > limits["text"]:
                raise TooLarge("CELLS", f"{limits['cells']:,}")
            merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
            sheets.append({"name": name, "rows": rows, "merged": merged[: limits["rows"]]})
    return {"sheets": sheets, "modified": modified}


def _check_size(sheet: python_calamine.CalamineSheet, limits: dict[str, int]) -> None:
    if sheet.end is None:
        return
    row, column = sheet.end
    if row >= limits["rows"]:
        raise TooLarge("ROWS", f"{limits['rows']:,}")
    if column >= limits["columns"]:
        raise TooLarge("COLUMNS", limits["columns"])


def _texts(sheet: python_calamine.CalamineSheet, percents: set[CellPlace]) -> list[list[str]]:
    if sheet.end is None:
        return []
    return [
        [_text(value, is_percent=(row, column) in percents) for column, value in enumerate(values)]
        for row, values in enumerate(sheet.to_python(skip_empty_area=False))
    ]


def _text(value: object, *, is_percent: bool) -> str:
    """The value as Excel shows it: 65% for 0.65 in a cell of percents, dates without midnight."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{_number(value * 100)}%" if is_percent else _number(value)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return _moment(value)
    return _CONTROL.sub("", str(value)).replace("\r\n", "\n").strip()


def _moment(value: datetime.date | datetime.time | datetime.timedelta) -> str:
    if isinstance(value, datetime.timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}"


def _number(value: float) -> str:
    """0.07 for 0.07000000000000001: Excel shows at most fifteen digits."""
    if not math.isfinite(value):
        return ""
    short = f"{value:.12g}"
    if abs(value) >= _LONGEST_NUMBER:
        return short
    return f"{float(short):.10f}".rstrip("0").rstrip(".") if "e" in short else short


# ---- what the library does not tell of .xlsx: cells of percents, the day of the last change


def _parts_of_excel(data: bytes, limits: dict[str, int]) -> tuple[dict[str, set[CellPlace]], str]:
    """For each sheet the cells whose format is a percent; and the workbook's own day."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > limits["unpacked"]:
            raise TooLarge("UNPACKED_LARGE", limits["unpacked"] // 2**20)
        names = set(parts.namelist())
        if "xl/workbook.xml" not in names:
            return {}, ""
        styles = _percent_styles(parts) if "xl/styles.xml" in names else frozenset()
        percents: dict[str, set[CellPlace]] = {}
        if styles:
            for sheet, path in _paths(parts):
                if path in names:
                    percents[sheet] = set(_cells_of_style(parts, path, styles))
        return percents, _modified(parts) if "docProps/core.xml" in names else ""


def _parsed(parts: zipfile.ZipFile, path: str) -> etree._Element:
    return etree.fromstring(
        parts.read(path), etree.XMLParser(resolve_entities=False, no_network=True)
    )


def _percent_styles(parts: zipfile.ZipFile) -> frozenset[str]:
    root = _parsed(parts, "xl/styles.xml")
    percents = set(_BUILT_IN_PERCENTS)
    for number_format in root.iter(f"{_MAIN}numFmt"):
        if "%" in _QUOTED.sub("", number_format.get("formatCode") or ""):
            percents.add(int(number_format.get("numFmtId") or -1))
    formats = root.find(f"{_MAIN}cellXfs")
    return frozenset(
        str(index)
        for index, style in enumerate(formats if formats is not None else ())
        if int(style.get("numFmtId") or -1) in percents
    )


def _paths(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name, and where it lies in the archive."""
    related = _parsed(parts, "xl/_rels/workbook.xml.rels")
    targets = {rel.get("Id"): rel.get("Target") or "" for rel in related}
    for sheet in _parsed(parts, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATED), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield sheet.get("name") or "", path


def _cells_of_style(
    parts: zipfile.ZipFile, path: str, styles: frozenset[str]
) -> Iterator[CellPlace]:
    with parts.open(path) as opened:
        for _, element in etree.iterparse(
            opened, tag=(f"{_MAIN}c", f"{_MAIN}row"), resolve_entities=False
        ):
            if element.tag == f"{_MAIN}c" and element.get("s") in styles:
                if match := _CELL.fullmatch(element.get("r") or ""):
                    yield int(match[2]) - 1, _column(match[1])
            elif element.tag == f"{_MAIN}row":
                element.clear()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _modified(parts: zipfile.ZipFile) -> str:
    root = _parsed(parts, "docProps/core.xml")
    days = (element.text or "" for element in root.iter("{*}modified"))
    return next(days, "")[:10]


if __name__ == "__main__":
    main()

"""A grid as CSV that Excel opens with a double click."""

from __future__ import annotations

import csv as writer
import io
from datetime import date
from decimal import Decimal
from typing import Final

from reports.render.grid import Grid, Value

# A spreadsheet takes a cell that begins with one of these for a formula.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv(grid: Grid) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding."""
    text = io.StringIO(newline="")
    lines = writer.writer(text)
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
        return f"{value.normalize():f}"
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.lstrip().startswith(_FORMULA) or value[:1] in "\t\r\n" else value

"""Text tables (.csv, .tsv): separated by comma, semicolon or tab, in any encoding."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Final

from reports.importer.columns import is_heading_row
from reports.importer.formats import limits
from reports.importer.formats.encoding import decode
from reports.importer.formats.grids import CellGrid, trimmed
from reports.importer.formats.problems import CannotReadError, Problem

_SEPARATORS: Final = ("\t", ";", ",", "，", "；")
_NONE: Final = "\x1f"
_SAMPLE: Final = 50  # lines that tell which separator it is
_NAMED: Final = re.compile(r"sep=(?P<separator>.)\r?\n")  # Excel's own first line
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')


def read_separated(data: bytes) -> CellGrid:
    """The table in a CSV file. Raises ``CannotReadError`` and ``NotTextError``."""
    text = decode(data)
    named = _NAMED.match(text)
    separator = named["separator"] if named else separator_of(text)
    if named:
        text = "\n" + text[named.end() :]  # the rows keep their numbers
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            # A quoted line end counts: the row's number is that of its first line in a spreadsheet.
            rows.append(row)
            if len(rows) > limits.MOST_ROWS:
                raise CannotReadError(Problem.ROWS, f"{limits.MOST_ROWS:,}")
            if len(row) > limits.MOST_COLUMNS:
                raise CannotReadError(Problem.COLUMNS, limits.MOST_COLUMNS, line=len(rows))
    except csv.Error as error:
        raise CannotReadError(Problem.NO_TABLE, error, line=len(rows) + 1) from error
    return CellGrid("", trimmed(rows))


def separator_of(text: str) -> str:
    """The sign that divides a line into headings, or most lines into the same number of cells.

    Where none does, the lines are one column: a page that was written into a spreadsheet.
    """
    lines = [line for line in _QUOTED.sub("", text).splitlines() if line.strip()][:_SAMPLE]
    best, separator = 0, ","
    for candidate in _SEPARATORS:
        if any(is_heading_row(line.split(candidate)) for line in lines):
            return candidate
        counts = Counter(line.count(candidate) for line in lines)
        counts.pop(0, None)
        alike = max(counts.values(), default=0)
        if alike > best:
            best, separator = alike, candidate
    return separator if best * 2 >= len(lines) else _NONE

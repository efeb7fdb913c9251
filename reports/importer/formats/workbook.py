"""Excel and OpenDocument spreadsheets (.xlsx, .xls, .ods) as grids of texts."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Final

import python_calamine  # noqa: F401 - the process needs it: say so before it is started

from reports.importer.formats import Document, limits
from reports.importer.formats.grids import CellGrid, Merged, trimmed
from reports.importer.formats.problems import CannotReadError, Problem

_READER: Final = Path(__file__).with_name("workbook_process.py")
_LIMITS: Final = json.dumps(
    {
        "memory": limits.LARGEST_PROCESS,
        "unpacked": limits.LARGEST_UNPACKED,
        "sheets": limits.MOST_SHEETS,
        "rows": limits.MOST_ROWS,
        "columns": limits.MOST_COLUMNS,
        "cells": limits.MOST_CELLS,
        "text": limits.MOST_TEXT,
    }
)


def read_workbook(data: bytes) -> Document:
    """The visible worksheets of a workbook. Raises ``CannotReadError``.

    A process of its own reads them, see ``workbook_process``.
    """
    command = [sys.executable, "-I", str(_READER), _LIMITS]
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=limits.LONGEST_READING,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotReadError(Problem.SECONDS, limits.LONGEST_READING) from error
    try:
        result = json.loads(done.stdout)
    except ValueError as error:
        raise CannotReadError(Problem.MEMORY) from error
    if "error" in result:
        raise CannotReadError(Problem[result["error"]], *result.get("figures", ()))
    grids = tuple(
        CellGrid(sheet["name"], trimmed(sheet["rows"]), tuple(Merged(*m) for m in sheet["merged"]))
        for sheet in result["sheets"]
    )
    modified = None
    with contextlib.suppress(ValueError):
        modified = date.fromisoformat(result["modified"])
    return Document("", modified, tuple(grid for grid in grids if grid.rows))

"""The cells of one worksheet or one CSV file, as texts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one: rows and columns from 0, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """``rows`` begins with the first row of the sheet; a row that is ``None`` is passed over."""

    name: str  # of the sheet; empty for a CSV file
    rows: tuple[tuple[str, ...] | None, ...]
    merged: tuple[Merged, ...] = ()

    def cell(self, row: int, column: int) -> str:
        """What a message calls the cell: 第25周!B7, or B7 in a CSV file."""
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{self.name}!{letters}{row + 1}" if self.name else f"{letters}{row + 1}"


def trimmed(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """The rows without empty cells at their ends and without empty rows at the end."""
    result: list[tuple[str, ...]] = []
    last = 0
    for row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        result.append(tuple(cells))
        last = len(result) if cells else last
    return tuple(result[:last])

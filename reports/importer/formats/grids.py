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
class CellGrid:
    """Rows of a sheet, all from its first one on where ``numbers`` is empty."""

    name: str  # of the sheet; empty for a CSV file
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[Merged, ...] = ()
    numbers: tuple[int, ...] = ()  # of the rows in the sheet, from 1

    def number(self, row: int) -> int:
        """The number that the sheet shows beside the row."""
        return self.numbers[row] if self.numbers else row + 1

    def only(self, rows: Iterable[tuple[int, tuple[str, ...]]]) -> CellGrid:
        """Some of the rows, each with its place in this grid; their cells may be other ones."""
        chosen_rows = list(rows)
        numbers = tuple(self.number(row) for row, _ in chosen_rows)
        return CellGrid(self.name, tuple(cells for _, cells in chosen_rows), numbers=numbers)

    def cell(self, row: int, column: int) -> str:
        """What a message calls the cell: 第25周!B7, or B7 in a CSV file."""
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        place = f"{letters}{self.number(row)}"
        return f"{self.name}!{place}" if self.name else place


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

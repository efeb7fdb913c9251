"""A table of plain values: what a spreadsheet is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

type Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Each row has a value for each heading; ``None`` where nothing is known."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

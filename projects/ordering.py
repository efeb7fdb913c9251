"""Rows that people put in an order: each has a ``position``, and the list is numbered anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max, Model, QuerySet


def next_position(rows: QuerySet[Any]) -> int:
    """The place behind all of the rows."""
    last = rows.order_by().aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def place_of(order: Sequence[Model], row: Model) -> int:
    """The row's index in the list. Raises ``ObjectDoesNotExist`` once it was removed."""
    if row not in order:
        raise ObjectDoesNotExist(str(row))
    return order.index(row)


class MovedAlready(Exception):
    """The row stands elsewhere than its sender saw; ``place`` is where it stands, from 1."""

    def __init__(self, row: object, place: int) -> None:
        self.name, self.place = str(row), place
        super().__init__(f"{row}: {place}")


def require_place(row: object, place: int, seen: int | None) -> None:
    """Raise ``MovedAlready`` unless it is the place, from 1, that the sender saw or none was told.

    So a form that is sent twice moves a row once.
    """
    if seen is not None and seen != place:
        raise MovedAlready(row, place)


def move(order: list[Any], row: Model, places: int, seen: int | None = None) -> bool:
    """Move the row in the list and number all of them; False when it is where it shall be.

    At most to the list's ends; below 0 is up. Raises as ``place_of`` and ``require_place`` do.
    """
    now = place_of(order, row)
    require_place(row, now + 1, seen)
    then = min(max(now + places, 0), len(order) - 1)
    if now == then:
        return False
    put(order, now, then)
    return True


def put(order: list[Any], now: int, then: int) -> None:
    """Take what is at one index of the list to another, and number all of them."""
    order.insert(then, order.pop(now))
    for position, row in enumerate(order):
        row.position = position

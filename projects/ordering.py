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


def move(order: list[Any], row: Model, places: int) -> bool:
    """Move the row in the list and number all of them; False when it is where it shall be.

    At most to the list's ends; below 0 is up. Raises as ``place_of`` does.
    """
    now = place_of(order, row)
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

"""How a milestone stood at the end of a week, and what is a step back from there. Pure.

Also when a milestone is out of the reckoning: the one rule for it, whoever reckons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Standing:
    """``None``: nobody had said it yet. ``precision`` is that of ``due_on``."""

    percent: Decimal | None = None
    due_on: date | None = None
    precision: str | None = None


UNKNOWN: Final = Standing()
HUNDRED: Final = Decimal(100)


def is_dropped(percent: Decimal | None, *, is_closed: bool) -> bool:
    """Whether a milestone will not be done any more: closed below 100%, or at no percent at all.

    It keeps its percent, but counts neither in the project's percent by its milestones nor for
    the project's due date, and no finding asks why it is open.
    """
    return is_closed and percent != HUNDRED


def wants_reason(before: Standing, percent: Decimal | None, due_on: date | None) -> bool:
    """Whether this percent or due date is a step back that has to be explained.

    A percent that drops or a date that moves later is; ``None`` says nothing, so it is none.
    """
    return _is_less(percent, before.percent) or _is_less(before.due_on, due_on)


def _is_less[T: (Decimal, date)](one: T | None, other: T | None) -> bool:
    return one is not None and other is not None and one < other

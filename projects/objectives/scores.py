"""How far a key result has come, by the convention of OKR: 0.0 where it began, 1.0 reached. Pure.

A score of 0.7 and more counts as good, less than 0.4 as failed: an objective that is always
reached in full was set too low.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

REACHED: Final = Decimal(1)
GOOD: Final = Decimal("0.7")
FAIR: Final = Decimal("0.4")
_CENT: Final = Decimal("0.01")


def score(value: Decimal | None, baseline: Decimal, target: Decimal) -> Decimal | None:
    """The share of the way from baseline to target, 0 to 1, to two decimals.

    Works for falling numbers, too. ``None`` where nothing was read, or there is no way to go.
    Only what has reached its target scores 1: 0.999 is 0.99.
    """
    if value is None or target == baseline:
        return None
    share = (value - baseline) / (target - baseline)
    if share < REACHED:
        # Zero comes first: of 0 and -0 (nothing gained on a falling number) max takes the first.
        return min(max(Decimal(0), share).quantize(_CENT), REACHED - _CENT)
    return REACHED.quantize(_CENT)


def mean(scores: Iterable[Decimal | None]) -> Decimal | None:
    """An objective's score: the mean of those of its key results that have been read."""
    known = [score for score in scores if score is not None]
    return (sum(known, Decimal(0)) / len(known)).quantize(_CENT) if known else None

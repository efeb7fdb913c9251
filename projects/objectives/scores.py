"""How far a key result has come, by the convention of OKR: 0.0 where it began, 1.0 reached. Pure.

A score of 0.7 and more counts as good, less than 0.4 as failed: an objective that is always
reached in full was set too low.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from projects.text.numbers import mean_share, rounded_share

REACHED: Final = Decimal(1)
GOOD: Final = Decimal("0.7")
FAIR: Final = Decimal("0.4")


def score(value: Decimal | None, baseline: Decimal, target: Decimal) -> Decimal | None:
    """The share of the way from baseline to target, 0 to 1, to two decimals.

    Works for falling numbers, too. ``None`` where nothing was read, or there is no way to go.
    Only what has reached its target scores 1, only what has not moved 0: 0.999 is 0.99.
    """
    if value is None or target == baseline:
        return None
    share = (value - baseline) / (target - baseline)
    # Zero comes first: of 0 and -0 (nothing gained on a falling number) max takes the first.
    return rounded_share(min(max(Decimal(0), share), REACHED), whole=REACHED)


def mean(scores: Iterable[Decimal | None]) -> Decimal | None:
    """An objective's score: the mean of those of its key results that have been read."""
    return mean_share(scores, whole=REACHED)

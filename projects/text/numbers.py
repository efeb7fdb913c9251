"""Write numbers, and round them as people do. Pure.

Everything that is rounded for a screen, a mail or a file, or before it is kept, is rounded here:
halves go up (84.5 is 85, 85.5 is 86), and what has not wholly arrived is never printed as if it had
(99.996% is 99.99%, not 100%; 0.3% of a whole number of percent is 1%, not 0%).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

HUNDRED: Final = Decimal(100)


def plain(number: Decimal) -> str:
    """The number without trailing zeros, which the database adds: 85.00 → 85, 99.9900 → 99.99."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(number: Decimal) -> str:
    """A change: +5, −4.16 with the minus sign that is as wide as the plus, 0."""
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{plain(abs(number))}"


def score_text(score: Decimal) -> str:
    """A score of 0 to 1, always with its two decimals: 0.70."""
    return f"{rounded(score):f}"


def rounded(number: Decimal, places: int = 2) -> Decimal:
    """To that many decimals, halves away from zero: 84.5 → 85, -84.5 → -85."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def rounded_share(share: Decimal, places: int = 2, *, whole: Decimal = HUNDRED) -> Decimal:
    """Rounded, but to the ends (0 and ``whole``) only what stands there or beyond them."""
    step = Decimal(1).scaleb(-places)
    nearest = rounded(share, places)
    if 0 < share < whole:
        return min(max(nearest, step), whole - step)
    return nearest


def mean_share(
    shares: Iterable[Decimal | None], places: int = 2, *, whole: Decimal = HUNDRED
) -> Decimal | None:
    """The mean of the known ones, rounded; ``None`` where none is known."""
    known_shares = [share for share in shares if share is not None]
    if not known_shares:
        return None
    return rounded_share(sum(known_shares, Decimal(0)) / len(known_shares), places, whole=whole)

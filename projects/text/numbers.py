"""Write numbers. Pure."""

from __future__ import annotations

from decimal import Decimal


def plain(number: Decimal) -> str:
    """The number without trailing zeros, which the database adds: 85.00 → 85, 99.9900 → 99.99."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

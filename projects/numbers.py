"""How a number is written. Pure."""

from __future__ import annotations

from decimal import Decimal


def plain(number: Decimal) -> str:
    """Without the zeros that the database adds: 85.00 is 85, 99.9900 is 99.99."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.text.numbers import plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("85.00", "85"),
        ("99.9900", "99.99"),
        ("100", "100"),
        ("0.50", "0.5"),
        ("0", "0"),
        ("1E+2", "100"),
    ],
)
def test_trailing_zeros_are_left_out(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text

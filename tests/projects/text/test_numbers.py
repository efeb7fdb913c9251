from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects.text.numbers import mean_share, plain, rounded, rounded_share, signed
from tests.tables import each_row


@each_row(
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


@each_row(
    ("number", "places", "text"),
    [("84.5", 0, "85"), ("85.5", 0, "86"), ("-84.5", 0, "-85"), ("2.675", 2, "2.68")],
)
def test_halves_are_rounded_up(number: str, places: int, text: str) -> None:
    assert str(rounded(Decimal(number), places)) == text


@each_row(
    ("share", "places", "text"),
    [
        ("99.996", 2, "99.99"),
        ("99.6", 0, "99"),
        ("0.3", 0, "1"),
        ("0.001", 2, "0.01"),
        ("100", 0, "100"),
        ("0", 0, "0"),
        ("84.5", 0, "85"),
    ],
)
def test_only_what_stands_at_an_end_is_rounded_to_it(share: str, places: int, text: str) -> None:
    assert str(rounded_share(Decimal(share), places)) == text


@given(
    st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=8),
    st.integers(min_value=0, max_value=2),
)
def test_a_mean_is_whole_only_when_all_are(shares: list[Decimal], places: int) -> None:
    mean = mean_share(shares, places)
    assert mean is not None
    assert (mean == 100) == all(share == 100 for share in shares)
    assert (mean == 0) == all(share == 0 for share in shares)
    assert abs(mean - sum(shares, Decimal(0)) / len(shares)) <= Decimal(1).scaleb(-places)


def test_what_nobody_knows_has_no_part_in_a_mean() -> None:
    assert mean_share([Decimal(50), None, Decimal(51)], places=0) == 51
    assert mean_share([None]) is None


@each_row(("number", "text"), [("5.00", "+5"), ("-4.16", "−4.16"), ("0.00", "0")])
def test_a_change_has_its_sign(number: str, text: str) -> None:
    assert signed(Decimal(number)) == text

"""What the small chart of a row draws for each of the last weeks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import translation

from projects.history.gains import Gains, gain_columns
from projects.weeks import WEEK
from tests.html import attribute, elements

LAST = date(2024, 6, 17)


def drawn(gains: Gains) -> list[str]:
    marks = elements(gain_columns(gains, LAST), "svg > *")
    return [" ".join(mark.get("class") or ["flat"]) for mark in marks]


def test_each_week_has_a_mark_of_its_own_kind() -> None:
    gains = [
        (LAST - 4 * WEEK, None),
        (LAST - 3 * WEEK, Decimal(5)),
        (LAST - 2 * WEEK, Decimal(-3)),
        (LAST, Decimal(0)),
    ]
    assert drawn(gains) == ["flat", "rise", "fall", "none", "flat"]
    with translation.override("en"):
        words = attribute(gain_columns(gains, LAST), "svg", "aria-label")
    assert words == "Points gained in the last 5 weeks: –, +5, −3, no update, 0"


def test_all_rows_share_one_scale_which_ends_at_eight_points() -> None:
    def height(gain: int) -> float:
        path = attribute(gain_columns([(LAST, Decimal(gain))], LAST), ".rise", "d")
        return float(path.partition("v-")[2])

    assert height(2) < height(4) < height(8) == height(40)


def test_what_was_never_reported_has_no_chart() -> None:
    assert gain_columns([], LAST) == ""

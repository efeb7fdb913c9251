from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from projects.history.charts import HEIGHT, WIDTH, sparkline

MONDAY = date(2024, 6, 17)


def weekly(*values: int | str) -> list[tuple[date, Decimal]]:
    return [(MONDAY + timedelta(weeks=n), Decimal(value)) for n, value in enumerate(values)]


def points(svg: str) -> list[tuple[float, float]]:
    line = re.findall(r'<path d="M([^"]*)"', svg)[0]
    return [(float(x), float(y)) for x, y in (pair.split() for pair in line.split(" L"))]


def test_a_rising_line_rises() -> None:
    drawn = points(sparkline(weekly(0, 50, 100)))
    assert drawn == [(3.0, HEIGHT - 3.0), (42.0, 11.0), (WIDTH - 3.0, 3.0)]


def test_it_says_the_same_in_words() -> None:
    with translation.override("en"):
        assert 'aria-label="Last 3 weeks: 20% to 72.5%"' in sparkline(weekly(20, 40, "72.50"))
        assert 'to 7笔"' in sparkline(weekly(5, 7), unit="笔")


def test_a_week_without_a_value_makes_a_longer_step() -> None:
    history = weekly(10, 20, 30, 40)
    assert [x for x, _ in points(sparkline([history[0], history[1], history[3]]))] == [3, 29, 81]


def test_its_own_range_fills_the_picture() -> None:
    drawn = points(sparkline(weekly("99.97", "99.99", "99.98"), scale=None))
    assert [y for _, y in drawn] == [19, 3, 11]
    assert {y for _, y in points(sparkline(weekly(5, 5), scale=None))} == {11}


def test_one_value_makes_no_line() -> None:
    assert sparkline(weekly(50)) == sparkline([]) == ""


def test_a_unit_cannot_break_out_of_its_attribute() -> None:
    assert "<script>" not in sparkline(weekly(1, 2), unit='"><script>')


@given(st.lists(st.decimals(-1000, 1000, places=4), min_size=2, max_size=8))
def test_any_values_stay_in_the_picture(values: list[Decimal]) -> None:
    history = [(MONDAY + timedelta(weeks=n), value) for n, value in enumerate(values)]
    for scale in (None, (Decimal(0), Decimal(100))):
        drawn = points(sparkline(history, scale=scale))
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)

"""The line of a metric against its target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.history.trend import trend
from projects.weeks import WEEK
from tests.html import attribute, elements

LAST = date(2024, 6, 17)


def test_the_target_lies_above_what_misses_it() -> None:
    history = [(LAST - WEEK, Decimal(98)), (LAST, Decimal(99))]
    drawn = trend(history, "%", Decimal(100))
    assert attribute(drawn, ".goal", "d") == "M0 3.0H100"
    assert attribute(drawn, "path:not(.goal)", "d") == "M0.0 37.0 L100.0 20.0"


def test_one_value_makes_no_line_and_no_target_no_dashes() -> None:
    assert trend([(LAST, Decimal(1))], "") == ""
    level = trend([(LAST - WEEK, Decimal(1)), (LAST, Decimal(1))], "")
    assert not elements(level, ".goal")

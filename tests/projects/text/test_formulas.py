from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from projects.text import formulas


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_parts_of_a_mean_and_its_exact_value_are_told() -> None:
    shares = [("POS", Decimal(100)), ("DocAI", Decimal("98.6")), ("双活", None)]
    formula = formulas.mean_of_projects(shares, Decimal(99))
    assert formula.parts == (("POS", "100%"), ("DocAI", "98.6%"), ("双活", "–"))
    assert formula.sum == "(100 + 98.6) ÷ 2 = 99.3 ≈ 99%"


def test_weights_stand_beside_the_milestones() -> None:
    shares = [("联调", Decimal(100), 1), ("开发", Decimal(90), 3)]
    formula = formulas.mean_of_milestones(shares, Decimal("92.5"))
    assert formula.parts == (("联调", "100%"), ("开发", "90%×3"))
    assert formula.sum == "(100 + 90×3) ÷ 4 = 92.5%"


def test_a_long_sum_is_told_by_its_total() -> None:
    shares = [(f"P{number}", Decimal(50)) for number in range(9)]
    assert formulas.mean_of_projects(shares, Decimal(50)).sum == "450 ÷ 9 = 50%"


def test_nothing_known_has_no_sum() -> None:
    assert formulas.mean_of_projects([("POS", None)], None).sum == ""
    assert formulas.mean_of_scores([("占比", None)], None).sum == ""
    assert formulas.way_to_target(None, Decimal(0), Decimal(1), None) == ""


def test_a_score_is_told_as_its_way_to_the_target() -> None:
    scores = [("占比", Decimal("0.50")), ("时长", Decimal("0.75")), ("覆盖", None)]
    assert formulas.mean_of_scores(scores, Decimal("0.63")).sum == "(0.50 + 0.75) ÷ 2 = 0.63"
    way = formulas.way_to_target(Decimal(48), Decimal(20), Decimal(60), Decimal("0.70"))
    assert way == "(48 − 20) ÷ (60 − 20) → 0.70"
    falling = formulas.way_to_target(Decimal(1), Decimal(-2), Decimal(4), Decimal("0.5"))
    assert falling == "(1 − (-2)) ÷ (4 − (-2)) → 0.50"


def test_a_forecast_is_what_is_left_at_the_pace() -> None:
    today, start = date(2024, 6, 19), date(2024, 6, 21)
    ends = {"start": start, "end": date(2024, 8, 4), "today": today}
    formula = formulas.end_at_pace(Decimal(72), Decimal("4.5"), 8, **ends)
    weeks, pace, left = ("Known weeks", "8"), ("Points a week", "4.5"), ("Left on Jun 21", "28%")
    assert formula.parts == (weeks, pace, left)
    assert formula.sum == "28 ÷ 4.5 ≈ 6.2 weeks → Aug 4"


def test_a_forecast_that_is_past_says_today() -> None:
    start, today = date(2024, 5, 3), date(2024, 6, 19)
    formula = formulas.end_at_pace(Decimal(90), Decimal(10), 5, start=start, end=today, today=today)
    assert formula.sum == "10 ÷ 10 ≈ 1 week → May 10, which is past: today"


def test_time_gone_is_days_of_days() -> None:
    start, due, today = date(2024, 1, 1), date(2024, 12, 31), date(2024, 6, 19)
    formula = formulas.share_of_time(start, due, today, Decimal(47))
    assert formula.sum == "170 ÷ 365 = 46.575 ≈ 47%"
    late = formulas.share_of_time(start, date(2024, 5, 1), today, Decimal(100))
    assert late.sum == "170 ÷ 121 is more than the whole: 100%"
    on_the_day = formulas.share_of_time(start, today, today, Decimal(100))
    assert on_the_day.sum == "170 ÷ 170 = 100%"


def test_a_score_stands_with_its_numbers() -> None:
    formula = formulas.score_of(Decimal(48), Decimal(20), Decimal(60), Decimal("0.70"), "%")
    assert formula.parts == (("Baseline", "20%"), ("Target", "60%"), ("Now", "48%"))

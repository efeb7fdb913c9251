from __future__ import annotations

from decimal import Decimal

import pytest

from reports.weekly import states
from reports.weekly.rows import KeyResultRow, ReadingRow
from tests.reports.weekly.builders import reading


@pytest.mark.parametrize(
    ("row", "change", "is_better", "misses"),
    [
        (
            reading(value="99.98", last_value=Decimal("99.99"), target=Decimal("99.98")),
            "-0.01",
            False,
            False,
        ),
        (reading(value="99.97", target=Decimal("99.98")), None, None, True),
        (
            reading(value="5", last_value=Decimal(7), target=Decimal(4), direction="down"),
            "-2",
            True,
            True,
        ),
        (
            reading(value="4", last_value=Decimal(4), target=Decimal(4), direction="down"),
            "0",
            None,
            False,
        ),
        (reading(value=None, last_value=Decimal(4), target=Decimal(4)), None, None, False),
    ],
    ids=["worse", "missed", "fewer is better", "unchanged", "no reading"],
)
def test_metrics(row: ReadingRow, change: str | None, is_better: bool | None, misses: bool) -> None:
    ((_, state),) = states.metrics([row])
    assert state.change == (None if change is None else Decimal(change))
    assert (state.is_better, state.misses_target) == (is_better, misses)


def test_a_line_with_several_numbers_is_told_once() -> None:
    line = "入金 99.99%，出金 99.98%"
    first = reading("入金", text=line, position=7)
    second = reading("出金", "99.98", position=7)
    typed_here = reading("可用性")
    told = {state.metric: state.is_told for _, state in states.metrics([second, first, typed_here])}
    assert told == {"入金": False, "出金": True, "可用性": False}


@pytest.mark.parametrize(
    ("baseline", "target", "value", "score"),
    [(0, 60, 40, "0.67"), (0, 60, 90, "1.00"), (0, 60, -5, "0.00"), (20, 10, 15, "0.50")],
)
def test_key_results_are_scored(baseline: int, target: int, value: int, score: str) -> None:
    row = KeyResultRow("AI初审占比", "%", Decimal(baseline), Decimal(target), Decimal(value))
    assert states.key_result(row).score == Decimal(score)


def test_a_key_result_without_a_reading_has_no_score() -> None:
    assert states.key_result(KeyResultRow("占比", "%", Decimal(0), Decimal(1), None)).score is None


@pytest.mark.parametrize(
    ("value", "score"),
    [("0.85", "0.00"), ("0.90", "0.00"), ("0.815", "0.50"), ("0.78", "1.00"), ("0.5", "1.00")],
)
def test_a_key_result_on_a_falling_number_scores_from_0_to_1(value: str, score: str) -> None:
    row = KeyResultRow("单笔成本", "元", Decimal("0.85"), Decimal("0.78"), Decimal(value))
    assert str(states.key_result(row).score) == score

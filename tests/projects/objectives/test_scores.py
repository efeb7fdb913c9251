from __future__ import annotations

from decimal import Decimal

from projects.objectives.scores import mean, score
from tests.tables import each_row


def scored(value: str | None, baseline: str, target: str) -> str:
    return str(score(None if value is None else Decimal(value), Decimal(baseline), Decimal(target)))


@each_row(
    ("value", "baseline", "target", "expected"),
    [
        ("20", "20", "60", "0.00"),
        ("48", "20", "60", "0.70"),
        ("60", "20", "60", "1.00"),
        ("99", "20", "60", "1.00"),
        ("10", "20", "60", "0.00"),
        ("4", "10", "2", "0.75"),  # the less the better
        ("12", "10", "2", "0.00"),
        ("99.989", "99", "99.99", "0.99"),  # what is short of the target is not reached
        ("0.001", "0", "1", "0.01"),  # nor is what has moved at all where it began
        ("0.125", "0", "1", "0.13"),  # halves go up
        (None, "0", "1", "None"),
        ("5", "5", "5", "None"),
    ],
)
def test_share_of_the_way(value: str | None, baseline: str, target: str, expected: str) -> None:
    assert scored(value, baseline, target) == expected


def test_objective_is_scored_by_key_results_with_a_reading() -> None:
    assert mean([Decimal("0.5"), None, Decimal("1.00")]) == Decimal("0.75")
    assert mean([Decimal(1), Decimal(1), Decimal("0.99")]) == Decimal("0.99")
    assert mean([None]) is None
    assert mean([]) is None

"""The week cannot lie: a quarter is lived through, and all that is said is compared with the truth.

A failure names its seed, the hour and what happened before; ``QUARTER=7`` replays that seed alone,
``QUARTER=all`` runs many, hour by hour.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

import pytest

from tests.quarter.quarters import QUARTERS, SEVEN_DAYS
from tests.quarter.running import Running
from tests.quarter.stories import plan_week

ASKED: Final = os.environ.get("QUARTER", "")
# Two weeks, one with a Sunday that is worked, and one of two working days, in which a cycle ends.
SAMPLE: Final = replace(QUARTERS[0], first=QUARTERS[0].first + SEVEN_DAYS)

pytestmark = pytest.mark.django_db


def runs() -> list[Running]:
    """Whole quarters hour by hour where that is asked for; else the sample, which ticks and is
    checked only where something is due or was done, and shows its screens once a week.
    """
    if not ASKED:
        return [Running(12, SAMPLE, 2, hourly=False)]
    seeds = range(1, 10) if ASKED == "all" else [int(ASKED)]
    return [Running(seed, QUARTERS[seed % len(QUARTERS)], 14, hourly=True) for seed in seeds]


@pytest.mark.parametrize("run", runs(), ids=lambda run: f"seed{run.seed}")
def test_the_week_cannot_lie(run: Running) -> None:
    run.run(plan_week)

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

# Weeks of a whole quarter, and of the sample that each test run takes: one with a Sunday that is
# worked, and one of two working days, in which a cycle ends.
WHOLE: Final = 14
SAMPLE: Final = 2
ASKED: Final = os.environ.get("QUARTER", "")
SEEDS: Final = range(1, 10) if ASKED == "all" else [int(ASKED)] if ASKED else []

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", SEEDS)
def test_a_quarter_hour_by_hour(seed: int) -> None:
    quarter = QUARTERS[seed % len(QUARTERS)]
    Running(seed, quarter, WHOLE, hourly=True).run(plan_week)


def test_some_weeks_of_a_quarter() -> None:
    """Ticks and checks only where something is due or was done, screens once a week."""
    quarter = replace(QUARTERS[0], first=QUARTERS[0].first + SEVEN_DAYS)
    Running(12, quarter, SAMPLE, hourly=False).run(plan_week)

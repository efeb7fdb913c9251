"""When will a project be finished, at the pace of its last weeks? Pure.

The pace is the median of the slopes between any two of the last known weeks (Theil–Sen), which a
single jump, pause or misprint does not carry away, as it would a mean or a least-squares line. The
range comes from Sen's interval for that slope, which counts how often later weeks stand above
earlier ones (Kendall's tau) and assumes nothing of how the weeks scatter; here at 80%, so that in
four of five times the true pace lies within it, if the project goes on as it has.
Source: P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", Journal of the
American Statistical Association 63 (1968), pages 1379-1389.

It knows only the speed, not the work that is left. Where the last weeks give no speed, it says why
instead of giving a date.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from statistics import NormalDist
from typing import Final

from projects.text.numbers import rounded
from projects.weeks import WEEK, judged_on

KNOWN_WEEKS: Final = 8  # at most so many are looked at
ENOUGH: Final = 4  # fewer known weeks tell no pace; and as many without a step forward tell none
RECENT: Final = timedelta(weeks=26)  # what lies further back than the latest week is another story
STALE: Final = timedelta(weeks=8)  # a pace that was last seen before is not the present one
HORIZON: Final = timedelta(weeks=260)  # beyond, a date would be a joke
_CONFIDENCE: Final = 0.8
_HUNDRED: Final = 100.0


class NoForecast(StrEnum):
    """Why there is none."""

    DONE = "done"
    CLOSED = "closed"
    PAUSED = "paused"
    UNKNOWN = "unknown"  # no percent was ever told
    TOO_FEW = "too_few"  # recent weeks with a percent
    STALE = "stale"  # the latest percent is too old
    NO_PROGRESS = "no_progress"  # in the last weeks, or none worth a date


@dataclass(frozen=True, slots=True)
class Forecast:
    """When 100% is reached: ``early`` ≤ ``likely`` ≤ ``late``, none of them before today."""

    early: date
    likely: date
    late: date | None  # None: at the slow end of the range not within five years, if ever
    pace: Decimal  # points a week, of ``likely``; to two decimals
    weeks: int  # known weeks it was read from
    start: date  # the day of the latest percent, from which it is reckoned
    percent: Decimal  # that percent

    def weeks_after(self, due_on: date) -> int:
        """By how many weeks ``likely`` is later than the due date, rounded; negative: earlier."""
        return int(rounded(Decimal((self.likely - due_on).days) / 7, places=0))


def forecast(
    history: Sequence[tuple[date, Decimal]],
    today: date,
    *,
    health: str = "",
    is_closed: bool = False,
) -> Forecast | NoForecast:
    """Of the percent by week (Mondays), oldest first, and the health that was last reported."""
    if reason := _why_not(history, today, health, is_closed=is_closed):
        return reason
    latest, percent = history[-1]
    recent = [(week, value) for week, value in history[-KNOWN_WEEKS:] if latest - week < RECENT]
    if len(recent) < ENOUGH:
        return NoForecast.TOO_FEW
    if recent[-1][1] <= recent[-ENOUGH][1]:
        return NoForecast.NO_PROGRESS
    slow, median, fast = _slopes(recent)
    start = judged_on(latest, max(today, latest))
    left = _HUNDRED - float(percent)
    early, likely = _reached(start, left, fast, today), _reached(start, left, median, today)
    if early is None or likely is None:
        return NoForecast.NO_PROGRESS
    return Forecast(
        early=early,
        likely=likely,
        late=_reached(start, left, slow, today),
        pace=rounded(Decimal(median), places=2),
        weeks=len(recent),
        start=start,
        percent=percent,
    )


def _why_not(
    history: Sequence[tuple[date, Decimal]], today: date, health: str, *, is_closed: bool
) -> NoForecast | None:
    if health == "done" or (history and history[-1][1] >= 100):
        return NoForecast.DONE
    if is_closed:
        return NoForecast.CLOSED
    if health == "paused":
        return NoForecast.PAUSED
    if not history:
        return NoForecast.UNKNOWN
    return NoForecast.STALE if today - history[-1][0] > STALE else None


def _slopes(history: Sequence[tuple[date, Decimal]]) -> tuple[float, float, float]:
    """Points a week: the slow end of the range, the median, the fast end."""
    slopes = sorted(
        float(new - old) / ((later - earlier) / WEEK)
        for (earlier, old), (later, new) in combinations(history, 2)
    )
    n = len(history)
    spread = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2) * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    rank = max((len(slopes) - spread) / 2 - 1, 0.0)  # counted from 0, from either end
    last = len(slopes) - 1
    return _at(slopes, rank), _at(slopes, last / 2), _at(slopes, last - rank)


def _at(ordered: Sequence[float], rank: float) -> float:
    """The value at a rank, between two ranks in proportion."""
    below, above = ordered[math.floor(rank)], ordered[math.ceil(rank)]
    return below + (above - below) * (rank - math.floor(rank))


def _reached(start: date, left: float, pace: float, today: date) -> date | None:
    """The day on which what is left is done, today at the earliest; ``None`` beyond the horizon."""
    if pace <= 0 or left / pace > HORIZON / WEEK:
        return None
    return max(start + timedelta(days=math.ceil(7 * left / pace)), today)

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects.history.forecast import HORIZON, Forecast, NoForecast, forecast
from projects.weeks import WEEK, friday
from tests.tables import each_row

MONDAY = date(2024, 6, 17)
TODAY = date(2024, 6, 21)  # its Friday

type Known = list[tuple[date, Decimal]]


def weekly(*percents: float | str | None, until: date = MONDAY) -> Known:
    """The percents of the weeks up to ``until``; ``None`` for a week without one."""
    begin = until - WEEK * (len(percents) - 1)
    return [
        (begin + n * WEEK, Decimal(str(percent)))
        for n, percent in enumerate(percents)
        if percent is not None
    ]


def forecast_of(history: Known, today: date = TODAY) -> Forecast:
    made = forecast(history, today)
    assert isinstance(made, Forecast), made
    return made


def test_a_steady_pace_has_one_end() -> None:
    made = forecast_of(weekly(40, 50, 60, 70, 80))
    assert made.early == made.likely == made.late == friday(MONDAY) + 2 * WEEK
    assert (made.pace, made.weeks, made.percent) == (10, 5, 80)


def test_a_scattered_pace_has_a_range() -> None:
    made = forecast_of(weekly(10, 14, 30, 31, 33, 50, 52, 60))
    assert made.late is not None
    assert made.early < made.likely < made.late


def test_one_jump_does_not_carry_the_median_away() -> None:
    steady, jump = weekly(10, 12, 14, 16, 18, 20, 22, 24), weekly(10, 12, 14, 60, 18, 20, 22, 24)
    assert forecast_of(jump).likely == forecast_of(steady).likely


def test_a_gap_counts_with_its_weeks() -> None:
    assert forecast_of(weekly(20, None, 40, 50, None, None, 80)).pace == 10


def test_only_the_last_eight_known_weeks_count() -> None:
    assert forecast_of(weekly(1, 2, 3, 4, 10, 15, 20, 25, 30, 35, 40, 45)).pace == 5


def test_what_stands_still_at_the_slow_end_has_no_latest_date() -> None:
    made = forecast_of(weekly(10, 20, 10, 20, 15, 30, 12, 40))
    assert made.late is None
    assert made.early <= made.likely


@each_row(
    ("history", "reason"),
    [
        ([], NoForecast.UNKNOWN),
        (weekly(10, 20, 30), NoForecast.TOO_FEW),
        (weekly(10, 20, 30, 40, until=MONDAY - 9 * WEEK), NoForecast.STALE),
        (weekly(10, 20, 30, *[None] * 30, 40), NoForecast.TOO_FEW),  # half a year without a word
        (weekly(50, 50, 50, 50), NoForecast.NO_PROGRESS),
        (weekly(10, 20, 30, 40, 50, 50, 50, 50), NoForecast.NO_PROGRESS),
        (weekly(60, 55, 50, 45), NoForecast.NO_PROGRESS),
        (weekly("10.00", "10.01", "10.02", "10.03"), NoForecast.NO_PROGRESS),  # in 170 years
        (weekly(70, 80, 90, 100), NoForecast.DONE),
    ],
)
def test_it_says_why_there_is_none(history: Known, reason: NoForecast) -> None:
    assert forecast(history, TODAY) is reason


def test_what_is_over_or_rests_has_none() -> None:
    history = weekly(40, 50, 60, 70)
    assert forecast(history, TODAY, health="done") is NoForecast.DONE
    assert forecast(history, TODAY, health="paused") is NoForecast.PAUSED
    assert forecast(history, TODAY, is_closed=True) is NoForecast.CLOSED


def test_an_end_that_should_have_been_is_today() -> None:
    made = forecast_of(weekly(60, 70, 80, 95), today=TODAY + 3 * WEEK)
    assert made.early == made.likely == TODAY + 3 * WEEK


def test_it_is_compared_with_the_due_date_in_weeks() -> None:
    made = forecast_of(weekly(40, 50, 60, 70, 80))
    assert made.likely == date(2024, 7, 5)
    assert made.weeks_after(date(2024, 6, 14)) == 3
    assert made.weeks_after(date(2024, 7, 19)) == -2
    assert made.weeks_after(date(2024, 7, 3)) == 0


percents = st.decimals(0, 100, places=2)
histories = st.lists(st.one_of(st.none(), percents), max_size=60).map(
    lambda values: [
        (MONDAY - back * WEEK, value)
        for back, value in reversed(list(enumerate(values)))
        if value is not None
    ]
)


@given(histories, st.integers(-3, 500))
def test_it_is_in_order_and_never_in_the_past(history: Known, days: int) -> None:
    today = TODAY + timedelta(days=days)
    made = forecast(history, today)
    if isinstance(made, Forecast):
        assert today <= made.early <= made.likely
        assert made.late is None or made.likely <= made.late <= max(today, TODAY) + HORIZON
        assert made.pace >= 0


@given(
    st.lists(st.integers(0, 900), min_size=4, max_size=8),
    st.integers(1, 90),
    st.integers(2, 4),
)
def test_twice_the_pace_is_never_later(steps: list[int], last: int, times: int) -> None:
    """The same course to the same percent, each step before it as many times as high."""
    course = [Decimal(last) + Decimal(step - steps[-1]) / 100 for step in steps]
    faster = [last + times * (value - last) for value in course]
    slow = forecast([(MONDAY - n * WEEK, v) for n, v in enumerate(reversed(course))][::-1], TODAY)
    fast = forecast([(MONDAY - n * WEEK, v) for n, v in enumerate(reversed(faster))][::-1], TODAY)
    if isinstance(slow, Forecast):
        assert isinstance(fast, Forecast)
        assert fast.early <= slow.early
        assert fast.likely <= slow.likely
        assert slow.late is None or (fast.late is not None and fast.late <= slow.late)

"""The steps of every week of two decades, in a zone with clock changes and one without."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.weeks import WEEK
from projects.workdays import WorkCalendar
from reports.weekly.schedule import MIDNIGHT, MORNING, IdleWeek, Schedule, due_in

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
CUTOFF, DIGEST = time(16), time(18)
DAY = timedelta(days=1)

mondays = st.integers(0, 1200).map(lambda number: date(2006, 1, 2) + number * WEEK)
zones = st.sampled_from([SHANGHAI, NEW_YORK])
# 02:00 to 03:00 is left out once a year in New York, 01:00 to 02:00 comes twice: tried apart below.
times = st.times().filter(lambda at: at.hour not in (1, 2))
calendars = st.builds(
    WorkCalendar,
    st.sampled_from(["china", "weekdays"]),
    st.dictionaries(st.dates(date(2023, 12, 1), date(2024, 12, 31)), st.booleans(), max_size=40),
)


def due(
    week: date, calendar: WorkCalendar | None = None, *, idle_week: IdleWeek = "skip"
) -> Schedule | None:
    made = calendar or WorkCalendar("china")
    return due_in(week, made, SHANGHAI, CUTOFF, DIGEST, idle_week=idle_week)


def here(day: date, hour: int) -> datetime:
    """That hour in Shanghai, in UTC."""
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI).astimezone(UTC)


def closed(week: date) -> dict[date, bool]:
    return {week + number * DAY: False for number in range(7)}


def test_an_ordinary_week() -> None:
    assert due(date(2024, 6, 17)) == Schedule(
        week=date(2024, 6, 17),
        opens_at=here(date(2024, 6, 17), 0),
        reminders=(here(date(2024, 6, 20), 10), here(date(2024, 6, 21), 10)),
        cutoff_at=here(date(2024, 6, 21), 16),
        digest_at=here(date(2024, 6, 21), 18),
    )


def test_a_make_up_sunday_closes_its_week() -> None:
    made = due(date(2024, 9, 23))
    assert made is not None
    assert made.cutoff_at == here(date(2024, 9, 29), 16)
    # The Saturday between was off.
    assert made.reminders == (here(date(2024, 9, 27), 10), here(date(2024, 9, 29), 10))


def test_a_week_of_one_working_day_reminds_once() -> None:
    made = due(date(2024, 9, 30))  # Monday, then 国庆
    assert made is not None
    assert made.reminders == (here(date(2024, 9, 30), 10),)
    assert made.cutoff_at == here(date(2024, 9, 30), 16)


def test_an_idle_week_is_skipped() -> None:
    week = date(2024, 6, 17)
    assert due(week, WorkCalendar("china", closed(week))) is None


def test_or_its_steps_are_those_of_the_next_working_one() -> None:
    first, second, third = (date(2024, 6, 17) + number * WEEK for number in range(3))
    calendar = WorkCalendar("china", closed(first) | closed(second))
    merged, own = due(first, calendar, idle_week="merge"), due(third, calendar)
    assert merged is not None
    assert own is not None
    assert merged.opens_at == here(first, 0)
    assert merged.week == third
    assert (merged.reminders, merged.cutoff_at, merged.digest_at) == (
        own.reminders,
        own.cutoff_at,
        own.digest_at,
    )


@pytest.mark.parametrize(("cutoff", "reminders"), [(time(10), 1), (time(9), 1), (time(10, 1), 2)])
def test_nobody_is_reminded_at_or_after_the_cutoff(cutoff: time, reminders: int) -> None:
    made = due_in(date(2024, 6, 17), WorkCalendar("china"), SHANGHAI, cutoff, DIGEST)
    assert made is not None
    assert len(made.reminders) == reminders


def test_a_cutoff_that_clocks_leave_out_stays_before_its_digest() -> None:
    sunday = date(2024, 3, 10)
    calendar = WorkCalendar("weekdays", {sunday: True})
    made = due_in(date(2024, 3, 4), calendar, NEW_YORK, time(2, 30), time(3))
    assert made is not None
    assert made.cutoff_at == datetime(2024, 3, 10, 7, 30, tzinfo=UTC)
    assert made.digest_at == made.cutoff_at


@given(mondays, calendars, zones, times, times)
def test_the_steps_of_a_week_are_in_order_and_within_it(
    week: date, calendar: WorkCalendar, zone: ZoneInfo, one: time, other: time
) -> None:
    cutoff, digest = sorted((one, other))
    made = due_in(week, calendar, zone, cutoff, digest)
    last = calendar.last_of(week)
    assert (made is None) is (last is None)
    if made is None or last is None:
        return
    steps = (made.opens_at, *made.reminders, made.cutoff_at, made.digest_at)
    assert list(steps) == sorted(steps)
    assert all(step.tzinfo is UTC for step in steps)
    local = [step.astimezone(zone) for step in steps]
    assert all(week <= moment.date() <= week + 6 * DAY for moment in local)
    opens_at, *reminders, cutoff_at, digest_at = (moment.replace(tzinfo=None) for moment in local)
    assert opens_at == datetime.combine(week, MIDNIGHT)
    assert {moment.time() for moment in reminders} <= {MORNING}
    assert cutoff_at == datetime.combine(last, cutoff)
    assert digest_at == datetime.combine(last, digest)


@given(mondays, calendars, zones)
def test_merged_weeks_close_once_with_the_next_working_one(
    week: date, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    """Of any ten weeks: as many cutoffs as weeks with a working day, each on its own last one."""
    weeks = [week + number * WEEK for number in range(10)]
    merged = [due_in(one, calendar, zone, CUTOFF, DIGEST, idle_week="merge") for one in weeks]
    assert all(made is not None for made in merged)
    closings = {made.cutoff_at for made in merged if made is not None and made.week in weeks}
    skipped = [due_in(one, calendar, zone, CUTOFF, DIGEST) for one in weeks]
    assert closings == {made.cutoff_at for made in skipped if made is not None}
    assert len(closings) == sum(calendar.last_of(one) is not None for one in weeks)
    for one, made in zip(weeks, merged, strict=True):
        assert made is not None
        assert made.week >= one
        assert all(made.opens_at <= moment < made.cutoff_at for moment in made.reminders)

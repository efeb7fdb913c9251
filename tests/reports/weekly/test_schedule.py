"""The steps of every week of two decades, in a zone with clock changes and one without."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from projects.weeks import WEEK, monday_of
from projects.workdays import WorkCalendar
from reports.weekly.schedule import (
    MADE_UP_FOR,
    MIDNIGHT,
    MORNING,
    Done,
    DueStep,
    Habits,
    IdleWeek,
    Schedule,
    due_in,
    steps_of,
    to_take,
)
from tests.tables import each_row

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


def here(day: date, hour: int, minute: int = 0) -> datetime:
    """That moment in Shanghai, in UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI).astimezone(UTC)


def closed(*weeks: date) -> dict[date, bool]:
    return {week + timedelta(days=day): False for week in weeks for day in range(7)}


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


@each_row(("cutoff", "reminders"), [(time(10), 1), (time(9), 1), (time(10, 1), 2)])
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
    week: date, calendar: WorkCalendar, zone: ZoneInfo, first: time, second: time
) -> None:
    cutoff, digest = sorted((first, second))
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
    merged = [due_in(monday, calendar, zone, CUTOFF, DIGEST, idle_week="merge") for monday in weeks]
    assert all(made is not None for made in merged)
    closings = {made.cutoff_at for made in merged if made is not None and made.week in weeks}
    skipped = [due_in(monday, calendar, zone, CUTOFF, DIGEST) for monday in weeks]
    assert closings == {made.cutoff_at for made in skipped if made is not None}
    assert len(closings) == sum(calendar.last_of(monday) is not None for monday in weeks)
    for monday, made in zip(weeks, merged, strict=True):
        assert made is not None
        assert made.week >= monday
        assert all(made.opens_at <= moment < made.cutoff_at for moment in made.reminders)


SHANGHAI = ZoneInfo("Asia/Shanghai")
W25 = date(2024, 6, 17)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ORDER = ("open", "remind_1", "remind_2", "close", "publish")


def habits(
    exceptions: dict[date, bool] | None = None,
    zone: str = "Asia/Shanghai",
    cutoff: time = time(16),
    digest: time = time(18),
    idle_week: IdleWeek = "skip",
) -> Habits:
    days = frozenset((exceptions or {}).items())
    return Habits("china", days, zone, cutoff, digest, idle_week)


def taken(now: datetime, *done: str, runs_from: datetime = LONG_AGO) -> list[tuple[str, str]]:
    """The steps of W25 that a tick takes, with what has overtaken each."""
    before = {(week, step) for week in (W25 - WEEK, W25 - 2 * WEEK) for step in ORDER}
    done_steps = Done({*before, *((W25, step) for step in done)})
    due_steps = to_take(habits(), done_steps, runs_from=runs_from, now=now)
    assert {due.week for due in due_steps} <= {W25}
    return [(due.step, due.overtaken_by or "") for due in due_steps]


THURSDAY, FRIDAY = W25 + timedelta(days=3), W25 + timedelta(days=4)


def test_each_step_at_its_time() -> None:
    assert taken(here(W25, 0)) == [("open", "")]
    assert taken(here(THURSDAY, 9, 59), "open") == []
    assert taken(here(THURSDAY, 10), "open") == [("remind_1", "")]
    assert taken(here(FRIDAY, 10), "open", "remind_1") == [("remind_2", "")]
    assert taken(here(FRIDAY, 16), *ORDER[:3]) == [("close", "")]
    assert taken(here(FRIDAY, 18), *ORDER[:4]) == [("publish", "")]
    assert taken(here(FRIDAY, 18), *ORDER) == []


def test_of_two_reminders_that_are_due_the_later_is_meant() -> None:
    assert taken(here(FRIDAY, 11), "open") == [("remind_1", "remind_2"), ("remind_2", "")]


def test_after_the_cutoff_no_reminder_is_meant() -> None:
    assert taken(here(FRIDAY, 17), "open") == [
        ("remind_1", "close"),
        ("remind_2", "close"),
        ("close", ""),
    ]


def test_a_step_that_settings_moved_into_the_past_is_taken_once() -> None:
    """The cutoff was taken by earlier hours: what the new hours say of it is behind the week."""
    assert taken(here(FRIDAY, 11), "open", "remind_1", "close") == [("remind_2", "close")]


def test_three_days_off_all_is_made_up_for_in_order() -> None:
    steps = taken(here(FRIDAY + timedelta(days=2), 12), "open")
    assert [step for step, _ in steps] == ["remind_1", "remind_2", "close", "publish"]
    assert dict(steps)["close"] == "publish"  # nobody is asked to review what goes out now


def test_what_was_due_before_the_team_began_is_not_made_up_for() -> None:
    founded = here(FRIDAY, 12)
    assert taken(here(FRIDAY, 18), runs_from=founded) == [("close", "publish"), ("publish", "")]
    assert taken(here(FRIDAY + timedelta(days=1), 9), runs_from=here(FRIDAY, 19)) == []


def test_a_week_of_history_has_no_steps() -> None:
    now = here(FRIDAY, 18)

    def weeks(starts_on: date) -> set[date]:
        due = to_take(habits(), Done(), runs_from=LONG_AGO, now=now, starts_on=starts_on)
        return {step.week for step in due}

    assert weeks(W25) == {W25}
    assert weeks(W25 - WEEK) == {W25 - WEEK, W25}
    assert weeks(W25 + WEEK) == set()


def test_after_a_month_only_the_last_fortnight_is_made_up_for() -> None:
    now = here(FRIDAY, 18)
    due_steps = to_take(habits(), Done(), runs_from=LONG_AGO, now=now)
    assert {due.week for due in due_steps} == {W25 - 2 * WEEK, W25 - WEEK, W25}
    assert all(due.due_at >= now - MADE_UP_FOR for due in due_steps)
    assert [due.step for due in due_steps if due.week == W25 - 2 * WEEK] == ["publish"]


def test_the_only_reminder_of_a_short_week_is_the_last() -> None:
    steps = steps_of(date(2024, 9, 30), habits())  # Monday alone is worked, then 国庆
    assert [due.step for due in steps] == ["open", "remind_2", "close", "publish"]


def test_in_a_week_that_is_skipped_nothing_happens_by_itself() -> None:
    assert steps_of(W25, habits(closed(W25))) == ()


def test_a_merged_week_opens_and_is_published_once_its_next_one_is() -> None:
    merging = habits(closed(W25), idle_week="merge")
    opening, publishing = steps_of(W25, merging)
    assert (opening.step, opening.due_at) == ("open", here(W25, 0))
    assert (publishing.step, publishing.joins) == ("publish", W25 + WEEK)
    assert publishing.due_at == here(FRIDAY + WEEK, 18)
    done = Done({(W25, "open")})
    weeks_of = [
        {due.week for due in to_take(merging, step, runs_from=here(W25, 0), now=now)}
        for step, now in (
            (done, here(FRIDAY, 18)),
            (done, here(FRIDAY + WEEK, 18)),
            (Done({(W25, "open")}, {W25 + WEEK}), here(FRIDAY + WEEK, 12)),
        )
    ]
    assert [W25 in weeks for weeks in weeks_of] == [False, False, True]


# --- any clock, any year -----------------------------------------------------------------------


def years(first: int, last: int) -> st.SearchStrategy[datetime]:
    begin, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    return st.integers(0, (end - begin) // timedelta(minutes=1) - 1).map(
        lambda minutes: begin + minutes * timedelta(minutes=1)
    )


moments = years(2019, 2026) | years(2027, 2035)  # announced by now, and not
pauses = st.sampled_from(
    [timedelta(minutes=1), timedelta(hours=5), timedelta(days=1), timedelta(days=3)]
) | st.timedeltas(timedelta(0), timedelta(days=6))
ways = st.builds(
    habits,
    st.dictionaries(st.dates(date(2019, 1, 1), date(2035, 12, 31)), st.booleans(), max_size=30),
    st.sampled_from(["Asia/Shanghai", "America/New_York"]),
    st.sampled_from([time(9), time(16), time(1, 30)]),
    st.sampled_from([time(18), time(23, 59)]),
    st.sampled_from(["skip", "merge"]),
)


def walk(way: Habits, ticks: list[datetime], runs_from: datetime) -> list[tuple[datetime, DueStep]]:
    """What a clock takes that looks at these moments, each week's page published when it is due."""
    steps: set[tuple[date, str]] = set()
    published: set[date] = set()
    taken_steps: list[tuple[datetime, DueStep]] = []
    for now in ticks:
        while due := to_take(way, Done(steps, published), runs_from=runs_from, now=now):
            for step in due:
                taken_steps.append((now, step))
                steps.add((step.week, step.step))
                if step.step == "publish":
                    published.add(step.week)
    return taken_steps


@given(ways, moments, st.lists(pauses, min_size=1, max_size=20))
def test_every_due_step_is_taken_once_and_in_order(
    way: Habits, begin: datetime, gaps: list[timedelta]
) -> None:
    runs_from = begin
    ticks = [runs_from + sum(gaps[:number], timedelta(0)) for number in range(len(gaps) + 1)]
    taken_steps = walk(
        way, [tick for tick in ticks for _ in range(2)], runs_from
    )  # each tick twice

    counted = Counter((due.week, due.step) for _, due in taken_steps)
    assert not counted or max(counted.values()) == 1
    first = monday_of(runs_from.date()) - 6 * WEEK
    weeks = [first + number * WEEK for number in range((ticks[-1] - runs_from).days // 7 + 9)]
    expected = {
        (due.week, due.step)
        for week in weeks
        for due in steps_of(week, way)
        if runs_from <= due.due_at <= ticks[-1]
    }
    assert set(counted) == expected
    for week in weeks:
        of_week = [due.step for _, due in taken_steps if due.week == week]
        assert of_week == sorted(of_week, key=ORDER.index)


@given(ways, moments, st.lists(pauses, min_size=1, max_size=20))
def test_nothing_is_early_and_no_reminder_late(
    way: Habits, begin: datetime, gaps: list[timedelta]
) -> None:
    runs_from = begin
    ticks = [runs_from + sum(gaps[:number], timedelta(0)) for number in range(len(gaps) + 1)]
    reminded: Counter[date] = Counter()
    for now, due in walk(way, ticks, runs_from):
        assert runs_from <= due.due_at <= now
        if due.step.startswith("remind") and due.overtaken_by is None:
            reminded[due.week] += 1
            cutoff = next(step.due_at for step in steps_of(due.week, way) if step.step == "close")
            assert now < cutoff
    assert all(times <= 2 for times in reminded.values())


@given(ways, moments)
def test_the_steps_of_neighbouring_weeks_follow_each_other(way: Habits, begin: datetime) -> None:
    week = monday_of(begin.date())
    for earlier, later in pairwise(week + number * WEEK for number in range(6)):
        if (before := steps_of(earlier, way)) and (after := steps_of(later, way)):
            assert before[0].due_at < after[0].due_at
            assert before[-1].due_at <= after[-1].due_at


@each_row("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_clock_of_every_minute_takes_each_step_at_its_minute(zone: str) -> None:
    way, begin = habits(zone=zone), datetime(2026, 10, 26, tzinfo=UTC)  # clocks go back on Nov 1
    ticks = [begin + number * timedelta(minutes=15) for number in range(14 * 96)]
    for now, due in walk(way, ticks, begin):
        assert now - due.due_at < timedelta(minutes=15)
        assert due.overtaken_by is None

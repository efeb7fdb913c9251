"""China's announced plans, plain weekdays without a plan, and wall clock times as moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from projects.weeks import monday_of
from projects.workdays import DaysOff, WorkCalendar, days_by_law, moment
from tests.tables import each_row

CHINA, WEEKDAYS = WorkCalendar("china"), WorkCalendar("weekdays")
NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
# No plan reaches that far, whichever version of the package is installed.
FAR = 2090

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
calendars = st.builds(
    WorkCalendar,
    st.sampled_from(["china", "weekdays"]),
    st.dictionaries(st.dates(date(2023, 12, 1), date(2024, 12, 31)), st.booleans(), max_size=40),
)


@each_row(
    ("day", "is_working"),
    [
        (date(2024, 6, 10), False),  # 端午, a Monday
        (date(2024, 9, 14), True),  # a Saturday worked for 中秋
        (date(2024, 9, 29), True),  # a Sunday worked for 国庆
        (date(2024, 10, 1), False),
        (date(2024, 6, 19), True),
        (date(2024, 6, 22), False),
    ],
)
def test_china_works_as_announced(day: date, is_working: bool) -> None:
    assert CHINA.is_working(day) is is_working
    assert WEEKDAYS.is_working(day) is (day.weekday() < 5)


@each_row(
    ("week", "last"),
    [
        (date(2024, 6, 17), date(2024, 6, 21)),
        (date(2024, 9, 9), date(2024, 9, 14)),  # Saturday
        (date(2024, 9, 23), date(2024, 9, 29)),  # Sunday
        (date(2025, 9, 29), date(2025, 9, 30)),  # Tuesday before 国庆
        (date(2023, 10, 2), date(2023, 10, 8)),  # 国庆 until Friday, then both days made up
        (date(2024, 2, 12), date(2024, 2, 18)),  # 春节 until Saturday
    ],
)
def test_the_last_working_day_of_a_week(week: date, last: date) -> None:
    assert CHINA.last_of(week) == last


def test_a_week_without_a_working_day() -> None:
    week = date(2024, 6, 17)
    closed = {week + number * DAY: False for number in range(5)}
    assert WorkCalendar("weekdays", closed).last_of(week) is None
    assert WorkCalendar("weekdays", closed).before(week + 5 * DAY) == date(2024, 6, 14)


def test_the_working_day_before_a_holiday() -> None:
    assert CHINA.before(date(2024, 10, 8)) == date(2024, 9, 30)
    assert CHINA.before(date(2024, 9, 30)) == date(2024, 9, 29)


def test_of_a_year_without_a_plan_only_what_the_law_fixes_is_free() -> None:
    assert CHINA.is_announced(2024)
    assert not CHINA.is_announced(FAR)
    assert not CHINA.is_announced(2003)
    assert WEEKDAYS.is_announced(FAR)
    free = days_by_law(FAR)
    assert {date(FAR, 1, 1), date(FAR, 5, 1), date(FAR, 10, 3)} <= free.keys()
    first = date(FAR, 1, 1)
    for day in (first + number * DAY for number in range(365)):
        assert CHINA.is_working(day) is (day.weekday() < 5 and day not in free)
        assert WEEKDAYS.is_working(day) is (day.weekday() < 5)


def test_the_days_of_2027_that_the_law_fixes() -> None:
    names = {
        (1, 1): "元旦",
        (2, 5): "农历除夕",
        **dict.fromkeys([(2, 6), (2, 7), (2, 8)], "春节"),
        (4, 5): "清明节",
        **dict.fromkeys([(5, 1), (5, 2)], "劳动节"),
        (6, 9): "端午节",
        (9, 15): "中秋节",
        **dict.fromkeys([(10, 1), (10, 2), (10, 3)], "国庆节"),
    }
    days = days_by_law(2027)
    assert {(day.month, day.day): name for day, name in days.items()} == names
    assert days_by_law(2027, "en_US")[date(2027, 4, 5)] == "Tomb-Sweeping Day"


@each_row("year", range(2004, 2027))
def test_what_the_law_fixes_was_free_in_every_year_that_was_announced(year: int) -> None:
    """But where a plan said otherwise: the days themselves were never worked."""
    assert not [day for day in days_by_law(year) if CHINA.is_working(day)]


@each_row("year", [1, 1949, 2100, 9999])
def test_no_year_is_too_far(year: int) -> None:
    assert CHINA.is_working(date(year, 3, 5)) is (date(year, 3, 5).weekday() < 5)


@each_row(
    ("today", "exceptions", "missing"),
    [
        (date(2026, 11, 19), {}, None),
        (date(FAR - 1, 1, 1), {}, FAR - 1),
        (date(FAR - 1, 11, 19), {date(FAR - 1, 5, 1): True}, None),
        (date(FAR - 1, 11, 20), {date(FAR - 1, 5, 1): True}, FAR),
        (date(FAR - 1, 12, 31), {date(FAR - 1, 5, 1): True, date(FAR, 2, 3): False}, None),
        (date(2023, 12, 31), {}, None),
    ],
)
def test_the_plan_that_should_be_known_and_is_not(
    today: date, exceptions: dict[date, bool], missing: int | None
) -> None:
    assert WorkCalendar("china", exceptions).missing_plan(today) == missing
    assert WorkCalendar("weekdays", exceptions).missing_plan(today) is None


@given(calendars, days)
def test_exceptions_override_the_calendar(calendar: WorkCalendar, day: date) -> None:
    plain = WorkCalendar(calendar.kind)
    assert calendar.is_working(day) is calendar.exceptions.get(day, plain.is_working(day))


@given(calendars, days)
def test_last_of_and_before_find_the_nearest_working_day(calendar: WorkCalendar, day: date) -> None:
    week = monday_of(day)
    worked = [
        day_of_week
        for day_of_week in (week + n * DAY for n in range(7))
        if calendar.is_working(day_of_week)
    ]
    assert calendar.last_of(week) == (worked[-1] if worked else None)
    before = calendar.before(day)
    assert calendar.is_working(before)
    between = range(1, (day - before).days)
    assert not any(calendar.is_working(before + number * DAY) for number in between)


@each_row(
    ("day", "at", "utc"),
    [
        (date(2024, 3, 8), time(16), datetime(2024, 3, 8, 21, tzinfo=UTC)),
        (date(2024, 3, 11), time(16), datetime(2024, 3, 11, 20, tzinfo=UTC)),
        # Left out: read with the offset before, so clocks show 03:30.
        (date(2024, 3, 10), time(2, 30), datetime(2024, 3, 10, 7, 30, tzinfo=UTC)),
        # Twice: the first.
        (date(2024, 11, 3), time(1, 30), datetime(2024, 11, 3, 5, 30, tzinfo=UTC)),
        (date(2024, 11, 3), time(1, 30, fold=1), datetime(2024, 11, 3, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_when_clocks_change(day: date, at: time, utc: datetime) -> None:
    assert moment(day, at, NEW_YORK) == utc


@each_row("kind", ["china", "weekdays"])
def test_without_exceptions_a_working_day_is_never_far(kind: DaysOff) -> None:
    """The longest holiday since 2004 was that of early 2020, ten days."""
    calendar, day = WorkCalendar(kind), date(2004, 2, 1)
    while day < date(2026, 12, 31):
        assert day - calendar.before(day) <= 11 * DAY
        day += DAY

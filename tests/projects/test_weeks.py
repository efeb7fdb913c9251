"""Week numbers of both numberings, over all the weeks of a century."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import weeks
from projects.weeks import Numbering
from tests.tables import each_row

NUMBERINGS: tuple[Numbering, ...] = ("iso", "calendar")
MONDAYS = [date(1999, 12, 27) + number * weeks.WEEK for number in range(5271)]

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
years = st.integers(2000, 2100)
numberings = st.sampled_from(NUMBERINGS)


@given(days, numberings)
def test_a_label_leads_back_to_its_week(day: date, numbering: Numbering) -> None:
    monday = weeks.monday_of(day)
    label = weeks.label(monday, numbering)
    assert weeks.parse(label, numbering) == monday
    assert weeks.label(weeks.parse(label, numbering), numbering) == label


@given(days, numberings)
def test_any_day_leads_to_its_week(day: date, numbering: Numbering) -> None:
    monday = weeks.parse(day.isoformat(), numbering)
    assert weeks.is_monday(monday)
    assert monday <= day <= weeks.last_day(monday) == monday + timedelta(days=6)


@given(days)
def test_iso_numbers_equal_those_of_the_standard_library(day: date) -> None:
    year, number, _ = day.isocalendar()
    assert weeks.year_and_number(weeks.monday_of(day), "iso") == (year, number)


@given(days)
def test_the_numberings_are_at_most_a_week_apart(day: date) -> None:
    monday = weeks.monday_of(day)
    iso = weeks.monday_of_number(*weeks.year_and_number(monday, "iso"), "iso")
    year, number = weeks.year_and_number(monday, "calendar")
    try:
        as_iso = weeks.monday_of_number(year, number, "iso")
    except ValueError:  # calendar week 53 of a year that has 52 ISO weeks
        as_iso = weeks.monday_of_number(year + 1, 1, "iso")
    assert abs(as_iso - iso) <= weeks.WEEK


@each_row("numbering", NUMBERINGS)
def test_consecutive_weeks_number_consecutively(numbering: Numbering) -> None:
    numbers = [weeks.year_and_number(monday, numbering) for monday in MONDAYS]
    for (year, number), (next_year, next_number) in pairwise(numbers):
        assert (next_year, next_number) in {(year, number + 1), (year + 1, 1)}
    assert len(set(numbers)) == len(numbers)


@given(years)
def test_calendar_week_one_holds_new_year(year: int) -> None:
    monday = weeks.monday_of_number(year, 1, "calendar")
    assert monday <= date(year, 1, 1) <= weeks.last_day(monday)


@given(years)
def test_iso_week_one_holds_january_fourth(year: int) -> None:
    monday = weeks.monday_of_number(year, 1, "iso")
    assert monday <= date(year, 1, 4) <= weeks.last_day(monday)


@given(years, st.integers(-3, 60), numberings)
def test_a_year_has_52_or_53_weeks_and_no_others(
    year: int, number: int, numbering: Numbering
) -> None:
    try:
        monday = weeks.monday_of_number(year, number, numbering)
    except ValueError:
        assert number < 1 or number >= 53
    else:
        assert 1 <= number <= 53
        assert weeks.year_and_number(monday, numbering) == (year, number)


@each_row(
    ("day", "iso", "calendar"),
    [
        (date(2023, 4, 14), "2023-W15", "2023-W16"),
        (date(2024, 6, 20), "2024-W25", "2024-W25"),
        (date(2024, 12, 30), "2025-W01", "2025-W01"),
        (date(2024, 12, 29), "2024-W52", "2024-W52"),
        (date(2021, 1, 1), "2020-W53", "2021-W01"),
        (date(2022, 12, 31), "2022-W52", "2023-W01"),
        (date(2023, 12, 31), "2023-W52", "2023-W53"),
        (date(2028, 1, 1), "2027-W52", "2028-W01"),
    ],
)
def test_known_weeks(day: date, iso: str, calendar: str) -> None:
    monday = weeks.monday_of(day)
    assert weeks.label(monday) == weeks.label(monday, "iso") == iso
    assert weeks.label(monday, "calendar") == calendar


@each_row(
    ("text", "numbering"),
    [
        ("2023-W53", "iso"),  # 2023 has 52 ISO weeks
        ("2024-W53", "calendar"),  # it would hold 2025-01-01
        ("2024-W54", "calendar"),
        ("2024-W00", "iso"),
        ("2024-W00", "calendar"),
        ("2024-02-30", "iso"),
        ("W25", "iso"),
        ("", "iso"),
        ("next week", "calendar"),
    ],
)
def test_a_week_that_does_not_exist_is_an_error(text: str, numbering: Numbering) -> None:
    with pytest.raises(ValueError, match=r"."):
        weeks.parse(text, numbering)


@each_row("text", ["2024-W25", "2024-w25", " 2024W25 ", "2024 W25", "2024-06-23"])
def test_labels_and_dates_are_read(text: str) -> None:
    assert weeks.parse(text) == date(2024, 6, 17)


@each_row("numbering", NUMBERINGS)
@each_row("text", ["", "W25", "2024-W00", "2024-W54", "9999-W99", "0000-W01", "9999-12-31", "周"])
def test_malformed_and_extreme_labels_are_errors(text: str, numbering: Numbering) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  its words are those of whoever refused
        weeks.parse(text, numbering)


def test_a_week_is_judged_by_its_friday_at_the_latest() -> None:
    week = date(2024, 6, 17)
    assert weeks.friday(week) == date(2024, 6, 21)
    assert weeks.judged_on(week, date(2024, 6, 19)) == date(2024, 6, 19)
    assert weeks.judged_on(week, date(2024, 6, 22)) == date(2024, 6, 21)
    assert weeks.judged_on(week, date(2025, 1, 1)) == date(2024, 6, 21)


# --- cycles -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Days:
    starts_on: date
    ends_on: date


H1, H2 = Days(date(2026, 1, 1), date(2026, 6, 30)), Days(date(2026, 7, 1), date(2026, 12, 31))
Q3, Q4 = Days(date(2026, 7, 1), date(2026, 9, 30)), Days(date(2026, 10, 1), date(2026, 12, 31))
LATE = Days(date(2026, 9, 9), date(2026, 9, 10))  # a Wednesday and a Thursday


@each_row(
    ("week", "cycles", "expected"),
    [
        (date(2026, 6, 29), (H2, H1), H1),  # 30 June is a Tuesday
        (date(2026, 7, 6), (H2, H1), H2),
        (date(2026, 9, 28), (Q3, Q4), Q3),  # its Friday is 2 October
        (date(2026, 10, 5), (Q3, Q4), Q4),
        (date(2025, 12, 29), (H1, H2), H1),  # none before it: 1 January is not lost
        (date(2025, 12, 22), (H1, H2), None),
        (date(2026, 9, 7), (H1, LATE), LATE),  # after a gap
        (date(2026, 8, 31), (H1, LATE), None),  # in it
        (date(2026, 9, 14), (H1, LATE), None),
        (date(2026, 6, 29), (), None),
    ],
)
def test_a_week_belongs_to_the_cycle_that_holds_its_monday(
    week: date, cycles: tuple[Days, ...], expected: Days | None
) -> None:
    assert weeks.cycle_of(week, cycles) == expected


@each_row(
    ("cycle", "cycles", "first", "last"),
    [
        (H1, (H1, H2), date(2025, 12, 29), date(2026, 6, 29)),
        (H2, (H1, H2), date(2026, 7, 6), date(2026, 12, 28)),
        (H2, (H2,), date(2026, 6, 29), date(2026, 12, 28)),
        (Q3, (H1, Q4, Q3), date(2026, 7, 6), date(2026, 9, 28)),
        (LATE, (H1, LATE), date(2026, 9, 7), date(2026, 9, 7)),
    ],
)
def test_the_first_and_the_last_week_of_a_cycle(
    cycle: Days, cycles: tuple[Days, ...], first: date, last: date
) -> None:
    assert (weeks.first_week_of(cycle, cycles), weeks.last_week_of(cycle)) == (first, last)


@st.composite
def rows_of_cycles(draw: st.DrawFn) -> list[Days]:
    """Cycles one after the other, adjacent or with gaps, of a few days to half a year."""
    day, cycles = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))), []
    for _ in range(draw(st.integers(1, 6))):
        starts_on = day + timedelta(days=draw(st.sampled_from((0, 0, 0, 1, 5, 40))))
        ends_on = starts_on + timedelta(days=draw(st.integers(0, 190)))
        cycles.append(Days(starts_on, ends_on))
        day = ends_on + timedelta(days=1)
    return cycles


@given(rows_of_cycles(), st.randoms(use_true_random=False))
def test_no_day_of_a_cycle_is_lost_and_no_week_is_counted_twice(
    cycles: list[Days], random: Random
) -> None:
    random.shuffle(cycles)
    weeks_of: dict[Days, list[date]] = {cycle: [] for cycle in cycles}
    week = weeks.monday_of(min(cycle.starts_on for cycle in cycles))
    while week <= max(cycle.ends_on for cycle in cycles):
        owner = weeks.cycle_of(week, cycles)
        holding = [c for c in cycles if c.starts_on <= week <= c.ends_on]
        assert not holding or [owner] == holding
        # Days of the week lie in a cycle: then the week counts for one.
        has_days = any(c.starts_on <= weeks.last_day(week) and week <= c.ends_on for c in cycles)
        assert (owner is not None) == has_days
        if owner:
            weeks_of[owner].append(week)
        week += weeks.WEEK
    for cycle, own in weeks_of.items():
        if own:
            ends = weeks.first_week_of(cycle, cycles), weeks.last_week_of(cycle)
            assert (own[0], own[-1]) == ends
            assert len(own) == (ends[1] - ends[0]) // weeks.WEEK + 1
        else:
            assert weeks.first_week_of(cycle, cycles) > weeks.last_week_of(cycle)

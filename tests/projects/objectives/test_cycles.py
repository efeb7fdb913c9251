"""Which cycle holds a day and which comes next; then how cycles are made and changed."""

from __future__ import annotations

from datetime import date

import pytest

from projects import weeks
from projects.models import AuditRecord, Cycle, Team, WeekFacts
from projects.objectives import cycles
from projects.objectives.cycles import (
    CycleInUse,
    CycleNameTaken,
    CycleOverlaps,
    Period,
    end_of,
    following,
    quarter,
)
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import WEEK, make_cycle, make_objective, make_team
from tests.tables import each_row

H1 = Period("2024H1", date(2024, 1, 1), date(2024, 6, 30))
H2 = Period("2024H2", date(2024, 7, 1), date(2024, 12, 31))


@each_row(
    ("day", "expected"),
    [
        (date(2024, 1, 1), (date(2024, 1, 1), date(2024, 3, 31), "2024Q1")),
        (date(2024, 6, 30), (date(2024, 4, 1), date(2024, 6, 30), "2024Q2")),
        (date(2024, 12, 31), (date(2024, 10, 1), date(2024, 12, 31), "2024Q4")),
    ],
)
def test_the_quarter_of_a_day(day: date, expected: tuple[date, date, str]) -> None:
    assert quarter(day) == expected


@each_row(
    ("last", "expected"),
    [
        (None, H1),
        (H1, H2),
        (H2, Period("2025H1", date(2025, 1, 1), date(2025, 6, 30))),
        # What would be over before today is not proposed.
        (Period("2023H1", date(2023, 1, 1), date(2023, 6, 30)), H1),
        (
            Period("2023Q2", date(2023, 4, 1), date(2023, 6, 30)),
            Period("2024Q2", date(2024, 4, 1), date(2024, 6, 30)),
        ),
        (
            Period("Q4", date(2024, 10, 1), date(2024, 12, 31)),
            Period("2025Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ),
        # One that ended early is followed by the rest of the half-year.
        (
            Period("试行", date(2024, 1, 8), date(2024, 5, 5)),
            Period("2024H1", date(2024, 5, 6), date(2024, 6, 30)),
        ),
    ],
)
def test_what_comes_next(last: Period | None, expected: Period) -> None:
    assert following(last, date(2024, 6, 19)) == expected


def test_a_name_is_not_proposed_twice() -> None:
    assert following(H1, date(2024, 6, 19), ["2024H2", "2024H2-2"]).name == "2024H2-3"


def test_the_cycle_that_is_shown() -> None:
    first = Cycle(starts_on=H1.starts_on, ends_on=date(2024, 5, 31))
    second = Cycle(starts_on=H2.starts_on, ends_on=H2.ends_on)
    both = [second, first]
    assert cycles.shown(both, WEEK) is first  # between the two
    assert cycles.shown(both, date(2024, 7, 1)) is second
    assert cycles.shown(both, date(2023, 1, 2)) is first
    assert cycles.shown([], WEEK) is None


@each_row(
    ("today", "days_left"),
    [
        (date(2024, 6, 15), None),
        (date(2024, 6, 16), 14),
        (date(2024, 6, 30), 0),
        (date(2024, 7, 1), -1),
        (date(2025, 7, 1), -366),
    ],
)
def test_the_end_of_the_last_cycle_is_spoken_of_from_two_weeks_before(
    today: date, days_left: int | None
) -> None:
    before = Period("2023H2", date(2023, 7, 1), date(2023, 12, 31))
    end = end_of([H1, before], today)
    assert (end and end.days_left) == days_left
    if end and today.year == 2024:
        assert (end.name, end.following, end.is_over) == ("2024H1", H2, today > H1.ends_on)
        assert (end.announced_in, end.last_week) == (date(2024, 6, 10), date(2024, 6, 24))


def test_no_end_is_spoken_of_where_a_cycle_follows_or_the_last_one_is_history() -> None:
    today = date(2024, 7, 9)
    later = Period("2024Q4", date(2024, 10, 1), date(2024, 12, 31))
    assert end_of([H1, later], today) is None
    assert end_of([], today) is None
    assert end_of([H1], today, date(2024, 7, 1)) is None
    assert end_of([H1], today, date(2024, 6, 24)) is not None


@pytest.fixture
def team(db: None, now: None) -> Team:
    return make_team()


def test_the_database_says_of_each_week_what_the_rule_says(team: Team) -> None:
    periods = [
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 29)),
        (date(2026, 4, 15), date(2026, 4, 16)),
        (date(2026, 4, 18), date(2026, 6, 30)),
    ]
    all_cycles = [make_cycle(team, f"{first}", first, last) for first, last in periods]
    make_cycle(make_team("other"), "全部", date(2025, 1, 1), date(2026, 12, 31))
    for number in range(-2, 45):
        week = date(2025, 9, 29) + number * ONE_WEEK
        of_week = Cycle.objects.of_week(team, week).first()
        assert of_week == weeks.cycle_of(week, all_cycles), week


def test_a_cycle_is_made_and_written_down(team: Team) -> None:
    cycle = cycles.create(team, H1, by=None)
    assert (cycle.name, cycle.starts_on, cycle.ends_on) == ("2024H1", H1.starts_on, H1.ends_on)
    assert AuditRecord.objects.get().after["ends_on"] == "2024-06-30"
    # The week's page has objectives from now on; weeks that nobody knows are not made up.
    known_weeks = set(WeekFacts.objects.values_list("week", flat=True))
    assert known_weeks == {WEEK, WEEK + ONE_WEEK}


def test_overlaps_and_names_are_refused(team: Team) -> None:
    other = make_cycle(team)
    with pytest.raises(CycleOverlaps) as refused:
        cycles.create(team, Period("新", date(2024, 6, 30), date(2024, 12, 31)), by=None)
    assert refused.value.other == other
    with pytest.raises(CycleNameTaken):
        cycles.create(team, Period("2024H1", H2.starts_on, H2.ends_on), by=None)
    later = cycles.create(team, H2, by=None)
    with pytest.raises(CycleOverlaps):
        cycles.change(other, Period("2024H1", H1.starts_on, date(2024, 7, 1)), by=None)
    assert (
        cycles.change(later, Period("下半年", H2.starts_on, H2.ends_on), by=None).name == "下半年"
    )


def test_other_dates_make_the_pages_stale_since_the_earlier_beginning(team: Team) -> None:
    cycle = make_cycle(team)
    for week in (date(2023, 12, 18), date(2024, 1, 8), WEEK):
        WeekFacts.objects.create(team=team, week=week, revision=1)
    cycles.change(cycle, Period("2024H1", date(2024, 2, 1), H1.ends_on), by=None)
    revisions = dict(WeekFacts.objects.values_list("week", "revision"))
    assert (revisions[date(2023, 12, 18)], revisions[date(2024, 1, 8)], revisions[WEEK]) == (
        1,
        2,
        2,
    )


def test_nothing_changed_is_no_news(team: Team) -> None:
    cycles.change(make_cycle(team), H1, by=None)
    assert not AuditRecord.objects.exists()
    assert not WeekFacts.objects.exists()


def test_only_a_cycle_without_objectives_can_be_taken_back(team: Team) -> None:
    cycle = make_cycle(team)
    make_objective(cycle)
    with pytest.raises(CycleInUse):
        cycles.delete(cycle, by=None)
    cycle.objectives.all().delete()
    cycles.delete(cycle, by=None)
    assert not Cycle.objects.exists()

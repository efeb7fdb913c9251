from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.history.timeline import DueDate, Happening, Plan, Point, Timeline
from projects.weeks import WEEK, friday

MONDAY = date(2024, 6, 17)
TODAY = date(2024, 6, 19)


def points(*percents: int) -> tuple[Point, ...]:
    begin = MONDAY - WEEK * (len(percents) - 1)
    return tuple(Point(begin + n * WEEK, Decimal(value)) for n, value in enumerate(percents))


def test_a_past_week_stands_on_its_friday_and_this_one_on_today() -> None:
    timeline = Timeline(TODAY)
    assert timeline.day_of(MONDAY - WEEK) == friday(MONDAY - WEEK)
    assert timeline.day_of(MONDAY) == TODAY


def test_the_plan_leads_from_the_first_percent_to_the_first_date() -> None:
    due_dates = (
        DueDate(MONDAY - WEEK, date(2024, 6, 24), "day"),
        DueDate(MONDAY, date(2024, 7, 31), "day"),
    )
    plan = Timeline(TODAY, points(20, 30), due_dates).plan
    assert plan == Plan(date(2024, 6, 14), Decimal(20), date(2024, 6, 24))
    assert plan.on(date(2024, 6, 19)) == 60
    assert plan.on(date(2024, 1, 1)) == 20
    assert plan.on(date(2025, 1, 1)) == 100


def test_without_a_percent_the_plan_begins_at_the_start() -> None:
    due = (DueDate(MONDAY, date(2024, 7, 31), "day"),)
    plan = Timeline(TODAY, due_dates=due, started_on=date(2024, 6, 1)).plan
    assert plan == Plan(date(2024, 6, 1), Decimal(0), date(2024, 7, 31))


def test_there_is_no_plan_without_a_date_ahead() -> None:
    assert Timeline(TODAY, points(20)).plan is None
    assert Timeline(TODAY, due_dates=(DueDate(MONDAY, date(2024, 7, 1), "day"),)).plan is None
    past = (DueDate(MONDAY, date(2024, 5, 1), "day"),)
    assert Timeline(TODAY, points(20), past).plan is None


def test_only_what_moves_later_is_a_slip() -> None:
    days = (date(2024, 7, 1), date(2024, 7, 20), date(2024, 7, 10), date(2024, 7, 31))
    due_dates = tuple(DueDate(MONDAY, day, "day") for day in days)
    timeline = Timeline(TODAY, due_dates=due_dates)
    assert timeline.slips == 2
    assert timeline.due == due_dates[-1]


def test_each_week_tells_what_it_adds_the_newest_first() -> None:
    first = DueDate(MONDAY - 2 * WEEK, date(2024, 7, 1), "day")
    moved = DueDate(MONDAY, date(2024, 7, 31), "day", "专线晚到")
    incident = Happening(date(2024, 6, 16), "回调超时", "C")
    timeline = Timeline(TODAY, points(20, 15), (first, moved), (incident,))
    weeks = timeline.by_week()
    assert [week.week for week in weeks] == [MONDAY, MONDAY - WEEK, MONDAY - 2 * WEEK]
    newest, before, oldest = weeks
    assert (newest.percent, newest.change, newest.due_dates) == (15, -5, ((first, moved),))
    assert (before.percent, before.change, before.incidents) == (20, None, (incident,))
    assert (oldest.percent, oldest.planned, oldest.due_dates) == (None, None, ((None, first),))
    assert before.planned == 20
    assert newest.planned is not None
    assert newest.planned > 20


def test_nothing_known_is_nothing_to_draw() -> None:
    assert not Timeline(TODAY, started_on=date(2024, 1, 1))
    assert Timeline(TODAY, points(1))

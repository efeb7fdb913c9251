from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from reports.weekly import states
from reports.weekly.rows import KeyResultRow, ReadingRow
from reports.weekly.states import entry_of, objective_of
from tests.reports.weekly.builders import (
    AT,
    FRIDAY,
    WEEK,
    drop,
    entry,
    milestone,
    move,
    objective,
    project,
    reading,
    week_rows,
    weeks_ago,
)
from tests.tables import each_row


def test_the_change_is_since_the_last_known_percent() -> None:
    made = entry_of(project(entry=entry(percent=85), last_percent=Decimal(80)), WEEK)
    assert (made.percent, made.last_percent) == (Decimal(85), Decimal(80))
    assert made.change == Decimal(5)
    first = entry_of(project(entry=entry(percent=85)), WEEK)
    assert (first.last_percent, first.change) == (None, None)


def test_the_milestones_percent_is_printed_when_the_lead_gave_none() -> None:
    row = entry(weighted_percent=Decimal("44.40"))
    assert entry_of(project(entry=row), WEEK).percent == Decimal("44.40")


def test_a_silent_project_shows_what_was_last_known() -> None:
    last = entry("刷数中", 98, week=weeks_ago(2), health="at_risk", stage="研发", risks="磁盘")
    silent = entry_of(project(previous=last, last_percent=Decimal(98)), WEEK)
    assert not silent.is_updated
    assert (silent.text, silent.last_text) == ("", "刷数中")
    assert (silent.percent, silent.change, silent.health) == (Decimal(98), None, "at_risk")
    assert (silent.stage, silent.risks) == ("研发", "磁盘")
    assert (silent.last_week, silent.weeks_silent) == (weeks_ago(2), 2)


def test_a_project_that_was_never_reported_says_nothing() -> None:
    never = entry_of(project(), WEEK)
    assert not never.is_updated
    assert (never.health, never.percent, never.last_week, never.last_reported_on) == (
        "",
        None,
        None,
        None,
    )


@each_row(
    ("source", "reported_at", "day"),
    [
        ("reported", datetime(2024, 6, 12, 9, tzinfo=AT.tzinfo), date(2024, 6, 12)),
        ("reported", datetime(2024, 6, 25, 9, tzinfo=AT.tzinfo), date(2024, 6, 16)),
        ("imported", datetime(2026, 1, 1, tzinfo=AT.tzinfo), date(2024, 6, 14)),
    ],
)
def test_the_day_of_the_last_entry(source: str, reported_at: datetime, day: date) -> None:
    last = entry(week=weeks_ago(1), source=source, reported_at=reported_at)
    assert entry_of(project(previous=last), WEEK).last_reported_on == day


def test_slips_are_those_of_the_open_milestone_that_is_due_last() -> None:
    june, july, august = date(2024, 6, 30), date(2024, 7, 15), date(2024, 8, 15)
    moves = (move(june, july, weeks_ago(3)), move(july, august, reason="等银联入网"))
    slipped = milestone("入网", 60, august, first_due_on=june, first_precision="part", moves=moves)
    done = milestone("割接", 100, date(2024, 12, 1), is_closed=True)
    made = entry_of(
        project(entry=entry(), milestones=(done, milestone(due_on=july), slipped)), WEEK
    )
    assert (made.due_on, made.first_due_on, made.slips, made.slip_days) == (august, june, 2, 46)
    assert made.first_precision == "part"
    (of_this_week,) = made.moves
    assert (of_this_week.days, of_this_week.number, of_this_week.reason) == (31, 2, "等银联入网")


def test_a_date_that_came_nearer_is_no_slip() -> None:
    june, july = date(2024, 6, 30), date(2024, 7, 15)
    nearer = milestone(due_on=june, first_due_on=july, moves=(move(july, june),))
    made = entry_of(project(entry=entry(), milestones=(nearer,)), WEEK)
    assert (made.slips, made.slip_days, made.moves[0].days) == (0, 0, -15)


def test_when_all_milestones_are_closed_the_last_date_stays() -> None:
    closed = milestone(percent=100, due_on=FRIDAY, is_closed=True)
    assert entry_of(project(entry=entry(), milestones=(closed,)), WEEK).due_on == FRIDAY


def test_a_dropped_milestone_is_not_the_date_that_counts() -> None:
    july = date(2024, 7, 15)
    dropped = milestone("海外版", 20, date(2024, 12, 1), is_closed=True)
    done = milestone("割接", 100, july, is_closed=True)
    assert entry_of(project(entry=entry(), milestones=(done, dropped)), WEEK).due_on == july
    assert entry_of(project(entry=entry(), milestones=(dropped,)), WEEK).due_on is None


def test_reasons_of_drops_are_said_once() -> None:
    fallen = tuple(
        milestone(n, percent_changes=(drop(60, 40, "返工"), drop(40, 50, "补测"))) for n in "ab"
    )
    assert entry_of(project(entry=entry(), milestones=fallen), WEEK).drop_reason == "返工"


def test_a_paused_project_owes_nothing() -> None:
    paused = entry(week=weeks_ago(1), health="paused")
    assert not entry_of(project(previous=paused), WEEK).is_owed
    assert not entry_of(project(entry=entry(health="paused"), previous=paused), WEEK).is_owed
    assert entry_of(project(previous=entry(week=weeks_ago(1))), WEEK).is_owed
    assert entry_of(project(), WEEK).is_owed


def test_a_project_closed_in_the_week_owes_nothing() -> None:
    row = project(previous=entry(week=weeks_ago(1)))
    closed = replace(row, closed_on=WEEK, close_reason="已移交")
    made = entry_of(closed, WEEK)
    assert (made.is_owed, made.closed_on, made.close_reason) == (False, WEEK, "已移交")


def test_the_last_known_percent_is_carried_into_an_entry_without_one() -> None:
    row = project(entry=entry(percent=None), last_percent=Decimal(40))
    made = entry_of(row, WEEK)
    assert (made.percent, made.change, made.is_carried) == (Decimal(40), None, True)
    assert made.told_percent is None
    reported = entry_of(project(entry=entry(percent=40), last_percent=Decimal(40)), WEEK)
    assert (reported.percent, reported.change, reported.is_carried) == (
        Decimal(40),
        Decimal(0),
        False,
    )


def test_a_silent_week_shows_the_mark_of_the_latest_entry() -> None:
    silent = project(previous=entry(week=weeks_ago(1), percent=None), last_percent=Decimal(40))
    assert entry_of(replace(silent, last_percent_week=weeks_ago(2)), WEEK).is_carried
    assert not entry_of(replace(silent, last_percent_week=weeks_ago(1)), WEEK).is_carried


def test_the_objective_is_the_entrys_own() -> None:
    rows = week_rows(objectives=(objective(), objective("O2", pk=2)))
    assert objective_of(project(entry=entry(objective_id=2)), rows) == 2
    assert objective_of(project(entry=entry(objective_id=None)), rows) is None
    moved_on = project(previous=entry(week=weeks_ago(1), objective_id=2), objective_id=77)
    assert objective_of(moved_on, rows) == 2
    assert objective_of(project(), rows) == 1


@each_row(
    ("row", "change", "is_better", "misses"),
    [
        (
            reading(value="99.98", last_value=Decimal("99.99"), target=Decimal("99.98")),
            "-0.01",
            False,
            False,
        ),
        (reading(value="99.97", target=Decimal("99.98")), None, None, True),
        (
            reading(value="5", last_value=Decimal(7), target=Decimal(4), direction="down"),
            "-2",
            True,
            True,
        ),
        (
            reading(value="4", last_value=Decimal(4), target=Decimal(4), direction="down"),
            "0",
            None,
            False,
        ),
        (reading(value=None, last_value=Decimal(4), target=Decimal(4)), None, None, False),
    ],
)
def test_metrics(row: ReadingRow, change: str | None, is_better: bool | None, misses: bool) -> None:
    ((_, state),) = states.metrics([row])
    assert state.change == (None if change is None else Decimal(change))
    assert (state.is_better, state.misses_target) == (is_better, misses)


def test_a_line_with_several_numbers_is_told_once() -> None:
    line = "入金 99.99%，出金 99.98%"
    first = reading("入金", text=line, position=7)
    second = reading("出金", "99.98", position=7)
    typed_here = reading("可用性")
    is_told = {
        state.metric: state.is_told for _, state in states.metrics([second, first, typed_here])
    }
    assert is_told == {"入金": False, "出金": True, "可用性": False}


@each_row(
    ("baseline", "target", "value", "score"),
    [(0, 60, 40, "0.67"), (0, 60, 90, "1.00"), (0, 60, -5, "0.00"), (20, 10, 15, "0.50")],
)
def test_key_results_are_scored(baseline: int, target: int, value: int, score: str) -> None:
    row = KeyResultRow("AI初审占比", "%", Decimal(baseline), Decimal(target), Decimal(value))
    assert states.key_result(row).score == Decimal(score)


def test_a_key_result_without_a_reading_has_no_score() -> None:
    assert states.key_result(KeyResultRow("占比", "%", Decimal(0), Decimal(1), None)).score is None


@each_row(
    ("value", "score"),
    [("0.85", "0.00"), ("0.90", "0.00"), ("0.815", "0.50"), ("0.78", "1.00"), ("0.5", "1.00")],
)
def test_a_key_result_on_a_falling_number_scores_from_0_to_1(value: str, score: str) -> None:
    row = KeyResultRow("单笔成本", "元", Decimal("0.85"), Decimal("0.78"), Decimal(value))
    assert str(states.key_result(row).score) == score

"""What changed on a project, since last week or since another. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.dashboard.overview import dashboard_of
from reports.weekly.comparison import with_last_week, with_week
from reports.weekly.document import Block as PageBlock
from reports.weekly.document import IncidentCountState, MilestoneState, Move, PageSection
from reports.weekly.sections import Kind
from tests.reports.dashboard.test_overview import entry, page
from tests.tables import each_row

JULY, AUGUST = date(2024, 7, 1), date(2024, 8, 1)


def test_since_last_week_names_no_week() -> None:
    reported = entry(
        "A",
        percent=Decimal(60),
        last_percent=Decimal(55),
        change=Decimal(5),
        last_percent_week=date(2024, 6, 10),
    )
    change = with_last_week(page(reported))(reported)
    assert (change.percent, change.since) == (Decimal(5), None)


def test_over_a_gap_the_week_is_named() -> None:
    reported = entry("A", change=Decimal(5), last_percent_week=date(2024, 5, 20))
    assert with_last_week(page(reported))(reported).since == date(2024, 5, 20)
    silent = entry("A", change=None, last_percent_week=date(2024, 5, 20), is_updated=False)
    assert with_last_week(page(silent))(silent).since is None


def test_since_last_week_the_date_moved_by_this_week_s_moves() -> None:
    moves = (
        Move("一期", JULY, date(2024, 7, 20), "day", 19, 1, "", ""),
        Move("二期", JULY, date(2024, 7, 2), "day", 1, 1, "", ""),
        Move("一期", date(2024, 7, 20), AUGUST, "day", 12, 2, "", ""),
    )
    milestones = (_milestone("二期", date(2024, 7, 2)), _milestone("一期", AUGUST))
    reported = entry("A", due_on=AUGUST, moves=moves, milestones=milestones)
    assert with_last_week(page(reported))(reported).due_days == 31


def test_a_milestone_that_moves_to_the_date_of_the_deciding_one_moves_no_due_date() -> None:
    moves = (Move("二期", JULY, AUGUST, "day", 31, 1, "", ""),)
    milestones = (_milestone("一期", AUGUST), _milestone("二期", AUGUST))
    reported = entry("A", due_on=AUGUST, moves=moves, milestones=milestones)
    assert with_last_week(page(reported))(reported).due_days is None


def _milestone(name: str, due_on: date) -> MilestoneState:
    return MilestoneState(name, Decimal(40), due_on, "day", JULY, 0, 0, is_closed=False)


def test_since_another_week_it_is_what_that_week_s_page_says() -> None:
    before = page(entry("A", project_id=1, percent=Decimal(40), due_on=JULY))
    now = entry("A", project_id=1, percent=Decimal(60), due_on=AUGUST, change=Decimal(5))
    change = with_week(before)(now)
    assert (change.percent, change.due_days, change.since) == (Decimal(20), 31, None)


def test_a_project_that_week_did_not_know_shows_no_change() -> None:
    change = with_week(page(entry("A", project_id=1)))(entry("B", project_id=2, change=Decimal(5)))
    assert (change.percent, change.due_days) == (None, None)


def test_the_objectives_are_compared_with_the_same_week() -> None:
    before = page(entry("A", project_id=1, percent=Decimal(20)))
    now = page(
        entry("A", project_id=1, percent=Decimal(60), last_percent=Decimal(55)),
        entry("B", project_id=2, percent=Decimal(90)),
        last_percent=Decimal(70),
    )
    (card,) = dashboard_of(now).objectives
    assert card.change == Decimal(5)
    (card,) = dashboard_of(now, before).objectives
    assert (card.percent, card.change) == (Decimal(75), Decimal(55))


@each_row(
    ("healths", "expected"),
    [
        # The health of each project, and for how many weeks it has been silent.
        ((("on_track", 0), ("at_risk", 0)), ("at_risk", 0)),
        ((("on_track", 0), ("on_track", 1)), ("on_track", 0)),
        ((("on_track", 0), ("on_track", 7)), ("on_track", 7)),
        ((("at_risk", 0), ("off_track", 7)), ("at_risk", 0)),
        ((("on_track", 7), ("at_risk", 3)), ("at_risk", 3)),
        ((("on_track", 0), ("off_track", 2)), ("off_track", 2)),
        ((("done", 9), ("paused", 9)), ("paused", 0)),
        ((), ("", 0)),
    ],
)
def test_an_objective_is_not_called_well_where_nobody_has_confirmed_it(
    healths: tuple[tuple[str, int], ...], expected: tuple[str, int]
) -> None:
    entries = [
        entry(f"项目{number}", project_id=number, health=health, weeks_silent=silent)
        for number, (health, silent) in enumerate(healths, 1)
    ]
    (card,) = dashboard_of(page(*entries)).objectives
    assert (card.health, card.weeks_silent) == expected


def counted(severity: str, *by_week: tuple[date, str]) -> IncidentCountState:
    history = tuple((week, Decimal(count)) for week, count in by_week)
    return IncidentCountState(severity, history[-1][1], "", history=history)


def test_incidents_are_compared_by_their_total() -> None:
    weeks = date(2024, 6, 3), date(2024, 6, 10), date(2024, 6, 17)
    counts = (
        counted("AB", (weeks[0], "0"), (weeks[1], "1"), (weeks[2], "0")),
        counted("C", (weeks[1], "2"), (weeks[2], "0.5")),
    )
    section = PageSection(Kind.METRICS, "m", "", blocks=(PageBlock(incident_counts=counts),))
    tile = dashboard_of(replace(page(), sections=(section,))).incident_tile
    assert tile is not None
    # The first week counted only one of the two, so it has no total.
    assert tile.history == ((weeks[1], Decimal(3)), (weeks[2], Decimal("0.5")))
    assert (tile.change, tile.is_better) == (Decimal("-2.5"), True)


def test_without_a_count_last_week_there_is_no_change() -> None:
    counts = (counted("C", (date(2024, 6, 17), "1")),)
    section = PageSection(Kind.METRICS, "m", "", blocks=(PageBlock(incident_counts=counts),))
    tile = dashboard_of(replace(page(), sections=(section,))).incident_tile
    assert tile is not None
    assert (tile.change, tile.is_better) == (None, None)
    assert dashboard_of(page()).incident_tile is None

"""What the dashboard makes of a document. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reports.dashboard.overview import dashboard_of
from reports.weekly.document import (
    Block,
    Entry,
    Finished,
    KeyResultState,
    Move,
    PageSection,
    WeeklyDocument,
)
from reports.weekly.sections import Kind
from tests.tables import each_row

ENTRY = Entry(
    project_id=1,
    project="贝易转",
    name="贝易转",
    lead="许澄",
    health="on_track",
    stage="研发",
    is_focus=False,
    is_updated=True,
    is_confirmed=False,
    text="",
    risks="",
    percent=None,
    weighted_percent=None,
    last_percent=None,
    change=None,
    due_on=None,
    due_precision="day",
    first_due_on=None,
    slips=0,
    slip_days=0,
    last_week=None,
    last_text="",
    weeks_silent=0,
    reported_at=None,
)
RESULT = KeyResultState("占比", "%", Decimal(0), Decimal(60), Decimal(60), Decimal(1))


def entry(project: str, **fields: Any) -> Entry:
    return replace(ENTRY, project=project, **fields)


def page(*entries: Entry, **fields: Any) -> WeeklyDocument:
    blocks = tuple(Block(entry=entry_shown) for entry_shown in entries)
    section = PageSection(Kind.OBJECTIVE, "o1", "", code="O1", name="业务服务", blocks=blocks)
    sections = (replace(section, **fields),)
    return WeeklyDocument("pay", "支付产研", date(2024, 6, 17), "2024-W25", "", sections)


def move(days: int) -> Move:
    old = date(2024, 7, 1)
    return Move("一期", old, date.fromordinal(old.toordinal() + days), "day", days, 1, "", "")


def test_an_objective_stands_where_its_projects_stand_on_average() -> None:
    (card,) = dashboard_of(
        page(
            entry("A", percent=Decimal(80), last_percent=Decimal(70)),
            entry("B", percent=Decimal(45), last_percent=Decimal(45)),
            entry("C", percent=None),
            last_percent=Decimal(58),
        )
    ).objectives
    # 62.5, and halves go up.
    assert (card.percent, card.change, card.projects) == (Decimal(63), Decimal(5), 3)


def test_how_many_projects_the_mean_is_of_is_known() -> None:
    (card,) = dashboard_of(page(entry("A", percent=Decimal(80)), entry("B"))).objectives
    assert (card.unmeasured, card.projects) == (1, 2)


@each_row(
    ("weeks", "quiet_since"),
    [((20, 4), date(2024, 5, 20)), ((20, 3), None), ((0, 20), None), ((None,), None)],
)
def test_a_team_is_quiet_when_nobody_has_reported_for_long(
    weeks: tuple[int | None, ...], quiet_since: date | None
) -> None:
    entries = [
        entry(
            "A",
            is_updated=ago == 0,
            last_week=date(2024, 6, 17) - timedelta(weeks=ago) if ago else None,
        )
        for ago in weeks
    ]
    assert dashboard_of(page(*entries)).quiet_since == quiet_since


def test_the_change_is_between_the_two_percents_that_were_printed() -> None:
    new = entry("B", percent=Decimal(0))
    (card,) = dashboard_of(
        page(entry("A", percent=Decimal(80)), new, last_percent=Decimal(80))
    ).objectives
    assert (card.percent, card.change) == (Decimal(40), Decimal(-40))


def test_below_100_is_never_printed_as_100() -> None:
    percents = Decimal(100), Decimal(100), Decimal("98.6")
    (card,) = dashboard_of(page(*(entry("A", percent=percent) for percent in percents))).objectives
    assert card.percent == Decimal(99)


@each_row(
    ("healths", "worst"),
    [
        (("on_track", "off_track", "at_risk"), "off_track"),
        (("done", "on_track"), "on_track"),
        (("done", "", "paused"), "paused"),
        (("",), ""),
        ((), ""),
    ],
)
def test_an_objective_is_as_well_as_its_worst_project(healths: tuple[str, ...], worst: str) -> None:
    (card,) = dashboard_of(page(*(entry(h, health=h) for h in healths))).objectives
    assert card.health == worst


def test_a_focus_project_counts_for_its_objective_too() -> None:
    focus = entry("贝易转", project_id=2, health="at_risk", is_focus=True, objective_code="O1")
    other = entry("POS", project_id=3, health="off_track", is_focus=True, objective_code="O2")
    document = page(entry("A"))
    section = PageSection(Kind.FOCUS, "focus", "", blocks=(Block(entry=focus), Block(entry=other)))
    (card,) = dashboard_of(replace(document, sections=(section, *document.sections))).objectives
    assert (card.projects, card.health) == (2, "at_risk")


def test_the_table_has_a_focus_project_first_under_its_objective() -> None:
    focus = entry("贝易转", project_id=2, is_focus=True, objective_code="O2")
    of_none = entry("双活", project_id=3, is_focus=True)
    sections = (
        PageSection(Kind.FOCUS, "focus", "", blocks=(Block(entry=of_none), Block(entry=focus))),
        PageSection(Kind.OBJECTIVE, "o1", "", code="O1", blocks=(Block(entry=entry("A")),)),
        PageSection(Kind.OBJECTIVE, "o2", "", code="O2", blocks=(Block(entry=entry("B")),)),
    )
    rows = dashboard_of(replace(page(), sections=sections)).rows
    shown = [(row.section.anchor, row.entry.project) for row in rows]
    assert shown == [("focus", "双活"), ("o1", "A"), ("o2", "贝易转"), ("o2", "B")]


def test_what_was_done_before_counts_on() -> None:
    done = Finished(9, "早已上线", Decimal(100), date(2024, 6, 10))
    going = entry("A", percent=Decimal(50), last_percent=Decimal(40))
    (card,) = dashboard_of(page(going, finished=(done,), last_percent=Decimal(70))).objectives
    assert (card.percent, card.change) == (Decimal(75), Decimal(5))
    assert (card.projects, card.unmeasured, card.health) == (2, 0, "on_track")

    then = replace(
        page(entry("早已上线", project_id=9, percent=Decimal(60))), week=date(2024, 6, 3)
    )
    (card,) = dashboard_of(page(finished=(done,)), then).objectives
    assert (card.percent, card.change, card.health) == (Decimal(100), Decimal(40), "done")


def test_key_results_that_are_reached_are_counted() -> None:
    open_result = replace(RESULT, score=Decimal("0.99"))
    unknown = replace(RESULT, value=None, score=None)
    board = dashboard_of(page(key_results=(RESULT, open_result, unknown)))
    (card,) = board.objectives
    assert (card.reached, card.key_results) == (1, 3)


def test_who_has_been_silent_longest_comes_first() -> None:
    silent = [entry(str(weeks), is_updated=False, weeks_silent=weeks) for weeks in (1, 3, 2)]
    paused = entry("B", is_updated=False, weeks_silent=9, health="paused")
    attention = dashboard_of(page(*silent, paused, entry("A"))).attention
    assert [silence.weeks_silent for silence in attention.silent] == [3, 2, 1]


def test_a_date_that_came_nearer_needs_nobody() -> None:
    attention = dashboard_of(page(entry("A", moves=(move(-3), move(0))))).attention
    assert not attention
    moved = dashboard_of(page(entry("A", moves=(move(-3), move(5))))).attention.moved
    assert [slip.days for _entry, slip in moved] == [5]

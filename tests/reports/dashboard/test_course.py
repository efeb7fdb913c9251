"""An objective's weeks and its kin in other cycles. No database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from reports.dashboard.course import CycleObjective, EntryFacts, lineage, percents

MONDAY = date(2024, 6, 17)


def ago(weeks: int) -> date:
    return MONDAY - timedelta(weeks=weeks)


def facts(project: int, weeks_ago: int, percent: int | None, **more: object) -> EntryFacts:
    plain: dict[str, object] = {"health": "on_track", "objective": 1}
    percent_value = None if percent is None else Decimal(percent)
    return EntryFacts(project, ago(weeks_ago), percent_value, **{**plain, **more})  # type: ignore[arg-type]


def course_of(*entries: EntryFacts, weeks: int = 4) -> list[int]:
    return [int(p) for _, p in percents(1, entries, [ago(n) for n in reversed(range(weeks))])]


def test_the_mean_goes_on_with_what_was_last_known() -> None:
    assert course_of(facts(1, 3, 20), facts(2, 2, 40), facts(1, 0, 60)) == [20, 30, 30, 50]


def test_what_is_done_stays_and_what_is_closed_unfinished_goes() -> None:
    done = facts(1, 3, 100, health="done", closed_on=ago(2))
    assert course_of(done, facts(2, 2, 0)) == [100, 50, 50, 50]
    assert course_of(facts(1, 3, 80, closed_on=ago(2)), facts(2, 3, 0)) == [40, 40, 0, 0]


def test_a_project_counts_where_it_stood_in_that_week() -> None:
    moved = facts(1, 1, 90, objective=2)
    assert course_of(facts(1, 3, 50), moved) == [50, 50]
    assert [int(p) for _, p in percents(2, [facts(1, 3, 50), moved], [ago(2), ago(0)])] == [90]


def test_an_entry_without_a_percent_carries_the_last_known_one() -> None:
    assert course_of(facts(1, 3, 50), facts(1, 2, None), facts(2, 2, 10)) == [50, 30, 30, 30]


def test_the_chain_goes_back_and_forth() -> None:
    places = [
        CycleObjective(1, "O1", 10),
        CycleObjective(2, "O1", 20, carried_from=1),
        CycleObjective(3, "O3", 30, carried_from=2),
        CycleObjective(4, "O1", 30),
        CycleObjective(5, "O1", 40),
        CycleObjective(6, "O2", 40),
    ]
    whole = {1: True, 2: True, 3: True, 5: False}
    assert lineage(1, places) == whole
    assert lineage(2, places) == whole
    # The code of the one that is asked about decides where no chain does.
    assert lineage(3, places) == {1: True, 2: True, 3: True}
    assert lineage(6, places) == {6: True}


def test_a_circle_has_an_end() -> None:
    places = [
        CycleObjective(1, "O1", 10, carried_from=2),
        CycleObjective(2, "O1", 20, carried_from=1),
    ]
    assert lineage(1, places) == {1: True, 2: True}

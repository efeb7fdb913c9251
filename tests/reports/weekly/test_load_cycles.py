"""Which cycle a week that lies in two belongs to, as the page is loaded."""

from __future__ import annotations

from datetime import date

import pytest

from projects.models import Health, Team
from projects.weeks import WEEK as DAYS
from reports.weekly.compile import compile_week
from reports.weekly.load.week import load_week
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_objective,
    make_project,
    make_team,
)

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 19)


@pytest.fixture
def team() -> Team:
    return make_team()


def test_a_week_of_two_cycles_shows_the_objectives_of_the_one_that_holds_its_monday(
    team: Team,
) -> None:
    first = make_cycle(team, "2024H1", date(2024, 1, 1), date(2024, 6, 18))
    second = make_cycle(team, "2024H2", date(2024, 6, 19), date(2024, 12, 31))
    make_objective(first, "O1"), make_objective(second, "O2")

    def codes(week: date) -> list[str]:
        return [row.code for row in load_week(team, week, today=TODAY).objectives]

    assert (codes(WEEK), codes(WEEK + DAYS)) == (["O1"], ["O2"])


def test_what_is_done_in_a_cycles_last_days_counts_for_it(team: Team) -> None:
    """30 September 2026 is a Wednesday: what is reported that week is the ending cycle's."""
    ending = make_cycle(team, "2026Q3", date(2026, 7, 1), date(2026, 9, 30))
    following = make_cycle(team, "2026Q4", date(2026, 10, 1), date(2026, 12, 31))
    objective, carried = make_objective(ending), make_objective(following)
    carried.carried_from = objective
    carried.save()
    make_entry(make_project(team, "早已上线", objective), date(2026, 9, 21), health=Health.DONE)
    make_project(team, "已移到下个周期", carried)
    last_week = date(2026, 9, 28)
    rows = load_week(team, last_week, today=date(2026, 9, 30))
    assert [row.name for row in rows.finished] == ["早已上线"]
    (section,) = [s for s in compile_week(rows).sections if s.kind == "objective"]
    assert (section.objective_id, len(section.blocks)) == (objective.pk, 1)
    assert load_week(team, last_week + DAYS, today=date(2026, 10, 5)).finished == ()


def test_a_week_that_no_cycle_follows_yet_keeps_the_one_that_is_over(team: Team) -> None:
    objective = make_objective(make_cycle(team, ends_on=date(2024, 6, 10)))
    make_entry(make_project(team, "早已上线", objective), date(2024, 6, 3), health=Health.DONE)
    make_project(team, "还没更新", objective)
    rows = load_week(team, WEEK, today=TODAY)
    assert [row.name for row in rows.finished] == ["早已上线"]
    (section,) = [s for s in compile_week(rows).sections if s.kind == "objective"]
    assert [block.entry and block.entry.project for block in section.blocks] == ["还没更新"]

"""A new cycle takes over what is unfinished, at once or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, Cycle, Health, Objective, Project, StatusEntry
from projects.objectives import carryover
from projects.objectives.carryover import Choice, NotBefore
from projects.objectives.cycles import CycleOverlaps, Period
from reports.pages.live import compile_page
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_objective,
    make_project,
    make_reading,
)

pytestmark = pytest.mark.usefixtures("now")
H2 = Period("2024H2", date(2024, 7, 1), date(2024, 12, 31))
FIRST_WEEK = date(2024, 7, 1)


@pytest.fixture
def old(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def everything(cycle: Cycle) -> Choice:
    candidates = carryover.candidates(cycle)
    projects = frozenset(item.project.pk for candidate in candidates for item in candidate.projects)
    return Choice(frozenset(item.objective.pk for item in candidates), projects, projects)


def begin(personas: Personas, old: Cycle | None, choice: Choice | None = None) -> Cycle:
    chosen = choice or (everything(old) if old else Choice())
    return carryover.begin_cycle(personas.team, H2, old, chosen, by=personas.manager)


def test_unfinished_is_what_has_a_short_key_result_or_an_open_project(
    personas: Personas, old: Cycle
) -> None:
    short, going, reached, empty = (make_objective(old, code) for code in ("O1", "O2", "O3", "O4"))
    metric = make_metric(personas.team)
    make_reading(metric, "60")
    make_key_result(short, metric, 0, 100)
    make_key_result(reached, metric, 0, 60)
    make_entry(make_project(personas.team, "在做", going), percent=40)
    make_entry(make_project(personas.team, "做完", reached), health=Health.DONE)
    is_unfinished = {
        candidate.objective.pk: candidate.is_unfinished for candidate in carryover.candidates(old)
    }
    assert is_unfinished == {short.pk: True, going.pk: True, reached.pk: False, empty.pk: False}


def test_an_objective_goes_on_from_where_it_is(personas: Personas, old: Cycle) -> None:
    objective = make_objective(old, "O2", "能力升级")
    objective.owner = personas.lead
    objective.save()
    read, reached, unread = (make_metric(personas.team, name) for name in ("甲", "乙", "丙"))
    for metric, value in ((read, "40"), (reached, "100")):
        make_reading(metric, value)
    for metric in (read, reached, unread):
        make_key_result(objective, metric, 10, 100)

    begin(personas, old)

    new = Objective.objects.get(cycle__name="2024H2")
    assert (new.code, new.name, new.owner) == ("O2", "能力升级", personas.lead)
    assert new.carried_from == objective
    ends = {
        key_result.metric.name: (key_result.baseline, key_result.target)
        for key_result in new.key_results.all()
    }
    assert ends == {"甲": (Decimal(40), Decimal(100)), "丙": (Decimal(10), Decimal(100))}
    assert objective.key_results.count() == 3


def test_only_what_was_chosen_goes_along(personas: Personas, old: Cycle) -> None:
    going, staying = make_objective(old, "O1"), make_objective(old, "O2")
    moved, left, under_staying = (
        make_project(personas.team, name, objective)
        for name, objective in (("甲", going), ("乙", going), ("丙", staying))
    )
    begin(personas, old, Choice(frozenset({going.pk}), frozenset({moved.pk, under_staying.pk})))
    new = Objective.objects.get(cycle__name="2024H2")
    stand = dict(Project.objects.exclude(objective=None).values_list("name", "objective"))
    assert stand == {"甲": new.pk, "乙": going.pk, "丙": staying.pk}
    assert left.objective_id == going.pk


def test_done_projects_are_closed_and_others_are_not(personas: Personas, old: Cycle) -> None:
    objective = make_objective(old)
    done = make_project(personas.team, "做完", objective)
    make_entry(done, health=Health.DONE)
    going = make_project(personas.team, "在做", objective)
    begin(personas, old, Choice(closed=frozenset({done.pk, going.pk})))
    done.refresh_from_db()
    going.refresh_from_db()
    assert (done.closed_on, going.closed_on) == (date(2024, 6, 19), None)
    assert done.objective == objective


def test_it_is_written_down(personas: Personas, old: Cycle) -> None:
    make_project(personas.team, "在做", make_objective(old, "O1", "业务服务"))
    begin(personas, old)
    record = AuditRecord.objects.get(action="cycle.carry_over")
    assert (record.by, record.subject) == (personas.manager, "2024H2")
    assert record.after == {
        "from": "2024H1",
        "objectives": ["O1 业务服务"],
        "projects": ["在做"],
        "closed": [],
    }


def test_it_happens_at_once_or_not_at_all(personas: Personas, old: Cycle) -> None:
    make_objective(old)
    make_cycle(personas.team, "占用", date(2024, 12, 1), date(2025, 1, 31))
    with pytest.raises(CycleOverlaps):
        begin(personas, old)
    earlier = Period("2023H2", date(2023, 7, 1), date(2023, 12, 31))
    with pytest.raises(NotBefore):
        carryover.begin_cycle(personas.team, earlier, old, everything(old), by=None)
    assert set(Cycle.objects.values_list("name", flat=True)) == {"2024H1", "占用"}
    assert Objective.objects.count() == 1
    assert not AuditRecord.objects.exists()


def test_the_first_cycle_takes_nothing_over(personas: Personas) -> None:
    assert begin(personas, None).name == "2024H2"
    assert not Objective.objects.exists()


def sections(personas: Personas, week: date) -> dict[int | None, list[str]]:
    """The projects on that week's page, by the key of the objective they stand under."""
    page = compile_page(personas.team, week)
    by_objective: dict[int | None, list[str]] = {}
    for entry in page.entries:
        by_objective.setdefault(entry.objective_id, []).append(entry.project)
    return by_objective


def test_the_old_cycles_last_weeks_do_not_change(personas: Personas, old: Cycle) -> None:
    """Made two weeks ahead: the pages of this week and the past ones stay as they are."""
    objective = make_objective(old)
    silent = make_project(personas.team, "还没写过", objective)
    reported = make_project(personas.team, "上周写过", objective)
    for project in (reported, make_project(personas.team, "本周写过", objective)):
        make_entry(project, date(2024, 6, 10), percent=30)
    make_entry(Project.objects.get(name="本周写过"), WEEK, percent=40)
    before = {week: sections(personas, week) for week in (WEEK, date(2024, 6, 10))}

    begin(personas, old)

    assert {week: sections(personas, week) for week in before} == before
    assert silent.name in before[WEEK][objective.pk]
    assert set(StatusEntry.objects.values_list("objective", flat=True)) == {objective.pk}


def test_from_its_first_week_on_the_projects_stand_in_the_new_cycle(
    personas: Personas, old: Cycle
) -> None:
    make_entry(make_project(personas.team, "在做", make_objective(old)), percent=30)
    begin(personas, old)
    new = Objective.objects.get(cycle__name="2024H2")
    assert sections(personas, FIRST_WEEK)[new.pk] == ["在做"]


def test_weeks_of_a_cycle_that_is_made_late_stand_in_it(personas: Personas, old: Cycle) -> None:
    objective = make_objective(old)
    project = make_project(personas.team, "在做", objective)
    closed = make_project(personas.team, "已关", objective, closed_on=WEEK)
    before = make_project(personas.team, "早已关", objective, closed_on=date(2024, 6, 1))
    Cycle.objects.filter(pk=old.pk).update(ends_on=date(2024, 6, 5))  # a Wednesday
    weeks = (date(2024, 6, 3), date(2024, 6, 10), WEEK)
    for week in weeks:
        make_entry(project, week)
        make_entry(closed, week)
    late = Period("2024夏", date(2024, 6, 6), date(2024, 9, 30))
    carryover.begin_cycle(personas.team, late, old, everything(old), by=personas.manager)
    for reported in (project, closed):
        cycles = reported.entries.order_by("week").values_list("objective__cycle__name", flat=True)
        assert list(cycles) == [old.name, "2024夏", "2024夏"]
    closed.refresh_from_db()
    before.refresh_from_db()
    assert (closed.objective == objective, before.objective == objective) == (False, True)
    document = compile_page(personas.team, WEEK)
    codes = [section.code for section in document.sections if section.objective_id]
    assert codes == ["O1"]


def test_candidates_are_read_in_three_queries(personas: Personas, old: Cycle) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            objective = make_objective(old, f"O{number}")
            make_key_result(objective, make_metric(personas.team, f"指标{number}"))
            make_project(personas.team, f"项目{number}", objective)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            carryover.candidates(old)
        return len(captured)

    fill(range(4))
    assert queries() == 3
    fill(range(4, 40))
    assert queries() == 3


def test_carrying_over_takes_no_query_for_each_row(personas: Personas, old: Cycle) -> None:
    begin(personas, old)

    def queries(year: int, rows: int) -> int:
        last = Cycle.objects.get(ends_on=date(year - 1, 12, 31))
        for number in range(rows):
            objective = make_objective(last, f"O{year}{number}")
            make_key_result(objective, make_metric(personas.team, f"{year} {number}"))
            make_project(personas.team, f"{year} {number}", objective)
            done = make_project(personas.team, f"{year} {number} done", objective)
            make_entry(done, health=Health.DONE)
        period = Period(f"{year}", date(year, 1, 1), date(year, 12, 31))
        with CaptureQueriesContext(connection) as captured:
            carryover.begin_cycle(personas.team, period, last, everything(last), by=None)
        return len(captured)

    assert queries(2025, rows=4) == queries(2026, rows=16)

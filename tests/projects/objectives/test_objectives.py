"""Objectives and key results: made, changed, put in order, deleted; each with its trace."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.models import (
    AuditRecord,
    Cycle,
    Direction,
    KeyResult,
    Metric,
    Objective,
    Reading,
    WeekFacts,
)
from projects.objectives import objectives
from projects.objectives.objectives import (
    CodeTaken,
    Goal,
    MetricTaken,
    NewMetric,
    ObjectiveInUse,
    Wording,
)
from reports.weekly.sections import Kind
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_objective,
    make_page,
    make_project,
    make_reading,
    make_section,
)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))


def is_told() -> bool:
    return WeekFacts.objects.filter(week=WEEK).exists()


def test_a_new_objective_is_the_last(personas: Personas, cycle: Cycle) -> None:
    make_objective(cycle)
    made = objectives.create(cycle, Wording("O2", "能力升级", personas.lead), by=personas.manager)
    assert (made.team, made.owner, made.position) == (personas.team, personas.lead, 1)
    assert (actions(), is_told()) == (["objective.create"], True)


def test_a_code_is_taken_once_in_a_cycle(personas: Personas, cycle: Cycle) -> None:
    first, second = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    with pytest.raises(CodeTaken) as refused:
        objectives.create(cycle, Wording("O1", "又一个"), by=None)
    assert refused.value.objective == first
    with pytest.raises(CodeTaken):
        objectives.change(second, Wording("O1", "能力升级"), by=None)
    following = make_cycle(personas.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
    objectives.create(following, Wording("O1", "业务服务"), by=None)


def test_a_change_says_what_it_was(personas: Personas, cycle: Cycle) -> None:
    objective = make_objective(cycle, "O1", "业务服务")
    objectives.change(objective, Wording("O1", "服务好业务"), by=personas.manager)
    record = AuditRecord.objects.get()
    assert (record.before, record.after) == ({"name": "业务服务"}, {"name": "服务好业务"})
    assert is_told()


def test_saying_the_same_again_is_no_change(cycle: Cycle) -> None:
    objective = make_objective(cycle, "O1", "业务服务")
    objectives.change(objective, Wording("O1", "业务服务"), by=None)
    assert (actions(), is_told()) == ([], False)


@pytest.mark.parametrize(
    ("places", "order"),
    [(-1, "O2 O1 O3"), (1, "O1 O3 O2"), (9, "O1 O3 O2"), (-9, "O2 O1 O3"), (0, "O1 O2 O3")],
)
def test_the_order_of_objectives(cycle: Cycle, places: int, order: str) -> None:
    _, second, _ = (make_objective(cycle, code) for code in ("O1", "O2", "O3"))
    objectives.move(second, places, by=None)
    assert " ".join(cycle.objectives.values_list("code", flat=True)) == order
    assert actions() == (["objective.move"] if places else [])


def test_equal_positions_can_be_put_in_order_too(cycle: Cycle) -> None:
    for code in ("O1", "O2", "O3"):
        Objective.objects.create(team=cycle.team, cycle=cycle, code=code, position=0)
    objectives.move(Objective.objects.get(code="O3"), -1, by=None)
    assert list(cycle.objectives.values_list("code", flat=True)) == ["O1", "O3", "O2"]


def test_an_objective_goes_with_its_key_results_but_not_with_their_readings(cycle: Cycle) -> None:
    objective, metric = make_objective(cycle), make_metric(cycle.team)
    make_key_result(objective, metric)
    make_reading(metric, "50")
    objectives.delete(objective, by=None)
    assert not Objective.objects.exists()
    assert not KeyResult.objects.exists()
    assert Reading.objects.exists()
    assert AuditRecord.objects.get().before["key_results"] == ["入金有效成功率 → 100.0000"]


@pytest.mark.parametrize("referrer", ["project", "entry", "section", "successor", "aligned"])
def test_what_is_referred_to_stays(personas: Personas, cycle: Cycle, referrer: str) -> None:
    objective, other = make_objective(cycle), make_objective(cycle, "O2")
    if referrer == "project":
        make_project(personas.team, "POS", objective)
    elif referrer == "entry":
        entry = make_entry(personas.project)
        entry.objective = objective
        entry.save()
    elif referrer == "section":
        section = make_section(make_page(personas.team), Kind.OBJECTIVE)
        section.objective = objective
        section.save()
    elif referrer == "successor":
        Objective.objects.filter(pk=other.pk).update(carried_from=objective)
    else:
        Objective.objects.filter(pk=other.pk).update(aligned_to=objective)
    with pytest.raises(ObjectiveInUse):
        objectives.delete(objective, by=None)
    assert Objective.objects.filter(pk=objective.pk).exists()


def test_a_key_result_of_a_metric_that_is_there(cycle: Cycle) -> None:
    objective, metric = make_objective(cycle), make_metric(cycle.team)
    made = objectives.add_key_result(objective, Goal(metric, Decimal(10), Decimal(5)), by=None)
    assert (made.metric, made.direction, made.position) == (metric, Direction.DOWN, 0)
    assert (actions(), is_told()) == (["key_result.create"], True)
    with pytest.raises(MetricTaken):
        objectives.add_key_result(objective, Goal(metric, Decimal(0), Decimal(5)), by=None)


@pytest.mark.parametrize(("target", "direction"), [(9, Direction.UP), (1, Direction.DOWN)])
def test_a_new_metric_gets_better_towards_the_target(
    cycle: Cycle, target: int, direction: Direction
) -> None:
    goal = Goal(NewMetric("处理时长", "小时"), Decimal(5), Decimal(target))
    objectives.add_key_result(make_objective(cycle), goal, by=None)
    metric = Metric.objects.get()
    assert (metric.name, metric.unit, metric.direction) == ("处理时长", "小时", direction)


def test_a_new_metric_is_new(cycle: Cycle) -> None:
    known = make_metric(cycle.team)
    goal = Goal(NewMetric(known.name), Decimal(0), Decimal(1))
    with pytest.raises(MetricTaken) as refused:
        objectives.add_key_result(make_objective(cycle), goal, by=None)
    assert refused.value.metric == known
    assert not KeyResult.objects.exists()


def test_a_key_result_has_a_way_to_go(cycle: Cycle) -> None:
    goal = Goal(NewMetric("占比"), Decimal(5), Decimal(5))
    with pytest.raises(ValueError, match="way to go"):
        objectives.add_key_result(make_objective(cycle), goal, by=None)
    assert not Metric.objects.exists()


def test_a_key_result_is_changed_moved_and_removed(cycle: Cycle) -> None:
    objective = make_objective(cycle)
    first = make_key_result(objective, make_metric(cycle.team, "甲"))
    second = make_key_result(objective, make_metric(cycle.team, "乙"))
    same = Goal(second.metric, second.baseline, second.target)
    objectives.change_key_result(second, same, by=None)
    assert actions() == []
    objectives.change_key_result(second, Goal(second.metric, Decimal(1), Decimal(2)), by=None)
    objectives.move_key_result(second, -1, by=None)
    assert list(objective.key_results.all()) == [second, first]
    objectives.delete_key_result(first, by=None)
    assert list(objective.key_results.values_list("target", flat=True)) == [2]
    assert actions() == ["key_result.change", "key_result.move", "key_result.delete"]

"""Objectives and key results: made, changed, put in order, deleted; each with its trace."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.models import (
    AuditRecord,
    Cycle,
    Direction,
    KeyResult,
    Metric,
    WeekFacts,
)
from projects.objectives import key_results
from projects.objectives.key_results import (
    Goal,
    MetricTaken,
    NewMetric,
)
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_key_result,
    make_metric,
    make_objective,
)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))


def is_told() -> bool:
    return WeekFacts.objects.filter(week=WEEK).exists()


def test_key_result_of_an_existing_metric_is_added_once(cycle: Cycle) -> None:
    objective, metric = make_objective(cycle), make_metric(cycle.team)
    made = key_results.add(objective, Goal(metric, Decimal(10), Decimal(5)), by=None)
    assert (made.metric, made.direction, made.position) == (metric, Direction.DOWN, 0)
    assert (actions(), is_told()) == (["key_result.create"], True)
    with pytest.raises(MetricTaken):
        key_results.add(objective, Goal(metric, Decimal(0), Decimal(5)), by=None)


@pytest.mark.parametrize(("target", "direction"), [(9, Direction.UP), (1, Direction.DOWN)])
def test_new_metric_is_better_towards_the_target(
    cycle: Cycle, target: int, direction: Direction
) -> None:
    goal = Goal(NewMetric("处理时长", "小时"), Decimal(5), Decimal(target))
    key_results.add(make_objective(cycle), goal, by=None)
    metric = Metric.objects.get()
    assert (metric.name, metric.unit, metric.direction) == ("处理时长", "小时", direction)


def test_new_metric_with_the_name_of_another_is_refused(cycle: Cycle) -> None:
    metric = make_metric(cycle.team)
    goal = Goal(NewMetric(metric.name), Decimal(0), Decimal(1))
    with pytest.raises(MetricTaken) as refused:
        key_results.add(make_objective(cycle), goal, by=None)
    assert refused.value.metric == metric
    assert not KeyResult.objects.exists()


def test_target_equal_to_the_baseline_is_refused(cycle: Cycle) -> None:
    goal = Goal(NewMetric("占比"), Decimal(5), Decimal(5))
    with pytest.raises(ValueError, match="way to go"):
        key_results.add(make_objective(cycle), goal, by=None)
    assert not Metric.objects.exists()


def test_key_result_is_changed_moved_and_deleted(cycle: Cycle) -> None:
    objective = make_objective(cycle)
    first = make_key_result(objective, make_metric(cycle.team, "甲"))
    second = make_key_result(objective, make_metric(cycle.team, "乙"))
    same = Goal(second.metric, second.baseline, second.target)
    key_results.change(second, same, by=None)
    assert actions() == []
    key_results.change(second, Goal(second.metric, Decimal(1), Decimal(2)), by=None)
    key_results.move(second, -1, by=None)
    assert list(objective.key_results.all()) == [second, first]
    key_results.delete(first, by=None)
    assert list(objective.key_results.values_list("target", flat=True)) == [2]
    assert actions() == ["key_result.change", "key_result.move", "key_result.delete"]

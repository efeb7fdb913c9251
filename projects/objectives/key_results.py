"""The key results of an objective: made, changed, put in order, deleted.

Whoever may do it is decided by the caller (``projects.access``). What changes here is printed on
every page of the cycle, so all of its known weeks are announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from projects import audit, ordering
from projects.conflicts import EditConflict, Opened, changed_by_others, merge
from projects.models import Direction, KeyResult, Metric, Objective, Team, User
from projects.objectives import cycles
from projects.objectives.objectives import locked, order_of
from projects.operations import metric_names
from projects.ordering import next_position


@dataclass(frozen=True, slots=True)
class NewMetric:
    """A metric that the team does not have yet. Which way is better follows from the key result."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """A key result: from where to where a metric shall go, both in the metric's unit."""

    metric: Metric | NewMetric
    baseline: Decimal
    target: Decimal
    owner: User | None = None  # who enters its number; None: the owner of the objective


class MetricTaken(Exception):
    """The metric is the objective's already, or a new one has the name of one there is."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        super().__init__(metric.name)


@transaction.atomic
def add(objective: Objective, goal: Goal, *, by: User | None) -> KeyResult:
    """Raises ``MetricTaken``; ``ValueError`` when target and baseline are the same."""
    cycle = locked(objective.cycle)
    result = KeyResult(
        team=cycle.team, objective=objective, position=next_position(objective.key_results.all())
    )
    _set_goal(result, goal)
    audit.note(cycle.team, "key_result.create", result, by=by, after=_goal(result))
    cycles.announce_since(cycle.team, cycle.starts_on)
    return result


@transaction.atomic
def change(
    result: KeyResult, goal: Goal, *, by: User | None, opened: Opened | None = None
) -> KeyResult:
    """Another metric, baseline or target. Raises as ``add``, and ``EditConflict``."""
    cycle = locked(result.objective.cycle)
    result = KeyResult.objects.select_related("metric", "objective", "owner").get(pk=result.pk)
    before = _goal(result)
    standing = Goal(result.metric, result.baseline, result.target, result.owner)
    goal = Goal(**merge(_columns(standing), _columns(goal), opened))
    if goal == standing:
        return result
    if opened and goal.baseline == goal.target:
        raise EditConflict(changed_by_others(_columns(standing), opened))
    _set_goal(result, goal)
    audit.note(cycle.team, "key_result.change", result, by=by, before=before, after=_goal(result))
    cycles.announce_since(cycle.team, cycle.starts_on)
    return result


@transaction.atomic
def move(result: KeyResult, places: int, *, by: User | None, seen: int | None = None) -> None:
    """So many places down the objective's order, or up when negative; at most to its end.

    ``seen`` is its place as the sender saw it, from 1; raises ``ordering.MovedAlready``.
    """
    cycle = locked(result.objective.cycle)
    order = list(KeyResult.objects.filter(objective=result.objective_id).select_related("metric"))
    if ordering.move(order, result, places, seen):
        KeyResult.objects.bulk_update(order, ["position"])
        audit.note(cycle.team, "key_result.move", result, by=by, after=order_of(order))
        cycles.announce_since(cycle.team, cycle.starts_on)


@transaction.atomic
def delete(result: KeyResult, *, by: User | None) -> None:
    """The metric and its readings stay."""
    cycle = locked(result.objective.cycle)
    audit.note(cycle.team, "key_result.delete", result, by=by, before=_goal(result))
    KeyResult.objects.filter(pk=result.pk).delete()
    cycles.announce_since(cycle.team, cycle.starts_on)


def _set_goal(result: KeyResult, goal: Goal) -> None:
    if goal.baseline == goal.target:
        raise ValueError("a key result has a way to go")
    result.baseline, result.target, result.owner = goal.baseline, goal.target, goal.owner
    result.metric = (
        _new_metric(result, goal.metric) if isinstance(goal.metric, NewMetric) else goal.metric
    )
    others = KeyResult.objects.filter(objective=result.objective, metric=result.metric)
    if others.exclude(pk=result.pk).exists():
        raise MetricTaken(result.metric)
    result.save()


def _new_metric(result: KeyResult, new: NewMetric) -> Metric:
    of_team = Metric.objects.of_the_team().filter(team=result.team)
    if (same := metric_names.meant_by(result.team, None, new.name)) is not None:
        raise MetricTaken(same)
    direction = Direction.UP if result.target > result.baseline else Direction.DOWN
    return Metric.objects.create(
        team=result.team,
        name=new.name,
        unit=new.unit,
        direction=direction,
        position=next_position(of_team),
    )


def _columns(goal: Goal) -> dict[str, Any]:
    return {
        "metric": goal.metric,
        "baseline": goal.baseline,
        "target": goal.target,
        "owner": goal.owner,
    }


def _goal(result: KeyResult) -> dict[str, Any]:
    return {
        "objective": str(result.objective),
        "metric": result.metric,
        "baseline": result.baseline,
        "target": result.target,
        **({"owner": result.owner} if result.owner else {}),
    }


def metrics_of(team: Team) -> list[Metric]:
    """What a key result can be tied to: the team's own metrics, then those of its projects."""
    rows = Metric.objects.filter(team=team).select_related("project")
    return sorted(rows, key=lambda row: (row.project is not None, row.position, row.name))


def metrics_in(objective: Objective) -> QuerySet[Metric]:
    """What the key results of the objective measure, in their order."""
    rows = Metric.objects.filter(key_results__objective=objective)
    return rows.order_by("key_results__position", "key_results__pk")

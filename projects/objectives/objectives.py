"""The objectives of a cycle and their key results: made, changed, put in order, deleted.

Whoever may do it is decided by the caller (``projects.access``). What changes here is printed on
every page of the cycle, so all of its known weeks are announced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ManyToOneRel, Max, OuterRef, Q, QuerySet, Subquery

from projects import audit
from projects.conflicts import EditConflict, Opened, changed_by_others, merge
from projects.models import (
    Cycle,
    Direction,
    KeyResult,
    Metric,
    Objective,
    Reading,
    Team,
    User,
)
from projects.objectives import cycles


@dataclass(frozen=True, slots=True)
class Wording:
    """What a manager decides of an objective."""

    code: str
    name: str
    owner: User | None = None
    aligned_to: Objective | None = None  # of another team


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


class CodeTaken(Exception):
    """Another objective of the cycle has that code; ``objective`` is that one."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        super().__init__(str(objective))


class ObjectiveInUse(Exception):
    """Projects, entries, pages or other objectives refer to it."""


class MetricTaken(Exception):
    """The metric is the objective's already, or a new one has the name of one there is."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        super().__init__(metric.name)


# --- objectives -------------------------------------------------------------------------------


@transaction.atomic
def create(cycle: Cycle, said: Wording, *, by: User | None) -> Objective:
    """A new objective, the last of the cycle. Raises ``CodeTaken``."""
    cycle = _locked(cycle)
    _require_free_code(cycle, said.code, None)
    objective = Objective(team=cycle.team, cycle=cycle, position=_next_position(cycle))
    _put(objective, said)
    objective.save()
    audit.note(cycle.team, "objective.create", objective, by=by, after=_wording(objective))
    cycles.announce_since(cycle.team, cycle.starts_on)
    return objective


@transaction.atomic
def change(
    objective: Objective, wording: Wording, *, by: User | None, opened: Opened | None = None
) -> Objective:
    """Another code, name, owner or alignment; what is as it was is no change.

    Raises ``CodeTaken``, ``EditConflict``.
    """
    cycle = _locked(objective.cycle)
    objective = Objective.objects.select_related("owner", "aligned_to").get(pk=objective.pk)
    before = _wording(objective)
    after = merge(before, _wording(wording), opened)
    _require_free_code(cycle, after["code"], objective)
    _put(objective, Wording(**after))
    if after != before:
        objective.save()
        changed = [field for field in after if after[field] != before[field]]
        audit.note(
            cycle.team,
            "objective.change",
            objective,
            by=by,
            before=_only(before, changed),
            after=_only(after, changed),
        )
        cycles.announce_since(cycle.team, cycle.starts_on)
    return objective


@transaction.atomic
def move(objective: Objective, places: int, *, by: User | None) -> None:
    """So many places down the cycle's order, or up when negative; at most to its end."""
    cycle = _locked(objective.cycle)
    order = list(Objective.objects.filter(cycle=cycle))
    if _moved(order, objective, places):
        Objective.objects.bulk_update(order, ["position"])
        audit.note(cycle.team, "objective.move", objective, by=by, after=_order(order))
        cycles.announce_since(cycle.team, cycle.starts_on)


@transaction.atomic
def delete(objective: Objective, *, by: User | None) -> None:
    """Take back an objective, with its key results; their metrics and readings stay.

    Raises ``ObjectiveInUse`` as soon as anything else refers to it.
    """
    cycle = _locked(objective.cycle)
    if is_in_use(objective):
        raise ObjectiveInUse(str(objective))
    results = [str(result) for result in objective.key_results.select_related("metric")]
    before = {**_wording(objective), "key_results": results}
    audit.note(cycle.team, "objective.delete", objective, by=by, before=before)
    Objective.objects.filter(pk=objective.pk).delete()
    cycles.announce_since(cycle.team, cycle.starts_on)


def is_in_use(objective: Objective) -> bool:
    """Whether anything but its key results refers to it, in whichever application's tables."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: objective}).exists()
        for relation in Objective._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel) and relation.related_model is not KeyResult
    )


# --- key results ------------------------------------------------------------------------------


@transaction.atomic
def add_key_result(objective: Objective, goal: Goal, *, by: User | None) -> KeyResult:
    """Raises ``MetricTaken``; ``ValueError`` when target and baseline are the same."""
    cycle = _locked(objective.cycle)
    result = KeyResult(
        team=cycle.team, objective=objective, position=_next_position(objective=objective)
    )
    _set_goal(result, goal)
    audit.note(cycle.team, "key_result.create", result, by=by, after=_goal(result))
    cycles.announce_since(cycle.team, cycle.starts_on)
    return result


@transaction.atomic
def change_key_result(
    result: KeyResult, goal: Goal, *, by: User | None, opened: Opened | None = None
) -> KeyResult:
    """Another metric, baseline or target. Raises as ``add_key_result``, and ``EditConflict``."""
    cycle = _locked(result.objective.cycle)
    result = KeyResult.objects.select_related("metric", "objective").get(pk=result.pk)
    before, standing = _goal(result), Goal(result.metric, result.baseline, result.target)
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
def move_key_result(result: KeyResult, places: int, *, by: User | None) -> None:
    """So many places down the objective's order, or up when negative; at most to its end."""
    cycle = _locked(result.objective.cycle)
    order = list(KeyResult.objects.filter(objective=result.objective_id).select_related("metric"))
    if _moved(order, result, places):
        KeyResult.objects.bulk_update(order, ["position"])
        audit.note(cycle.team, "key_result.move", result, by=by, after=_order(order))
        cycles.announce_since(cycle.team, cycle.starts_on)


@transaction.atomic
def delete_key_result(result: KeyResult, *, by: User | None) -> None:
    """The metric and its readings stay."""
    cycle = _locked(result.objective.cycle)
    audit.note(cycle.team, "key_result.delete", result, by=by, before=_goal(result))
    KeyResult.objects.filter(pk=result.pk).delete()
    cycles.announce_since(cycle.team, cycle.starts_on)


def _set_goal(result: KeyResult, goal: Goal) -> None:
    if goal.baseline == goal.target:
        raise ValueError("a key result has a way to go")
    result.baseline, result.target = goal.baseline, goal.target
    result.metric = (
        _new_metric(result, goal.metric) if isinstance(goal.metric, NewMetric) else goal.metric
    )
    others = KeyResult.objects.filter(objective=result.objective, metric=result.metric)
    if others.exclude(pk=result.pk).exists():
        raise MetricTaken(result.metric)
    result.save()


def _new_metric(result: KeyResult, said: NewMetric) -> Metric:
    of_team = Metric.objects.of_the_team().filter(team=result.team)
    if (same := of_team.filter(name=said.name).first()) is not None:
        raise MetricTaken(same)
    direction = Direction.UP if result.target > result.baseline else Direction.DOWN
    last = of_team.aggregate(last=Max("position"))["last"]
    return Metric.objects.create(
        team=result.team,
        name=said.name,
        unit=said.unit,
        direction=direction,
        position=0 if last is None else last + 1,
    )


# --- what both have in common -----------------------------------------------------------------


def _locked(cycle: Cycle) -> Cycle:
    """The cycle as it stands now, held until the transaction ends: one change follows the other."""
    cycles_of = Cycle.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    return cycles_of.get(pk=cycle.pk)


def _require_free_code(cycle: Cycle, code: str, own: Objective | None) -> None:
    same = Objective.objects.filter(cycle=cycle, code=code)
    if (other := same.first()) is not None and other != own:
        raise CodeTaken(other)


def _next_position(cycle: Cycle | None = None, objective: Objective | None = None) -> int:
    rows = (
        Objective.objects.filter(cycle=cycle)
        if objective is None
        else KeyResult.objects.filter(objective=objective)
    )
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _moved[Row: (Objective, KeyResult)](order: list[Row], row: Row, places: int) -> bool:
    """Move the row in the list and number all of them; False when it is where it shall be."""
    now = order.index(row)
    then = min(max(now + places, 0), len(order) - 1)
    if now == then:
        return False
    order.insert(then, order.pop(now))
    for position, one in enumerate(order):
        one.position = position
    return True


def _order(order: list[Any]) -> dict[str, Any]:
    return {"order": [str(one) for one in order]}


def _put(objective: Objective, said: Wording) -> None:
    objective.code, objective.name = said.code, said.name
    objective.owner, objective.aligned_to = said.owner, said.aligned_to


def _wording(objective: Objective | Wording) -> dict[str, Any]:
    return {
        "code": objective.code,
        "name": objective.name,
        "owner": objective.owner,
        "aligned_to": objective.aligned_to,
    }


def _columns(goal: Goal) -> dict[str, Any]:
    return {"metric": goal.metric, "baseline": goal.baseline, "target": goal.target}


def _goal(result: KeyResult) -> dict[str, Any]:
    return {
        "objective": str(result.objective),
        "metric": result.metric,
        "baseline": result.baseline,
        "target": result.target,
    }


def _only(values: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    return {field: values[field] for field in fields}


# --- what the forms choose from ---------------------------------------------------------------


def metrics_of(team: Team) -> list[Metric]:
    """What a key result can be tied to: the team's own metrics, then those of its projects."""
    rows = Metric.objects.filter(team=team).select_related("project")
    return sorted(rows, key=lambda row: (row.project is not None, row.position, row.name))


def owners_of(team: Team, objective: Objective | None = None) -> QuerySet[User]:
    """Who may own an objective: the members, and who owns this one already."""
    may = Q(memberships__team=team)
    if objective is not None and objective.owner is not None:
        may |= Q(pk=objective.owner.pk)
    return User.objects.filter(may).distinct().order_by("name", "username")


def results_in(objective: Objective, week: date) -> list[tuple[KeyResult, Decimal | None]]:
    """The key results, each with what was read of it in that very week."""
    read = Reading.objects.filter(metric=OuterRef("metric"), week=week)
    rows = KeyResult.objects.filter(objective=objective).select_related("metric")
    found = rows.annotate(value_in_week=Subquery(read.values("value")[:1]))
    return [(row, row.value_in_week) for row in found]

"""The objectives of a cycle: made, changed, put in order, deleted.

Whoever may do it is decided by the caller (``projects.access``). What changes here is printed on
every page of the cycle, so all of its known weeks are announced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ManyToOneRel, Q, QuerySet

from projects import audit, ordering
from projects.conflicts import Opened, merge
from projects.models import (
    Cycle,
    KeyResult,
    Objective,
    Team,
    User,
)
from projects.objectives import cycles
from projects.ordering import next_position
from projects.text import names


@dataclass(frozen=True, slots=True)
class Wording:
    """What a manager decides of an objective."""

    code: str
    name: str
    owner: User | None = None
    aligned_to: Objective | None = None  # of another team


class CodeTaken(Exception):
    """Another objective of the cycle has that code; ``objective`` is that one."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        super().__init__(str(objective))


class ObjectiveInUse(Exception):
    """Projects, entries, pages or other objectives refer to it."""


@transaction.atomic
def create(cycle: Cycle, wording: Wording, *, by: User | None) -> Objective:
    """A new objective, the last of the cycle. Raises ``CodeTaken``."""
    cycle = locked(cycle)
    _require_free_code(cycle, wording.code, None)
    objective = Objective(
        team=cycle.team, cycle=cycle, position=next_position(cycle.objectives.all())
    )
    _put(objective, wording)
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
    cycle = locked(objective.cycle)
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
def move(objective: Objective, places: int, *, by: User | None, seen: int | None = None) -> None:
    """So many places down the cycle's order, or up when negative; at most to its end.

    ``seen`` is its place as the sender saw it, from 1; raises ``ordering.MovedAlready``.
    """
    cycle = locked(objective.cycle)
    order = list(Objective.objects.filter(cycle=cycle))
    if ordering.move(order, objective, places, seen):
        Objective.objects.bulk_update(order, ["position"])
        audit.note(cycle.team, "objective.move", objective, by=by, after=order_of(order))
        cycles.announce_since(cycle.team, cycle.starts_on)


@transaction.atomic
def delete(objective: Objective, *, by: User | None) -> None:
    """Take back an objective, with its key results; their metrics and readings stay.

    Raises ``ObjectiveInUse`` as soon as anything else refers to it.
    """
    cycle = locked(objective.cycle)
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


def locked(cycle: Cycle) -> Cycle:
    """The cycle as it stands now, held until the transaction ends: changes follow each other."""
    cycles_of = Cycle.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    return cycles_of.get(pk=cycle.pk)


def _require_free_code(cycle: Cycle, code: str, own: Objective | None) -> None:
    for other in Objective.objects.filter(cycle=cycle):
        if other != own and names.folded(other.code) == names.folded(code):
            raise CodeTaken(other)


def order_of(order: list[Any]) -> dict[str, Any]:
    return {"order": [str(row) for row in order]}


def _put(objective: Objective, wording: Wording) -> None:
    objective.code, objective.name = wording.code, wording.name
    objective.owner, objective.aligned_to = wording.owner, wording.aligned_to


def _wording(objective: Objective | Wording) -> dict[str, Any]:
    return {
        "code": objective.code,
        "name": objective.name,
        "owner": objective.owner,
        "aligned_to": objective.aligned_to,
    }


def _only(values: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    return {field: values[field] for field in fields}


def owners_of(team: Team, owned: Objective | KeyResult | None = None) -> QuerySet[User]:
    """Who may own an objective or key result: the members, and who owns this one already."""
    may = Q(memberships__team=team)
    if owned is not None and owned.owner is not None:
        may |= Q(pk=owned.owner.pk)
    return User.objects.filter(may).distinct()

"""A new cycle begins with what the one before it left unfinished.

An objective is unfinished while a key result is below 1.0 or a project of it is open. It goes on as
an objective of the new cycle, ``carried_from`` the old one; its key results start from where they
are. Open projects move with it; the entries of old weeks keep the objective they were told under.

A cycle may be made before it begins. Until then its projects stand where they were carried from:
``Objective.standing_in`` says so to a check-in, ``carried_from_id`` to the weekly page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from projects import audit, weeks
from projects.models import (
    Cycle,
    Health,
    KeyResult,
    Objective,
    Project,
    Reading,
    StatusEntry,
    Team,
    User,
)
from projects.objectives import cycles, scores
from projects.objectives.cycles import Period
from projects.portfolio import lifecycle
from projects.weeks import WEEK


@dataclass(frozen=True, slots=True)
class ResultSoFar:
    """A key result with its latest value."""

    key_result: KeyResult
    value: Decimal | None

    @property
    def score(self) -> Decimal | None:
        return scores.score(self.value, self.key_result.baseline, self.key_result.target)

    @property
    def is_reached(self) -> bool:
        return self.score == scores.REACHED


@dataclass(frozen=True, slots=True)
class ProjectSoFar:
    """A project that nobody has closed, with what was last told of it."""

    project: Project
    health: str
    percent: Decimal | None
    weeks_silent: int = 0  # since the health was told

    @property
    def is_done(self) -> bool:
        return self.health == Health.DONE


@dataclass(frozen=True, slots=True)
class Candidate:
    """An objective that could be carried over."""

    objective: Objective
    results: tuple[ResultSoFar, ...]
    projects: tuple[ProjectSoFar, ...]

    @property
    def is_unfinished(self) -> bool:
        is_short = any(not result.is_reached for result in self.results)
        return is_short or any(not project.is_done for project in self.projects)


@dataclass(frozen=True, slots=True)
class Choice:
    """The keys of what goes along, and of the done projects that are closed with the old cycle.

    The projects of an objective that does not go along stay with it.
    """

    objectives: frozenset[int] = frozenset()
    projects: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()


class NotBefore(Exception):
    """Nothing is carried over into a cycle that begins before the old one; ``cycle`` is that."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        super().__init__(cycle.name)


def candidates(cycle: Cycle) -> tuple[Candidate, ...]:
    """The cycle's objectives in its order, with all that could go along. Three queries."""
    objectives = list(Objective.objects.filter(cycle=cycle).select_related("owner"))
    results, projects = _results(cycle), _projects(cycle)
    return tuple(
        Candidate(objective, tuple(results[objective.pk]), tuple(projects[objective.pk]))
        for objective in objectives
    )


def _results(cycle: Cycle) -> dict[int, list[ResultSoFar]]:
    latest = Reading.objects.filter(metric=OuterRef("metric")).order_by("-week")
    rows = KeyResult.objects.filter(objective__cycle=cycle).select_related("metric")
    results = defaultdict(list)
    for row in rows.annotate(value=Subquery(latest.values("value")[:1])):
        results[row.objective_id].append(ResultSoFar(row, row.value))
    return results


def _projects(cycle: Cycle) -> dict[int | None, list[ProjectSoFar]]:
    open_ones = Project.objects.filter(objective__cycle=cycle, closed_on=None)
    open_ones = open_ones.select_related("lead").with_last_entry()
    rows: Iterable[Any] = open_ones.with_last_percent(cycle.team)
    by_objective, this_week = defaultdict(list), cycle.team.this_week()
    for row in rows:
        silent = (this_week - row.last_week) // WEEK if row.last_week else 0
        so_far = ProjectSoFar(row, row.last_health, row.last_percent, silent)
        by_objective[row.objective_id].append(so_far)
    return by_objective


@transaction.atomic
def begin_cycle(
    team: Team, period: Period, old: Cycle | None, choice: Choice, *, by: User | None
) -> Cycle:
    """Make the cycle and carry over what was chosen of the old one, or nothing of it at all.

    Key results keep metric and target, and take the latest value as their baseline; those that
    are reached stay behind. Keys that are not among the old cycle's mean nothing.
    Raises ``cycles.CycleOverlaps``, ``cycles.CycleNameTaken``, ``NotBefore``.
    """
    cycle = cycles.create(team, period, by=by)
    if old is None:
        return cycle
    going = [
        candidate for candidate in candidates(old) if candidate.objective.pk in choice.objectives
    ]
    if going and cycle.starts_on < old.starts_on:
        raise NotBefore(old)
    moved = _carry(going, cycle, choice.projects)
    _move_told(moved, cycle)
    closed = _close(old, choice.closed, by)
    counts = {
        "from": old.name,
        "objectives": [str(candidate.objective) for candidate in going],
        "projects": [project.name for project in moved],
        "closed": closed,
    }
    audit.note(team, "cycle.carry_over", cycle, by=by, after=counts)
    cycles.announce_since(team, min(team.today(), cycle.starts_on))
    return cycle


def _carry(going: Sequence[Candidate], cycle: Cycle, chosen: frozenset[int]) -> list[Project]:
    """Make their objectives and key results anew; the projects that were chosen move to them."""
    anew = Objective.objects.bulk_create(_anew(candidate.objective, cycle) for candidate in going)
    KeyResult.objects.bulk_create(
        KeyResult(
            team_id=objective.team_id,
            objective=objective,
            metric=result.key_result.metric,
            baseline=result.key_result.baseline if result.value is None else result.value,
            target=result.key_result.target,
            owner_id=result.key_result.owner_id,
            position=result.key_result.position,
        )
        for objective, candidate in zip(anew, going, strict=True)
        for result in candidate.results
        if not result.is_reached
    )
    moved = []
    for objective, candidate in zip(anew, going, strict=True):
        for carried in candidate.projects:
            if carried.project.pk in chosen:
                carried.project.objective = objective
                moved.append(carried.project)
    Project.objects.bulk_update(moved, ["objective"])
    return moved


def _move_told(moved: Iterable[Project], cycle: Cycle) -> None:
    """A cycle that is made late has weeks already: what was reported in them stands in it, and so
    do the projects of its objectives that were closed in them.
    """
    first = weeks.first_week_of(cycle, cycle.team.cycles.all())
    carried = Objective.objects.filter(cycle=cycle)
    closed = Project.objects.filter(
        objective__in=carried.values("carried_from"), closed_on__gte=first
    )
    keys = [project.pk for project in (*moved, *closed)]
    anew = carried.filter(carried_from=OuterRef("objective")).values("pk")[:1]
    closed.update(objective=Subquery(anew))
    entries = StatusEntry.objects.filter(project__in=keys, week__range=(first, cycle.ends_on))
    told_under = entries.filter(objective__in=carried.values("carried_from"))
    told_under.update(objective=Subquery(anew))


def _anew(old: Objective, cycle: Cycle) -> Objective:
    return Objective(
        team_id=old.team_id,
        cycle=cycle,
        code=old.code,
        name=old.name,
        owner=old.owner,
        position=old.position,
        aligned_to_id=old.aligned_to_id,
        carried_from=old,
    )


def _close(old: Cycle, chosen: frozenset[int], by: User | None) -> list[str]:
    """The names of the done projects that were closed; one that is not done stays open."""
    done = [
        row.project
        for rows in _projects(old).values()
        for row in rows
        if row.is_done and row.project.pk in chosen
    ]
    reason = _("done in %(cycle)s") % {"cycle": old.name}
    closed = lifecycle.close_projects(old.team, done, reason, by=by)
    return [project.name for project in closed]

"""Every project of a team, open and closed, under the objective and the cycle it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from projects.models import Alias, Cycle, Objective, Project, Team
from projects.standing import is_closed, printed_percent
from projects.text import names


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A project with what was last told of it."""

    project: Project
    aliases: tuple[str, ...]  # besides its name
    percent: Decimal | None
    is_carried: bool  # the latest entry tells no percent: this one is of an earlier week
    health: str
    week: date | None  # of its latest entry
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Group:
    objective: Objective | None
    lines: tuple[CatalogueLine, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A cycle with its projects; the last chapter has those under no objective."""

    cycle: Cycle | None
    groups: tuple[Group, ...]
    is_present: bool  # the cycle of today, or one to come, or none

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def catalogue_of(team: Team, search: str = "") -> tuple[Chapter, ...]:
    """The newest cycle first, open projects before closed ones; with ``search`` those that match.

    A name matches by a part of it or of an alias, written in whatever width, case or script. Two
    queries.
    """
    today = team.today()
    lines = [_line(project, today) for project in _searched(team, search.strip())]
    chapters = []
    for cycle, of_cycle in groupby(sorted(lines, key=_place), key=_cycle):
        groups = tuple(_groups(of_cycle))
        chapters.append(Chapter(cycle, groups, cycle is None or cycle.ends_on >= today))
    return tuple(chapters)


def _searched(team: Team, search: str) -> QuerySet[Project]:
    projects = (
        Project.objects.filter(team=team)
        .select_related("objective__cycle", "lead")
        .prefetch_related(Prefetch("aliases", Alias.objects.order_by("name")))
        .with_last_entry()
        .with_last_percent(team)
        .with_stage()
    )
    if not search:
        return projects
    matches = Q(name__icontains=search) | Q(aliases__name__icontains=search)
    if key := names.key(search):
        matches |= Q(aliases__key__contains=key)
    return projects.filter(pk__in=Project.objects.filter(matches, team=team).values("pk"))


def _line(project: Any, today: date) -> CatalogueLine:
    """Of a project with what ``_found`` annotates."""
    is_told = project.last_percent_week == project.last_week
    percent = printed_percent(project.last_percent if is_told else None, project.last_percent)
    return CatalogueLine(
        project=project,
        aliases=tuple(alias.name for alias in project.aliases.all() if alias.name != project.name),
        percent=percent.percent,
        is_carried=percent.is_carried,
        health=project.last_health,
        week=project.last_week,
        is_closed=is_closed(project.closed_on, today),
    )


def _cycle(line: CatalogueLine) -> Cycle | None:
    objective = line.project.objective
    return objective.cycle if objective else None


def _place(line: CatalogueLine) -> tuple[object, ...]:
    """Newest cycle first, none last; objectives and projects as the team has put them in order."""
    objective, project = line.project.objective, line.project
    order = (line.is_closed, project.position, project.pk)
    if objective is None:
        return (1, 0, 0, "", 0, *order)
    start = -objective.cycle.starts_on.toordinal()
    return (0, start, objective.position, objective.code, objective.pk, *order)


def _groups(lines: Iterable[CatalogueLine]) -> Iterator[Group]:
    for objective, of_objective in groupby(lines, key=lambda line: line.project.objective):
        yield Group(objective, tuple(of_objective))

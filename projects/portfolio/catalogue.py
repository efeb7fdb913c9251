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
from projects.standing import comes_from_history, is_carried, is_closed, is_history
from projects.text import names
from projects.weeks import WEEK, last_week_of, monday_of


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A project with what was last told of it."""

    project: Project
    aliases: tuple[str, ...]  # besides its name
    percent: Decimal | None
    is_carried: bool  # ``standing.is_carried``
    health: str  # "" where only history said one
    week: date | None  # of its latest entry
    weeks_silent: int  # since then
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
    today, this_week = team.today(), team.this_week()
    lines = [_line(team, project, today) for project in _searched(team, search.strip())]
    chapters = []
    for cycle, of_cycle in groupby(sorted(lines, key=_place), key=_cycle):
        groups = tuple(_groups(of_cycle))
        chapters.append(Chapter(cycle, groups, cycle is None or last_week_of(cycle) >= this_week))
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


def _line(team: Team, project: Any, today: date) -> CatalogueLine:
    """Of a project with what ``_searched`` annotates; what its own page says of it, too."""
    week, starts_on = project.last_week, team.starts_on
    is_of_history = week is not None and is_history(week, starts_on)
    is_known = not is_of_history or comes_from_history(project.started_on, starts_on)
    return CatalogueLine(
        project=project,
        aliases=tuple(alias.name for alias in project.aliases.all() if alias.name != project.name),
        percent=project.last_percent,
        is_carried=is_carried(project.last_percent_week, None if is_of_history else week),
        health="" if is_of_history else project.last_health,
        week=week if is_known else None,
        weeks_silent=(monday_of(today) - week) // WEEK if week else 0,
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

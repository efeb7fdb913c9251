"""The numbers that a person enters each week where they check in.

Those of the key results that they own, and of the metrics of the projects that they lead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from projects import standing
from projects.models import Cycle, KeyResult, Metric, Project, Reading, Team
from projects.prepared import Prepared
from projects.weeks import WEEK


@dataclass(frozen=True, slots=True)
class OwedNumber:
    """A metric, its readings of two weeks, and the objective of its key result, if any."""

    metric: Metric
    target: Decimal | None
    objective: str = ""  # the code
    now: Reading | None = None
    last: Reading | None = None


@dataclass(frozen=True, slots=True)
class NumbersOfWeek:
    """What people owe, key results first, each metric once; and what a text about a project may
    tell: its metrics, and the key results of its lead.
    """

    owed: list[OwedNumber]
    told: list[OwedNumber]


def owed_numbers(team: Team, week: date, owners: Collection[int]) -> list[OwedNumber]:
    """One query."""
    return numbers_of_week(team, week, owners).owed


def numbers_of(project: Project, week: date) -> list[OwedNumber]:
    """What a text about the project may tell. One query."""
    return numbers_of_week(project.team, week, (), project).told


def numbers_of_week(
    team: Team, week: date, owners: Collection[int], project: Project | None = None
) -> NumbersOfWeek:
    """What the ``owners`` owe, and what a text about the ``project`` may tell. One query."""
    if team.is_history(week):
        return NumbersOfWeek([], [])
    rows: list[Any] = _metrics.rows(  # annotated
        team=team.pk,
        week=week,
        today=team.today(),
        owners=tuple(owners),
        project=project.pk if project else None,
        lead=project.lead_id if project else None,
    )
    return NumbersOfWeek(
        [_owed(row, week) for row in rows if _is_owed(team, row)],
        [_owed(row, week) for row in rows if project and _is_told(team, row, project)],
    )


@Prepared
def _metrics(
    *,
    team: int,
    week: date,
    today: date,
    owners: tuple[int, ...],
    project: int | None,
    lead: int | None,
) -> QuerySet[Metric]:
    results = _key_results(team, week, owners).filter(metric=OuterRef("pk"))
    told_results = _key_results(team, week, (lead,) if lead else ()).filter(metric=OuterRef("pk"))
    owned_projects = Project.objects.filter(team=team, lead__in=owners).open_on(today)
    of_team = Reading.objects.filter(team=team).order_by("-week")
    own = of_team.filter(metric=OuterRef("pk"))
    then = own.filter(week=week)
    rows = Metric.objects.filter(team=team).annotate(
        result=Subquery(results.values("pk")[:1]),
        result_target=Subquery(results.values("target")[:1]),
        objective_code=Subquery(results.values("objective__code")[:1]),
        is_told_result=Exists(told_results),
        is_of_owners=Exists(owned_projects.filter(pk=OuterRef("project"))),
        now_value=Subquery(then.values("value")[:1]),
        now_note=Subquery(then.values("note")[:1]),
        last_value=Subquery(own.filter(week=week - WEEK).values("value")[:1]),
        newest=Subquery(own.values("week")[:1]),
        newest_of_team=Subquery(of_team.values("week")[:1]),
    )
    of_project = Q(project=project) if project else Q()
    rows = rows.filter(
        Q(result__isnull=False) | Q(is_of_owners=True) | Q(is_told_result=True) | of_project
    ).select_related("project")
    return rows.order_by(F("objective_code").asc(nulls_last=True), "position", "name")


def _key_results(team: int, week: date, owners: tuple[int, ...]) -> QuerySet[KeyResult]:
    """Those of the week's cycle that these people own, themselves or by their objective."""
    owned = Q(owner__in=owners) | Q(owner=None, objective__owner__in=owners)
    cycle = Cycle.objects.of_week(team, week)
    rows = KeyResult.objects.filter(owned, objective__cycle__in=cycle.values("pk"))
    return rows.order_by("objective__position", "position", "pk")


def _is_owed(team: Team, row: Any) -> bool:
    return bool(row.result) or (row.is_of_owners and _is_asked(team, row))


def _is_told(team: Team, row: Any, project: Project) -> bool:
    if row.project_id not in (None, project.pk):
        return False
    return row.is_told_result or (row.project_id == project.pk and _is_asked(team, row))


def _is_asked(team: Team, row: Any) -> bool:
    """As ``MetricQuerySet.asked_in``: none that only history reads."""
    if row.newest is None or team.starts_on is None:
        return True
    is_asked: bool = row.newest >= standing.asked_since(row.newest_of_team, team.starts_on)
    return is_asked


def _owed(row: Any, week: date) -> OwedNumber:
    now = last = None
    if row.now_value is not None:
        now = Reading(metric=row, week=week, value=row.now_value, note=row.now_note)
    if row.last_value is not None:
        last = Reading(metric=row, week=week - WEEK, value=row.last_value)
    target = row.result_target if row.result else row.target
    return OwedNumber(row, target, row.objective_code or "", now, last)

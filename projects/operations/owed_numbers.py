"""The numbers that a person enters each week where they check in.

Those of the key results that they own, and of the metrics of the projects that they lead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from projects import standing
from projects.models import Cycle, KeyResult, Metric, Project, Reading, Team
from projects.weeks import WEEK


@dataclass(frozen=True, slots=True)
class OwedNumber:
    """A metric, its readings of two weeks, and the objective of its key result, if any."""

    metric: Metric
    target: Decimal | None
    objective: str = ""  # the code
    now: Reading | None = None
    last: Reading | None = None


def owed_numbers(team: Team, week: date, owners: Collection[int]) -> list[OwedNumber]:
    """Key results first, each metric once. One query."""
    projects = Project.objects.filter(team=team, lead__in=owners).open_on(team.today())
    return _numbers(team, week, owners, projects)


def numbers_of(project: Project, week: date) -> list[OwedNumber]:
    """What a text about the project may tell: its metrics, and the key results of its lead."""
    owners = [project.lead_id] if project.lead_id else []
    numbers = _numbers(project.team, week, owners, Project.objects.filter(pk=project.pk))
    return [n for n in numbers if n.metric.project_id in (None, project.pk)]


def _numbers(
    team: Team, week: date, owners: Collection[int], projects: QuerySet[Project]
) -> list[OwedNumber]:
    if team.is_history(week):
        return []
    results = _key_results(team, week, owners).filter(metric=OuterRef("pk"))
    of_team = Reading.objects.filter(team=team).order_by("-week")
    own = of_team.filter(metric=OuterRef("pk"))
    then = own.filter(week=week)
    rows = Metric.objects.filter(team=team).annotate(
        result=Subquery(results.values("pk")[:1]),
        result_target=Subquery(results.values("target")[:1]),
        objective_code=Subquery(results.values("objective__code")[:1]),
        now_value=Subquery(then.values("value")[:1]),
        now_note=Subquery(then.values("note")[:1]),
        last_value=Subquery(own.filter(week=week - WEEK).values("value")[:1]),
        newest=Subquery(own.values("week")[:1]),
        newest_of_team=Subquery(of_team.values("week")[:1]),
    )
    rows = rows.filter(Q(result__isnull=False) | Q(project__in=projects)).select_related("project")
    wanted: Any = rows.order_by(F("objective_code").asc(nulls_last=True), "position", "name")
    return [_owed(row, week) for row in wanted if _is_asked(team, row)]


def _key_results(team: Team, week: date, owners: Collection[int]) -> QuerySet[KeyResult]:
    """Those of the week's cycle that these people own, themselves or by their objective."""
    owned = Q(owner__in=owners) | Q(owner=None, objective__owner__in=owners)
    cycle = Cycle.objects.of_week(team, week)
    rows = KeyResult.objects.filter(owned, objective__cycle__in=cycle.values("pk"))
    return rows.order_by("objective__position", "position", "pk")


def _is_asked(team: Team, row: Any) -> bool:
    """As ``MetricQuerySet.asked_in``: none that only history reads."""
    if row.result or row.newest is None or team.starts_on is None:
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

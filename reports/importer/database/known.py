"""What the database holds of a team before an import: the snapshot that ``plan`` works on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from projects.checkin.plan_lines import ADDED_FROM
from projects.models import (
    Alias,
    EntrySource,
    Incident,
    IncidentCount,
    LedgerField,
    Metric,
    MetricAlias,
    Milestone,
    PlannedItem,
    ProgressChange,
    Project,
    Reading,
    StatusEntry,
    Team,
)
from projects.text.names import key
from projects.weeks import Numbering, monday_of
from reports.importer.history import MilestoneHistory
from reports.importer.planned import KnownFacts, KnownProject
from reports.models import ImportBatch, Section, WeeklyPage

# Rows that have a place on a page of their own week.
_PLACED: Final = (StatusEntry, Incident, IncidentCount, Reading, PlannedItem)


def project_names(team: Team | None) -> list[str]:
    """The names and aliases of the team's projects, as they are written."""
    return (
        [] if team is None else list(Alias.objects.filter(team=team).values_list("name", flat=True))
    )


def load_known(team: Team | None, numbering: Numbering) -> KnownFacts:
    """The snapshot, in a number of queries that does not grow with the team's history."""
    if team is None:
        return KnownFacts(numbering=numbering, starts_on=monday_of(timezone.localdate()))
    metrics = {m.pk: m for m in Metric.objects.filter(team=team)}
    readings = Reading.objects.filter(team=team).values_list("metric_id", "week")
    batches = ImportBatch.objects.filter(team=team, undone_at=None)
    return KnownFacts(
        numbering=team.numbering,
        projects=_projects(team),
        entries=frozenset(StatusEntry.objects.filter(team=team).values_list("project_id", "week")),
        metrics={m.name: m.unit for m in metrics.values() if m.project_id is None},
        project_metrics={
            (m.project_id, m.name): m.unit for m in metrics.values() if m.project_id is not None
        },
        readings=frozenset(
            (metrics[metric].project_id, metrics[metric].name, week) for metric, week in readings
        ),
        metric_names=_metric_names(metrics.values(), team),
        counts=frozenset(IncidentCount.objects.filter(team=team).values_list("week", "severity")),
        digests=frozenset(
            source["digest"]
            for sources in batches.values_list("sources", flat=True)
            for source in sources
        ),
        last_lines=_last_lines(team),
        starts_on=start_of(team),
        is_running=_own_entries(team).filter(week__gte=team.starts_on or date.min).exists(),
        newest_week=_newest_week(team),
    )


def _metric_names(metrics: Iterable[Metric], team: Team) -> dict[tuple[int | None, str], str]:
    """By project and key each name of a metric; its own comes before another's alias."""
    of_metric = {metric.pk: metric for metric in metrics}
    aliases = MetricAlias.objects.filter(team=team).values_list("metric", "key")
    names = {(of_metric[pk].project_id, name_key): of_metric[pk].name for pk, name_key in aliases}
    names.update({(m.project_id, key(m.name)): m.name for m in of_metric.values()})
    return names


def start_of(team: Team) -> date:
    """The team's start; of one that has none, the first week that was reported here, or this week.

    What an import brings of the weeks before it is history.
    """
    if team.starts_on is not None:
        return team.starts_on
    first = _own_entries(team).aggregate(week=Min("week"))["week"]
    return first or team.this_week()


def _newest_week(team: Team) -> date | None:
    """The last week that anybody reported on; a page that opened by itself says nothing."""
    newest = StatusEntry.objects.filter(team=team).order_by("-week").first()
    return newest.week if newest else None


def _own_entries(team: Team) -> QuerySet[StatusEntry]:
    """Those that somebody reported here."""
    return StatusEntry.objects.filter(team=team).exclude(source=EntrySource.IMPORTED)


def _projects(team: Team) -> tuple[KnownProject, ...]:
    milestones: dict[int, list[MilestoneHistory]] = defaultdict(list)
    by_id: dict[int, MilestoneHistory] = {}
    for milestone in Milestone.objects.filter(team=team):
        history = MilestoneHistory(milestone.name, milestone.pk, is_history=milestone.is_history)
        by_id[milestone.pk] = history
        milestones[milestone.project_id].append(history)
    for row in ProgressChange.objects.counting().filter(team=team).order_by("week", "pk"):
        history = by_id[row.milestone_id]
        if row.field == LedgerField.PERCENT and row.new_percent is not None:
            history.known_percents[row.week] = row.new_percent
        elif row.field == LedgerField.DUE_ON and row.new_due_on is not None:
            history.known_dues[row.week] = (row.new_due_on, row.new_precision)
    projects = Project.objects.filter(team=team).prefetch_related("aliases")
    return tuple(
        KnownProject(
            id=project.pk,
            name=project.name,
            keys=tuple(alias.key for alias in project.aliases.all()),
            milestones=tuple(milestones[project.pk]),
            started_on=project.started_on,
            closed_on=project.closed_on,
        )
        for project in projects
    )


def _last_lines(team: Team) -> dict[date, int]:
    """The last line in use on each page that exists; what was added there by hand has none."""
    last = dict.fromkeys(WeeklyPage.objects.filter(team=team).values_list("week", flat=True), 0)
    last_of_models = [
        model.objects.filter(team=team, position__lt=ADDED_FROM)
        .values("week")
        .annotate(last=Max("position"))
        for model in _PLACED
    ]
    for rows in last_of_models:
        for row in rows:
            last[row["week"]] = max(last.get(row["week"], 0), row["last"] or 0)
    own = Section.objects.filter(team=team, position__lt=ADDED_FROM)
    sections = own.values("page__week").annotate(last=Max("position"))
    for row in sections:
        last[row["page__week"]] = max(last.get(row["page__week"], 0), row["last"] or 0)
    return last

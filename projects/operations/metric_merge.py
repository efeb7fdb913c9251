"""Two metrics that turn out to be one are made one, and can be taken apart again.

The values, key results and names of the one that is merged move to the one that is kept. Two that
both have a value of one week are two metrics: they are not merged.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects import audit, facts
from projects.models import KeyResult, Metric, MetricAlias, MetricMerge, Reading, Team, User
from projects.operations import metric_names
from projects.portfolio import rowstore
from projects.text import names


class NotOneMetric(Exception):
    """They cannot be one. ``weeks`` are those in which both have a value, if that is why."""

    def __init__(self, name: str, weeks: tuple[date, ...] = ()) -> None:
        self.weeks = weeks
        super().__init__(name)


class MetricUndoRefused(Exception):
    """The name of the merged metric means another one by now."""


@dataclass(slots=True)
class _MetricRecord:
    """What undo needs: the row that was merged, and which rows moved."""

    metric: dict[str, Any]
    moved: list[rowstore.Moved] = field(default_factory=list)


def candidates(metric: Metric) -> list[Metric]:
    """The metrics that may be this one: of its unit and its project, the likest names first."""
    others = Metric.objects.filter(team=metric.team_id, project=metric.project_id, unit=metric.unit)
    rows = list(others.exclude(pk=metric.pk))
    return sorted(rows, key=lambda other: -names.likeness(metric.name, other.name))


def shared_weeks(kept_metric: Metric, merged: Metric) -> tuple[date, ...]:
    """The weeks in which both have a value, the newest first."""
    mine = Reading.objects.filter(metric=kept_metric).values("week")
    both = Reading.objects.filter(metric=merged, week__in=mine).order_by("-week")
    return tuple(both.values_list("week", flat=True))


@transaction.atomic
def merge(kept_metric: Metric, merged: Metric, *, by: User | None) -> MetricMerge:
    """Make the two one: ``kept_metric``, which takes over all that refers to ``merged``.

    Raises ``NotOneMetric``; ``Metric.DoesNotExist`` when one of them is gone meanwhile.
    """
    team = Team.objects.locked().get(pk=kept_metric.team_id)
    rows = Metric.objects.filter(team=team, pk__in=(kept_metric.pk, merged.pk)).order_by("pk")
    by_key = {metric.pk: metric for metric in rows.select_for_update(no_key=True)}
    if len(by_key) < 2:
        raise Metric.DoesNotExist if kept_metric.pk != merged.pk else NotOneMetric(kept_metric.name)
    kept_metric, merged = by_key[kept_metric.pk], by_key[merged.pk]
    _refuse_two(kept_metric, merged)
    weeks = set(Reading.objects.filter(metric=merged).values_list("week", flat=True))
    record = _MetricRecord(rowstore.stored(merged))
    for model in (Reading, KeyResult, MetricAlias, MetricMerge):
        column = "kept_id" if model is MetricMerge else "metric_id"
        record.moved.append(rowstore.move(model, column, merged.pk, kept_metric.pk))
    merged.delete()
    done = MetricMerge.objects.create(
        team=team, kept=kept_metric, name=merged.name, record=asdict(record), by=by
    )
    metric_names.add(kept_metric, merged.name, by=by)
    audit.note(team, "metric.merge", merged.name, by=by, after={"kept": kept_metric})
    facts.announce(team, weeks | {team.this_week()})
    return done


def _refuse_two(kept_metric: Metric, merged: Metric) -> None:
    if (kept_metric.unit, kept_metric.project_id) != (merged.unit, merged.project_id):
        raise NotOneMetric(merged.name)
    if weeks := shared_weeks(kept_metric, merged):
        raise NotOneMetric(merged.name, weeks)
    mine = KeyResult.objects.filter(metric=kept_metric).values("objective")
    if KeyResult.objects.filter(metric=merged, objective__in=mine).exists():
        raise NotOneMetric(merged.name)


@transaction.atomic
def undo(done: MetricMerge, *, by: User | None) -> Metric:
    """Take the two apart again, and return the one that had been merged.

    A merge that was undone already is left as it is. Raises ``MetricUndoRefused``.
    """
    team = Team.objects.locked().get(pk=done.team_id)
    done = MetricMerge.objects.select_for_update(of=("self",)).get(pk=done.pk)
    record = _MetricRecord(**done.record)
    if done.undone_at is not None:
        return Metric.objects.get(pk=record.metric["pk"])
    key = names.key(done.name)
    MetricAlias.objects.filter(metric=done.kept_id, key=key).delete()
    if metric_names.meant_by(team, record.metric["fields"]["project"], done.name) is not None:
        raise MetricUndoRefused(done.name)
    rowstore.restore([record.metric])
    merged = Metric.objects.get(pk=record.metric["pk"])
    for moved in record.moved:
        rowstore.move_back(moved, done.kept_id, merged.pk)
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    weeks = set(Reading.objects.filter(metric=merged).values_list("week", flat=True))
    audit.note(team, "metric.unmerge", merged, by=by)
    facts.announce(team, weeks | {team.this_week()})
    return merged

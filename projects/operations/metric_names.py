"""The names of metrics: which metric a name means, among the team's or those of a project.

A name is known by its folded form (``names.key``). The caller decides who may change them.
"""

from __future__ import annotations

from django.db import transaction

from projects import audit
from projects.models import Metric, MetricAlias, Team, User
from projects.text import names


class MetricNameTaken(Exception):
    """Another metric goes by that name, or by one that reads like it."""


class MetricNameEmpty(Exception):
    """Nothing of the name is left to tell metrics apart by."""


def meant_by(team: Team, project_id: int | None, name: str) -> Metric | None:
    """The metric of the team, or of that project, that goes by this name."""
    metrics = Metric.objects.filter(team=team, project=project_id)
    key = names.key(name)
    alias = MetricAlias.objects.filter(metric__in=metrics, key=key).select_related("metric").first()
    if alias is not None:
        return alias.metric
    return next((metric for metric in metrics if names.key(metric.name) == key), None)


@transaction.atomic
def add(metric: Metric, name: str, *, by: User | None) -> MetricAlias | None:
    """Let the metric go by this name too; ``None`` for the name that it has.

    Raises ``MetricNameTaken``, ``MetricNameEmpty``.
    """
    name = name.strip()[:120]
    key = names.key(name)
    if not key:
        raise MetricNameEmpty(name)
    team = Team.objects.locked().get(pk=metric.team_id)
    meant = meant_by(team, metric.project_id, name)
    if meant is not None and meant.pk != metric.pk:
        raise MetricNameTaken(name)
    if names.key(metric.name) == key:
        return None
    alias, is_new = MetricAlias.objects.get_or_create(
        metric=metric, key=key, defaults={"team": team, "name": name}
    )
    if is_new:
        audit.note(team, "metric_alias.add", metric, by=by, after={"name": name})
    return alias


@transaction.atomic
def remove(alias: MetricAlias, *, by: User | None) -> None:
    """The metric no longer goes by this name."""
    metric = alias.metric
    audit.note(metric.team, "metric_alias.remove", metric, by=by, before={"name": alias.name})
    alias.delete()

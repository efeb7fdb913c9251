"""Metrics and their readings: named numbers and their values in a week."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from projects import standing
from projects.models.audit import Merge
from projects.models.constraints import is_monday
from projects.models.okrs import Direction
from projects.models.teams import Team, TeamOwned


class MetricQuerySet(models.QuerySet["Metric"]):
    def of_the_team(self) -> MetricQuerySet:
        """The team's own metrics, without those that belong to a project."""
        return self.filter(project=None)

    def asked_in(self, team: Team, week: date) -> MetricQuerySet:
        """Those whose numbers that week wants: in the present none that only history reads.

        Until somebody has entered a number since the team's start, those that the newest pages of
        history read go on (``standing.goes_on``). One that belongs to a key result is always asked
        for, and so is one without any reading. One query, made here.
        """
        if team.starts_on is None or team.is_history(week):
            return self
        newest = Reading.objects.filter(team=team).aggregate(week=Max("week"))["week"]
        since = standing.asked_since(newest, team.starts_on)
        readings = Reading.objects.filter(metric=OuterRef("pk"))
        is_wanted = Exists(readings.filter(week__gte=since)) | Q(key_results__isnull=False)
        return self.filter(is_wanted | ~Exists(readings)).distinct()


class Metric(TeamOwned):
    """A named number with its unit: 入金有效成功率 in %, or a project's own 累计金额 in 元."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="metrics", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    project = models.ForeignKey(
        "projects.Project",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="metrics",
        verbose_name=_("project"),
    )
    target = models.DecimalField(
        _("target"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction, default=Direction.UP
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects: ClassVar[models.Manager[Metric]] = MetricQuerySet.as_manager()

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ("position", "name")
        constraints = (
            models.UniqueConstraint(
                "team", "name", condition=Q(project=None), name="metric_name_in_team"
            ),
            models.UniqueConstraint(
                "project", "name", condition=Q(project__isnull=False), name="metric_name_in_project"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="metric_has_name"),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="metric_direction_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Reading(TeamOwned):
    """A metric's value in a week."""

    metric = models.ForeignKey(
        Metric, models.CASCADE, related_name="readings", verbose_name=_("metric")
    )
    week = models.DateField(_("week"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    note = models.CharField(_("note"), max_length=500, blank=True)
    text = models.TextField(_("as written"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("week", "position")
        constraints = (
            models.UniqueConstraint("metric", "week", name="reading_once_per_week"),
            is_monday("week", "reading_week_is_monday"),
        )
        indexes = (models.Index(fields=("team", "week"), name="reading_team_week"),)

    def __str__(self) -> str:
        return f"{self.metric} {self.week}: {self.value}"


class MetricAlias(TeamOwned):
    """Another name that people write for a metric; ``key`` as ``projects.text.names.key`` folds it.

    A metric's own name has no row here. That no two metrics of a team, or of a project, go by one
    name is seen to by ``projects.operations.metric_names``.
    """

    metric = models.ForeignKey(
        Metric, models.CASCADE, related_name="aliases", verbose_name=_("metric")
    )
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("alias of a metric")
        verbose_name_plural = _("aliases of metrics")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("metric", "key", name="metric_alias_once_per_metric"),
            models.CheckConstraint(condition=~Q(key=""), name="metric_alias_has_key"),
        )

    def __str__(self) -> str:
        return self.name


class MetricMerge(Merge):
    """A merge of two metrics."""

    kept = models.ForeignKey(
        Metric, models.CASCADE, related_name="merges", verbose_name=_("metric")
    )
    name = models.CharField(_("name of the merged metric"), max_length=120)

    class Meta(Merge.Meta):
        verbose_name = _("merge of metrics")
        verbose_name_plural = _("merges of metrics")

    def __str__(self) -> str:
        return f"{self.name} → {self.kept}"

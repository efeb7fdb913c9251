"""Cycles, their objectives, and the key results that an objective is measured by."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from projects.models.teams import Team, TeamOwned
from projects.weeks import last_day


class CycleQuerySet(models.QuerySet["Cycle"]):
    def of_week(self, team: Team | int, week: date) -> CycleQuerySet:
        """The one that the week belongs to, or none: see ``projects.weeks.cycle_of``."""
        in_week = self.filter(team=team, starts_on__lte=last_day(week), ends_on__gte=week)
        return in_week.order_by("starts_on")[:1]

    def key_shown_in(self, team: Team | int, week: date) -> Coalesce:
        """The key of the one whose objectives the week's page has: ``of_week``; between two cycles,
        and after the last one, the one before (``projects.objectives.cycles.shown``).
        """
        over = self.filter(team=team, ends_on__lt=week).order_by("-ends_on")
        of_week = self.of_week(team, week)
        return Coalesce(Subquery(of_week.values("pk")), Subquery(over.values("pk")[:1]))


class Cycle(TeamOwned):
    """A half-year or quarter. Cycles of a team never overlap.

    The database enforces that by ``cycle_no_overlap``, which migration 0002 makes: an exclusion
    constraint on PostgreSQL, a pair of triggers on SQLite.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="cycles", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=40)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ("-starts_on",)
        constraints = (
            models.UniqueConstraint("team", "name", name="cycle_name_in_team"),
            models.CheckConstraint(condition=~Q(name=""), name="cycle_has_name"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="cycle_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Objective(TeamOwned):
    """O1 to O4 of a cycle."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="objectives", verbose_name=_("team")
    )
    cycle = models.ForeignKey(
        Cycle, models.CASCADE, related_name="objectives", verbose_name=_("cycle")
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    aligned_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="aligned",
        verbose_name=_("aligned to"),
    )
    carried_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("carried over from"),
    )

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint("cycle", "code", name="objective_code_in_cycle"),
            models.CheckConstraint(condition=~Q(code=""), name="objective_has_code"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    def standing_in(self, week: date, cycle: Cycle | None) -> Objective | None:
        """The objective that this one was in that week: itself, once its cycle has begun.

        Before that, the objective that it was carried over from; ``None`` if there is none.
        ``cycle`` is the one that the week belongs to.
        """
        newest = cycle.starts_on if cycle else week
        objective: Objective | None = self
        while objective is not None and objective.cycle.starts_on > newest:
            objective = objective.carried_from
        return objective


class Direction(models.TextChoices):
    UP = "up", _("the more the better")
    DOWN = "down", _("the less the better")


class KeyResult(TeamOwned):
    """A metric tied to an objective, with a baseline and a target."""

    objective = models.ForeignKey(
        Objective, models.CASCADE, related_name="key_results", verbose_name=_("objective")
    )
    metric = models.ForeignKey(
        "projects.Metric", models.RESTRICT, related_name="key_results", verbose_name=_("metric")
    )
    # Who enters its number each week; without one the owner of the objective does.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=4)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=4)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("key result")
        verbose_name_plural = _("key results")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint("objective", "metric", name="key_result_metric_once"),
            models.CheckConstraint(
                condition=~Q(baseline=F("target")), name="key_result_target_moves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} → {self.target}"

    @property
    def direction(self) -> Direction:
        """Which way is better: from the baseline towards the target."""
        return Direction.UP if self.target > self.baseline else Direction.DOWN

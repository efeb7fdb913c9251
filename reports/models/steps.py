"""What the schedule has done, so that it does nothing twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import TeamOwned
from projects.models.constraints import is_monday


class Step(models.TextChoices):
    """A step of a week's life (docs/architecture.md), in its order."""

    OPEN = "open", _("opened")
    REMIND_FIRST = "remind_1", _("first reminder")
    REMIND_LAST = "remind_2", _("last reminder")
    CLOSE = "close", _("cutoff")
    PUBLISH = "publish", _("published, or the manager reminded of it")
    DIGEST = "digest", _("digest sent")


class WeekStep(TeamOwned):
    """One step that was taken. The row is written in the transaction of its work: of two clocks
    that come to the same step, the constraint lets one through.
    """

    week = models.DateField(_("week"))
    step = models.CharField(_("step"), max_length=10, choices=Step)
    due_at = models.DateTimeField(_("due at"))
    done_at = models.DateTimeField(_("done at"), default=timezone.now)
    # What came of it, by name: how many were reminded, how many findings were open.
    result = models.JSONField(_("result"), default=dict, blank=True)

    class Meta:
        verbose_name = _("step of a week")
        verbose_name_plural = _("steps of weeks")
        ordering = ("week", "due_at", "pk")
        constraints = (
            models.UniqueConstraint("team", "week", "step", name="week_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="week_step_known"),
            is_monday("week", "week_step_week_is_monday"),
        )

    def __str__(self) -> str:
        return f"{self.week} {self.step}"


class Heartbeat(models.Model):
    """When a part of the machine was last known to live: ``tick``."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.part} {self.at:%Y-%m-%d %H:%M}"

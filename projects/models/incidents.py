"""Production incidents, and counts of them by severity."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.constraints import is_monday
from projects.models.teams import Team, TeamOwned


class Incident(TeamOwned):
    """A production incident. ``text`` is the record as an old page wrote it."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="incidents", verbose_name=_("team"))
    week = models.DateField(_("week"))
    occurred_at = models.DateTimeField(_("occurred at"))
    detected_by = models.CharField(_("detected by"), max_length=40, blank=True)
    severity = models.CharField(_("severity"), max_length=10, blank=True)
    description = models.TextField(_("description"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    resolution = models.TextField(_("resolution"), blank=True)
    recovered_at = models.DateTimeField(_("recovered at"), null=True, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    project = models.ForeignKey(
        "projects.Project",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("project"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    text = models.TextField(_("as written"), blank=True)
    position = models.PositiveIntegerField(_("line on the page"), default=0)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("occurred_at", "position")
        constraints = (
            is_monday("week", "incident_week_is_monday"),
            models.CheckConstraint(
                condition=Q(recovered_at=None) | Q(recovered_at__gte=F("occurred_at")),
                name="incident_recovered_after_it_occurred",
            ),
        )
        indexes = (models.Index(fields=("team", "week"), name="incident_team_week"),)

    def __str__(self) -> str:
        return f"{self.occurred_at:%m-%d %H:%M} {self.description[:40]}"


class IncidentCount(TeamOwned):
    """How many incidents of a severity a week has; may be fractional (0.5) or grouped (AB)."""

    week = models.DateField(_("week"))
    severity = models.CharField(_("severity"), max_length=10)
    count = models.DecimalField(_("count"), max_digits=8, decimal_places=2)
    text = models.TextField(_("as written"), blank=True)
    position = models.PositiveIntegerField(_("line on the page"), default=0)

    class Meta:
        verbose_name = _("incident count")
        verbose_name_plural = _("incident counts")
        ordering = ("week", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                "team", "week", "severity", name="incident_count_once_per_week"
            ),
            is_monday("week", "incident_count_week_is_monday"),
            models.CheckConstraint(condition=Q(count__gte=0), name="incident_count_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.severity}: {self.count}"

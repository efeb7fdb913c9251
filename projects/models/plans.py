"""The plan for next week, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.constraints import is_monday
from projects.models.teams import TeamOwned


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    PARTLY = "partly", _("partly done")
    NOT_DONE = "not_done", _("not done")
    CARRIED_ON = "carried_on", _("carried on")


class PlannedItem(TeamOwned):
    """One line of the plan that the page of ``week`` prints for the week after; outcome later."""

    week = models.DateField(_("week"))
    text = models.TextField(_("text"))
    position = models.PositiveIntegerField(_("position"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    outcome_note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("planned item")
        verbose_name_plural = _("planned items")
        ordering = ("week", "position", "pk")
        constraints = (
            is_monday("week", "planned_item_week_is_monday"),
            models.CheckConstraint(condition=~Q(text=""), name="planned_item_has_text"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]), name="planned_item_outcome_known"
            ),
        )
        indexes = (models.Index(fields=("team", "week"), name="planned_item_team_week"),)

    def __str__(self) -> str:
        return self.text

"""Records of changes that the ledger of percents and dates does not hold."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.teams import TeamOwned
from projects.models.work import Project


class AuditRecord(TeamOwned):
    """One change: a rename, a new role, a merge. A record is never changed.

    ``action`` is ``thing.verb`` (``milestone.rename``). ``subject`` is the name of what was changed
    (it may be deleted later); ``before`` and ``after`` hold the changed values.
    """

    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    # Of the row that ``action`` names the table of; empty in older records, or where there is none.
    subject_id = models.BigIntegerField(null=True, editable=False)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("project"),
    )
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")
        ordering = ("-at", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(action=""), name="audit_has_action"),)
        indexes = (
            models.Index(fields=("team", "-at"), name="audit_team_at"),
            models.Index(fields=("project", "-at"), name="audit_project_at"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Merge(TeamOwned):
    """Two rows of one kind that were made one. ``record`` holds what undoing it needs."""

    record = models.JSONField(default=dict, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta(TeamOwned.Meta):
        abstract = True
        ordering = ("-at",)


class ProjectMerge(Merge):
    """A merge of two projects."""

    kept = models.ForeignKey(
        Project, models.CASCADE, related_name="merges", verbose_name=_("project")
    )
    name = models.CharField(_("name of the merged project"), max_length=120)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta(Merge.Meta):
        verbose_name = _("merge of projects")
        verbose_name_plural = _("merges of projects")

    def __str__(self) -> str:
        return f"{self.name} → {self.kept}"

"""What an import read and made, so that it can be undone."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Team, TeamOwned


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def files_of(self, team: Team, week: date) -> list[str]:
        """The names of the files, without their folders, that the week's page was read from."""
        batches = self.filter(team=team, undone_at=None).order_by("pk")
        paths = (
            source["name"]
            for sources in batches.values_list("sources", flat=True)
            for source in sources
            if source["week"] == week.isoformat()
        )
        return list(dict.fromkeys(PurePath(path).name for path in paths))


class ImportBatch(TeamOwned):
    """One import that was applied: what it read, what it made, and whether it was undone."""

    sources = models.JSONField(_("sources"), default=list)
    suggestions = models.JSONField(_("suggestions"), default=list, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("applied by"),
    )
    applied_at = models.DateTimeField(_("applied at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects: ClassVar[models.Manager[ImportBatch]] = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ("-applied_at",)

    def __str__(self) -> str:
        return f"#{self.pk} {self.applied_at:%Y-%m-%d %H:%M}"


class RememberedColumns(TeamOwned):
    """What a person said of the columns of one kind of table, for the team's next imports.

    ``key`` is a hash of the headings, folded; ``roles`` holds roles of ``reports.importer.columns``
    by heading.
    """

    key = models.CharField(max_length=64)
    headings = models.JSONField(_("headings"), default=list)
    roles = models.JSONField(_("what the columns hold"), default=dict)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("columns of a table")
        verbose_name_plural = _("columns of tables")
        ordering = ("-changed_at", "-pk")
        constraints = (
            models.UniqueConstraint("team", "key", name="remembered_columns_once_per_team"),
        )

    def __str__(self) -> str:
        return ", ".join(self.headings)


class ImportRecord(TeamOwned):
    """One row that a batch made or changed, with its values before and after: what undo needs."""

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="records", verbose_name=_("import batch")
    )
    model = models.CharField(_("table"), max_length=60)
    object_id = models.BigIntegerField(_("row"))
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)

    class Meta:
        verbose_name = _("import record")
        verbose_name_plural = _("import records")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "batch", "model", "object_id", name="import_record_once_per_row"
            ),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"

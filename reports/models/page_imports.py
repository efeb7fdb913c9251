"""An import in the browser: its files, the pages read from them, what a person has to decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import TeamOwned
from reports.models.imports import ImportBatch

# A worker renews its claim with each page; one that is older counts as that of a dead worker.
CLAIM_LASTS: Final = timedelta(seconds=90)


SHOWN_FILES: Final = 3  # in a line of the list of imports


class ImportState(models.TextChoices):
    READING = "reading", _("being read")
    REVIEW = "review", _("to be reviewed")
    APPLYING = "applying", _("being imported")
    APPLIED = "applied", _("imported")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


WORKING: Final = (ImportState.READING, ImportState.APPLYING)
OPEN: Final = (*WORKING, ImportState.REVIEW, ImportState.FAILED)


class PageImportQuerySet(models.QuerySet["PageImport"]):
    def open(self) -> PageImportQuerySet:
        """Those that are neither applied nor cancelled."""
        return self.filter(state__in=OPEN)

    def with_file_names(self) -> PageImportQuerySet:
        """Each with its ``first_files`` and the ``number_of_files``."""
        first = ImportFile.objects.filter(position__lt=SHOWN_FILES).defer("data")
        rows = self.annotate(number_of_files=models.Count("files"))
        return rows.prefetch_related(models.Prefetch("files", first, to_attr="first_files"))

    def waiting(self, now: datetime) -> PageImportQuerySet:
        """Those that a worker has to go on with, and that none holds."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
        return self.filter(free, state__in=WORKING)


class PageImport(TeamOwned):
    """Old weekly pages that somebody hands in with a browser, until they are imported.

    ``done`` of ``total`` files or pages of the present ``step`` are finished. ``claimed_at`` is
    when the worker that does it last said so, ``attempts`` how many workers have begun it.
    """

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.READING
    )
    # What a worker is at: the files, the pages, comparing them, writing.
    step = models.CharField(max_length=8, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    current = models.CharField(_("file that is being read"), max_length=300, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)
    # Who applies it, and what came of it: see reports.imports.applying.
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    batch = models.OneToOneField(
        ImportBatch,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="page_import",
        verbose_name=_("import batch"),
    )

    objects: ClassVar[models.Manager[PageImport]] = PageImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of pages")
        verbose_name_plural = _("imports of pages")
        ordering = ("-started_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="page_import_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or should."""
        return self.state in WORKING


class ImportFile(TeamOwned):
    """One file that was handed in. ``data`` goes when it is imported.

    The name is what the browser sent: it is shown and compared, and never a path on this machine.
    """

    page_import = models.ForeignKey(
        PageImport, models.CASCADE, related_name="files", verbose_name=_("import of pages")
    )
    name = models.CharField(_("name"), max_length=300)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    data = models.BinaryField(null=True, blank=True)
    is_read = models.BooleanField(_("read"), default=False)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    # What could not be read in it: [{"name", "line", "reason"}].
    faults = models.JSONField(_("not read"), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class ImportPage(TeamOwned):
    """One page that was read, with its source, as ``reports.imports.documents`` writes it.

    ``week`` is null while nothing says which it is. ``key`` is a hash of the page's text.
    """

    page_import = models.ForeignKey(
        PageImport, models.CASCADE, related_name="pages", verbose_name=_("import of pages")
    )
    source = models.CharField(_("source"), max_length=500)
    week = models.DateField(_("week"), null=True, blank=True)
    key = models.CharField(max_length=64)
    document = models.BinaryField()

    class Meta:
        verbose_name = _("imported page")
        verbose_name_plural = _("imported pages")
        ordering = ("week", "pk")

    def __str__(self) -> str:
        return self.source


class ImportDoubt(TeamOwned):
    """Something that the reading leaves open, and what a person decided of it.

    ``kind`` and ``detail`` are those of ``reports.importer.doubts``; ``choice`` is null until it is
    decided, and then what ``reports.importer.decisions`` takes.
    """

    page_import = models.ForeignKey(
        PageImport, models.CASCADE, related_name="doubts", verbose_name=_("import of pages")
    )
    kind = models.CharField(_("kind"), max_length=10)
    key = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=200)
    detail = models.JSONField(default=dict, blank=True)
    choice = models.JSONField(_("decision"), null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("doubt of an import")
        verbose_name_plural = _("doubts of an import")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint("page_import", "key", name="import_doubt_key_in_import"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.decided_at is None

"""Frozen editions of a weekly page, the files made of them, and the digests that send them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Language, Team, TeamOwned
from reports.models.pages import WeeklyPage


class EditionQuerySet(models.QuerySet["Edition"]):
    def of_week(self, team: Team | int, week: date) -> EditionQuerySet:
        return self.filter(page__team=team, page__week=week)


class Edition(TeamOwned):
    """One frozen, numbered state of a published page; a correction is a new edition.

    The database itself refuses to change or delete one (triggers, see the migrations).
    ``sha256`` is that of the document's canonical JSON (``reports.weekly.document.canonical``).
    ``publisher`` is the publisher's name at that time; empty where the schedule published.
    """

    page = models.ForeignKey(
        WeeklyPage, models.PROTECT, related_name="editions", verbose_name=_("weekly page")
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # Against the edition before it: reports.weekly.changes, as JSON. Empty in the first.
    changes = models.JSONField(_("changes"), default=list, blank=True)
    note = models.TextField(_("reason of the correction"), blank=True)
    # The Mondays of the weeks without a working day that are merged into this one and have a page.
    joined = models.JSONField(_("published together"), default=list, blank=True)
    # Whether an earlier edition was mailed, so that this one's mail comes as a correction.
    follows_mail = models.BooleanField(_("corrects a mail"), default=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    publisher = models.CharField(_("published by"), max_length=80, blank=True)
    published_at = models.DateTimeField(_("published at"), default=timezone.now)

    objects: ClassVar[models.Manager[Edition]] = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("page", "-number")
        constraints = (
            models.UniqueConstraint("page", "number", name="edition_number_in_page"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_number_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.page} · {self.number}"


class FileKind(models.TextChoices):
    """The kinds of files that are made of an edition."""

    SHEET = "sheet", _("page")  # of older versions; screens show the document in today's layout
    HTML = "html", "HTML"  # one file that needs nothing else
    MARKDOWN = "md", "Markdown"
    JSON = "json", "JSON"
    PDF = "pdf", "PDF"
    MAIL = "mail", _("mail")  # subject, text, HTML and pictures, as reports.render.digest packs it


class EditionFile(TeamOwned):
    """A file as it was made when it was first asked for: those bytes for ever.

    A later version of a template does not change what was published. Frozen like the edition.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="files", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        constraints = (
            models.UniqueConstraint(
                "edition", "kind", "language", name="edition_file_once_per_kind_and_language"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="edition_file_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition} {self.kind}"


class Digest(TeamOwned):
    """An edition that is to be sent to the team's recipients, from ``due_at`` on.

    ``prepared_at`` is set in the transaction that writes its deliveries, one for each recipient
    of that moment. The digest of a newer edition replaces one that is not prepared yet.
    """

    edition = models.OneToOneField(
        Edition, models.PROTECT, related_name="digest", verbose_name=_("edition")
    )
    due_at = models.DateTimeField(_("due at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    prepared_at = models.DateTimeField(_("prepared at"), null=True, blank=True)

    class Meta:
        verbose_name = _("weekly digest")
        verbose_name_plural = _("weekly digests")
        ordering = ("due_at",)
        indexes = (
            models.Index(
                fields=("due_at",), name="digest_to_prepare", condition=Q(prepared_at=None)
            ),
        )

    def __str__(self) -> str:
        return str(self.edition)

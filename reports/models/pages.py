"""The weekly page of a team, and the words on it that are the manager's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Team, TeamOwned, WeekFacts
from projects.models.constraints import is_monday
from projects.weeks import judged_on
from reports.weekly.sections import STORED, Kind

CLAIM_LASTS: Final = timedelta(minutes=1)


class WeeklyPageQuerySet(models.QuerySet["WeeklyPage"]):
    def of_week(self, team: Team, week: date) -> WeeklyPageQuerySet:
        return self.filter(team=team, week=week)

    def with_facts(self) -> WeeklyPageQuerySet:
        """With the team, and ``facts_revision``."""
        return self.with_revision().select_related("team")

    def with_revision(self) -> WeeklyPageQuerySet:
        """With ``facts_revision``: how often the facts of the page's week changed."""
        facts = WeekFacts.objects.filter(team=OuterRef("team"), week=OuterRef("week"))
        revision = Subquery(facts.values("revision")[:1])
        annotations = {
            "facts_revision": Coalesce(revision, Value(0))
        }  # declared on the model below
        return self.annotate(**annotations)

    def claimed(self, now: datetime) -> WeeklyPageQuerySet:
        """Pages whose compile is on its way. An old claim counts as that of a lost message."""
        return self.filter(queued_at__gte=now - CLAIM_LASTS)

    def unclaimed(self, now: datetime) -> WeeklyPageQuerySet:
        return self.filter(Q(queued_at=None) | Q(queued_at__lt=now - CLAIM_LASTS))


class WeeklyPage(TeamOwned):
    """The document of a team's week, compiled from the facts.

    ``compiled_revision`` is the ``WeekFacts.revision`` it was compiled from; the page is stale
    when the facts have moved on. ``queued_at`` is set while a compile is on its way.
    """

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="weekly_pages", verbose_name=_("team")
    )
    week = models.DateField(_("week"))
    title = models.CharField(_("title as written"), max_length=300, blank=True)
    # What the import warns of about the page's week: label_mismatch, week_guessed.
    warnings = models.JSONField(_("warnings of the import"), default=list, blank=True)
    document = models.JSONField(_("document"), null=True, blank=True, editable=False)
    compiled_revision = models.PositiveBigIntegerField(default=0, editable=False)
    compiled_at = models.DateTimeField(_("compiled at"), null=True, blank=True, editable=False)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The verdicts on findings, by Finding.key: {note, by, at}.
    verdicts = models.JSONField(_("verdicts on findings"), default=dict, blank=True, editable=False)
    # The moves of dates that the manager has taken note of, by ``overview.move_key``: {by, at}.
    acknowledged = models.JSONField(
        _("moves taken note of"), default=dict, blank=True, editable=False
    )
    # The revision of the facts that the latest edition was made of.
    published_revision = models.PositiveBigIntegerField(default=0, editable=False)
    # The number of the edition that its manager declared final: its digest goes out as it is.
    final_edition = models.PositiveIntegerField(_("final edition"), default=0, editable=False)
    # Why the week stays without a published page; empty: it waits to be published.
    left_out_reason = models.CharField(
        _("why it is not published"), max_length=200, blank=True, default="", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    facts_revision: int  # of ``with_facts``

    objects: ClassVar[models.Manager[WeeklyPage]] = WeeklyPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly page")
        verbose_name_plural = _("weekly pages")
        ordering = ("-week",)
        constraints = (
            models.UniqueConstraint("team", "week", name="weekly_page_once_per_week"),
            is_monday("week", "weekly_page_week_is_monday"),
        )

    def __str__(self) -> str:
        return self.team.week_label(self.week)

    @property
    def is_stale(self) -> bool:
        """Whether the page would be another one if it were compiled now.

        The facts have changed since, or the day by which dates are judged as past due. Only for a
        page that was read ``with_facts``.
        """
        if self.compiled_at is None or self.compiled_revision < self.facts_revision:
            return True
        compiled_on = self.team.local(self.compiled_at).date()
        today = self.team.today()
        return judged_on(self.week, compiled_on) != judged_on(self.week, today)


class Section(TeamOwned):
    """A heading and the words below it that belong to no other row.

    The manager's own sections are such rows, and so is each run of lines of an imported page that
    was not understood. Its ``position`` is its line there, so it is printed in its place between
    the entries, readings and incidents of that page. It continues the section whose heading stands
    before it, and its own ``heading`` is empty. ``level`` is the depth of the heading (1 to 6) in
    the source.
    """

    page = models.ForeignKey(
        WeeklyPage, models.CASCADE, related_name="sections", verbose_name=_("weekly page")
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[(section.kind.value, _(section.stored_as)) for section in STORED],
        default=Kind.CUSTOM.value,
    )
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), default=2)
    body = models.TextField(_("text"), blank=True)
    objective = models.ForeignKey(
        "projects.Objective",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("objective"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[section.kind.value for section in STORED]),
                name="section_kind_known",
            ),
        )
        indexes = (models.Index(fields=("page", "position"), name="section_page_position"),)

    def __str__(self) -> str:
        return self.heading or self.body[:40]

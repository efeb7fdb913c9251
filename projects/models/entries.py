"""What a lead reports on a project in a week, and what the manager asks about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects import standing
from projects.models.constraints import is_monday, is_percent
from projects.models.teams import Team, TeamOwned
from projects.models.work import Project, Stage
from projects.reported import REPORTED


class Health(models.TextChoices):
    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OFF_TRACK = "off_track", _("off track")
    DONE = "done", _("done")
    PAUSED = "paused", _("paused")


class EntrySource(models.TextChoices):
    REPORTED = "reported", _("reported")
    CONFIRMED = "confirmed", _("confirmed without change")
    IMPORTED = "imported", _("imported")


class StatusEntryQuerySet(models.QuerySet["StatusEntry"]):
    def of_week(self, team: Team, week: date) -> StatusEntryQuerySet:
        return self.filter(team=team, week=week)

    def with_told_percent(self) -> models.QuerySet[Any]:
        """With ``told_percent``: ``standing.told_percent`` as a query."""
        return self.annotate(told_percent=Coalesce("percent", "weighted_percent"))

    def telling_percent(self) -> models.QuerySet[Any]:
        """Those that tell a percent, with their ``told_percent``."""
        return self.with_told_percent().exclude(told_percent=None)


class StatusEntry(TeamOwned):
    """One project in one week: what its lead reported (``projects.reported``) and where it stood.

    ``percent`` is the one that is printed.
    ``objective`` and ``is_focus`` say where the project stood in that week, so that an old page
    does not change when a project moves on. ``health`` is empty where an old page did not say it.
    The fields under "as imported" keep what an old page looked like: how it called the project,
    under which heading, in which order.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="entries", verbose_name=_("project")
    )
    week = models.DateField(_("week"))
    text = models.TextField(_("progress this week"), blank=True)
    health = models.CharField(
        _("health"), max_length=10, choices=Health, default=Health.ON_TRACK, blank=True
    )
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stage")
    )
    risks = models.TextField(_("risks"), blank=True)
    percent = models.DecimalField(
        _("percent complete"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    drop_reason = models.TextField(_("reason of the drop"), blank=True)
    weighted_percent = models.DecimalField(
        _("percent by milestones"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    objective = models.ForeignKey(
        "projects.Objective",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("objective"),
    )
    is_focus = models.BooleanField(_("focus project"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    source = models.CharField(
        _("source"), max_length=10, choices=EntrySource, default=EntrySource.REPORTED
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)

    # As imported.
    name = models.CharField(_("name as written"), max_length=200, blank=True)
    section = models.CharField(_("heading as written"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("line on the page"), default=0)
    repeats = models.JSONField(_("further places on the page"), default=list, blank=True)

    objects: ClassVar[models.Manager[StatusEntry]] = StatusEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("status entry")
        verbose_name_plural = _("status entries")
        ordering = ("-week", "position", "pk")
        constraints = (
            models.UniqueConstraint("project", "week", name="entry_once_per_project_and_week"),
            is_monday("week", "entry_week_is_monday"),
            is_percent("percent", "entry_percent_0_to_100"),
            is_percent("weighted_percent", "entry_weighted_percent_0_to_100"),
            models.CheckConstraint(
                condition=Q(health__in=["", *Health.values]), name="entry_health_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=EntrySource.values), name="entry_source_known"
            ),
        )
        indexes = (models.Index(fields=("team", "week"), name="entry_team_week"),)

    def __str__(self) -> str:
        return f"{self.project} {self.week}"

    def reported(self) -> dict[str, Any]:
        """The values of ``REPORTED`` as the lead gave them, by their names.

        The percent is ``None`` where it is what the milestones add up to: nobody said that, and
        they may add up to something else by now.
        """
        values = {name: getattr(self, name) for name in REPORTED}
        if self.percent == self.weighted_percent:
            values["percent"] = None
        return values

    @property
    def week_percent(self) -> Decimal | None:
        """The percent that it tells of its week."""
        return standing.told_percent(self.percent, self.weighted_percent)


class LastSave(TeamOwned):
    """What the latest save of a check-in changed, so that who saved it can undo it.

    It holds while the entry has this ``revision``. ``record`` is what ``checkin.last_save`` keeps.
    """

    entry = models.OneToOneField(StatusEntry, models.CASCADE, related_name="last_save")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField()
    record = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("latest save")
        verbose_name_plural = _("latest saves")

    def __str__(self) -> str:
        return f"{self.entry} r{self.revision}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> QuestionQuerySet:
        return self.filter(answered_at=None)


class Question(TeamOwned):
    """The manager's question on an entry; it stays in the lead's form until it is answered."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="questions", verbose_name=_("project")
    )
    week = models.DateField(_("week"))
    text = models.CharField(_("question"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects: ClassVar[models.Manager[Question]] = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("asked_at",)
        constraints = (
            is_monday("week", "question_week_is_monday"),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_words"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="question_answered_with_words",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Draft(TeamOwned):
    """What somebody typed into one field and has not sent yet (``projects.checkin.drafts``).

    The field is one of the check-in of ``project`` or, without one, of the team's weekly page.
    ``seen`` names what stood there when typing began: the entry's revision, or the SHA-256 of the
    page's words.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name=_("project"),
    )
    week = models.DateField(_("week"))
    field = models.CharField(_("field"), max_length=60)
    value = models.TextField(_("value"), blank=True)
    seen = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)
    # Thrown away by its writer, who may take it up again; nobody is shown it.
    discarded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = (
            models.UniqueConstraint(
                "user", "project", "week", "field", name="draft_once_per_field"
            ),
            models.UniqueConstraint(
                fields=("team", "user", "week", "field"),
                condition=Q(project=None),
                name="draft_once_per_field_of_page",
            ),
            is_monday("week", "draft_week_is_monday"),
        )

    def __str__(self) -> str:
        return f"{self.project or self.team} {self.week} {self.field}"


class WeekFacts(TeamOwned):
    """How often the facts of a team's week have changed.

    Raised in the transaction of each change (``projects.facts``), so that a page compiled from
    revision 7 knows by itself that it is stale at 8, whatever became of the message.
    """

    week = models.DateField(_("week"))
    revision = models.PositiveBigIntegerField(_("revision"), default=1)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("facts of a week")
        verbose_name_plural = _("facts of a week")
        constraints = (
            models.UniqueConstraint("team", "week", name="week_facts_once_per_week"),
            is_monday("week", "week_facts_week_is_monday"),
        )

    def __str__(self) -> str:
        return f"{self.week} r{self.revision}"

"""What is made of the facts: weekly pages, their frozen editions, who got them, and imports."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Team, TeamOwned, WeekFacts
from projects.models.constraints import is_monday
from projects.weeks import judged_on

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
        known = {"facts_revision": Coalesce(revision, Value(0))}  # declared on the model below
        return self.annotate(**known)

    def claimed(self, now: datetime) -> WeeklyPageQuerySet:
        """Those whose compile is on its way. An old claim is that of a lost message."""
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
    # What the import found odd about the page's week: label_mismatch, week_guessed.
    warnings = models.JSONField(_("warnings of the import"), default=list, blank=True)
    document = models.JSONField(_("document"), null=True, blank=True, editable=False)
    compiled_revision = models.PositiveBigIntegerField(default=0, editable=False)
    compiled_at = models.DateTimeField(_("compiled at"), null=True, blank=True, editable=False)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
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
        """Whether the page would come out otherwise if it were compiled now.

        The facts have moved on, or the day has by which it is judged what is past due. For a page
        that was read ``with_facts``.
        """
        if self.compiled_at is None or self.compiled_revision < self.facts_revision:
            return True
        compiled_on = self.team.local(self.compiled_at).date()
        today = self.team.today()
        return judged_on(self.week, compiled_on) != judged_on(self.week, today)


class SectionKind(models.TextChoices):
    """Where on the page a section belongs, in the page's order (DESIGN §3)."""

    PREAMBLE = "preamble", _("before the first heading")
    FOCUS = "focus", _("focus projects")
    OBJECTIVE = "objective", _("objective")
    WORK = "work", _("work without an objective")
    METRICS = "metrics", _("system metrics")
    INCIDENTS = "incidents", _("production incidents")
    OTHER = "other", _("other")
    CUSTOM = "custom", _("own section")
    DAILY = "daily", _("daily notes")
    REFLECTION = "reflection", _("reflection")
    PLAN = "plan", _("next week's plan")


class Section(TeamOwned):
    """A heading and the words below it that belong to no other row.

    The manager's own sections are such rows, and so is each run of lines of an imported page that
    was not understood: ``position`` is its line there, so it is printed in its place between the
    entries, readings and incidents of that page; such a run continues the section whose heading
    stands before it and has an empty ``heading`` itself. ``level`` is the depth of the heading
    (1 to 6) as the source had it.
    """

    page = models.ForeignKey(
        WeeklyPage, models.CASCADE, related_name="sections", verbose_name=_("weekly page")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=SectionKind, default=SectionKind.CUSTOM
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
                condition=Q(kind__in=SectionKind.values), name="section_kind_known"
            ),
        )
        indexes = (models.Index(fields=("page", "position"), name="section_page_position"),)

    def __str__(self) -> str:
        return self.heading or self.body[:40]


class Edition(TeamOwned):
    """One frozen, numbered state of a published page; a correction is a new edition."""

    page = models.ForeignKey(
        WeeklyPage, models.PROTECT, related_name="editions", verbose_name=_("weekly page")
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), default=timezone.now)

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


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("pending")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class Delivery(TeamOwned):
    """One edition to one recipient, over one channel."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="deliveries", verbose_name=_("edition")
    )
    channel = models.CharField(_("channel"), max_length=20, default="mail")
    recipient = models.CharField(_("recipient"), max_length=254)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    error = models.TextField(_("error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(
                "edition", "channel", "recipient", name="delivery_once_per_edition_and_recipient"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition} → {self.recipient}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def due(self, now: datetime) -> ReminderQuerySet:
        """Those that somebody may send now: not sent, and held by nobody until later."""
        waits = Q(state__in=(DeliveryState.PENDING, DeliveryState.CLAIMED))
        return self.filter(waits, Q(claimed_until=None) | Q(claimed_until__lte=now))


class Reminder(TeamOwned):
    """One mail to a lead whose projects wait for their entry of the week.

    ``requested_by`` is the manager who asked for it; nobody when the schedule did. It is claimed,
    sent and marked like a ``Delivery``.
    """

    week = models.DateField(_("week"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("recipient"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    error = models.TextField(_("error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects: ClassVar[models.Manager[Reminder]] = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-requested_at",)
        constraints = (
            is_monday("week", "reminder_week_is_monday"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="reminder_state_known"
            ),
        )
        indexes = (models.Index(fields=("team", "week"), name="reminder_team_week"),)

    def __str__(self) -> str:
        return f"{self.week} → {self.user}"


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

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ("-applied_at",)

    def __str__(self) -> str:
        return f"#{self.pk} {self.applied_at:%Y-%m-%d %H:%M}"


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

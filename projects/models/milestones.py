"""A project's milestones, and the ledger of what was moved."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects import standing
from projects.models.constraints import is_monday, is_percent
from projects.models.teams import Team, TeamOwned
from projects.models.work import Project, Stage
from projects.text.numbers import HUNDRED, plain
from projects.weeks import last_day


class DatePrecision(models.TextChoices):
    """How exactly a date was said; the date holds the last day that is meant."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    PART = "part", _("part of a month")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")


class LedgerField(models.TextChoices):
    PERCENT = "percent", _("percent")
    DUE_ON = "due_on", _("due date")


# What undoes a first value says none.
_SAYS_PERCENT: Final = Q(new_percent__isnull=False) | Q(undoes__isnull=False)
_SAYS_DATE: Final = Q(new_due_on__isnull=False) | Q(undoes__isnull=False)
_IS_BELOW: Final = Q(percent=None) | Q(percent__lt=HUNDRED)


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def as_of(self, week: date) -> MilestoneQuerySet:
        """With what the ledger said at the end of that week.

        Annotates ``percent_then``, ``due_then`` and ``precision_then``.
        """
        changes = ProgressChange.objects.counting().filter(milestone=OuterRef("pk"), week__lte=week)
        changes = changes.order_by("-week", "-pk")
        percent = changes.filter(field=LedgerField.PERCENT)
        due = changes.filter(field=LedgerField.DUE_ON)
        return self.annotate(
            percent_then=Subquery(percent.values("new_percent")[:1]),
            due_then=Subquery(due.values("new_due_on")[:1]),
            precision_then=Subquery(due.values("new_precision")[:1]),
        )

    def counting_at(self, week_end: datetime, *, is_history: bool) -> MilestoneQuerySet:
        """Those that count in the week that ends then: none had been dropped before.

        ``standing.is_dropped`` as a query. One that was brought back since counts in all weeks.
        """
        of_that_week = self.known_to_pages(is_history=is_history)
        return of_that_week.exclude(_IS_BELOW, closed_at__lt=week_end)

    def known_to_pages(self, *, is_history: bool) -> MilestoneQuerySet:
        """Those that a page or a check-in of a week knows: in the present, none of history."""
        return self if is_history else self.filter(is_history=False)

    def open(self) -> MilestoneQuerySet:
        """Those with something left to do: ``standing.is_open`` as a query."""
        return self.filter(_IS_BELOW, closed_at=None)


class Milestone(TeamOwned):
    """A deliverable of a project: percent complete, due date, stage, weight.

    ``closed_at`` is when it was done, or when it was dropped: closed below 100%. One that
    ``is_history`` was left behind at the team's start (``projects.portfolio.border``): it is
    closed, stays on the pages of history, and counts for nothing in the present.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="milestones", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=120)
    percent = models.DecimalField(
        _("percent complete"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_precision = models.CharField(
        _("precision"), max_length=8, choices=DatePrecision, default=DatePrecision.DAY
    )
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stage")
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveIntegerField(_("position"), default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    is_history = models.BooleanField(_("of history"), default=False)

    objects: ClassVar[models.Manager[Milestone]] = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint("project", "name", name="milestone_name_in_project"),
            is_percent("percent", "milestone_percent_0_to_100"),
            models.CheckConstraint(condition=~Q(name=""), name="milestone_has_name"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="milestone_weight_positive"),
            models.CheckConstraint(
                condition=Q(is_history=False) | Q(closed_at__isnull=False),
                name="milestone_of_history_closed",
            ),
            models.CheckConstraint(
                condition=Q(due_precision__in=DatePrecision.values),
                name="milestone_precision_known",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_done(self) -> bool:
        return self.percent == HUNDRED

    @property
    def is_dropped(self) -> bool:
        return standing.is_dropped(self.percent, is_closed=self.is_closed)

    def counts_in(self, team: Team, week: date) -> bool:
        """Whether it had not been dropped by the end of that week: ``counting_at`` for one."""
        closed_on = team.local(self.closed_at).date() if self.closed_at else None
        is_closed = closed_on is not None and closed_on <= last_day(week)
        return not standing.is_dropped(self.percent, is_closed=is_closed)

    @property
    def is_closed(self) -> bool:
        """Done or dropped."""
        return self.closed_at is not None


class ProgressChangeQuerySet(models.QuerySet["ProgressChange"]):
    def counting(self) -> ProgressChangeQuerySet:
        """Those that hold: without what was undone, and what undid it."""
        return self.filter(is_undone=False)


class ProgressChange(TeamOwned):
    """The ledger: one row for each change of a milestone's percent or due date. Never changed.

    A save that is undone before it was published leaves its row and one that undoes it: of both
    ``is_undone`` is set, and they count for nothing. Where there was no value before, the second
    one takes the first away (``None``).
    """

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="changes", verbose_name=_("milestone")
    )
    week = models.DateField(_("week"))
    field = models.CharField(_("field"), max_length=8, choices=LedgerField)
    old_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    new_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    old_due_on = models.DateField(null=True, blank=True)
    new_due_on = models.DateField(null=True, blank=True)
    new_precision = models.CharField(max_length=8, choices=DatePrecision, default=DatePrecision.DAY)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
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
    at = models.DateTimeField(_("at"), default=timezone.now)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by", editable=False
    )
    is_undone = models.BooleanField(_("undone"), default=False, editable=False)

    objects: ClassVar[models.Manager[ProgressChange]] = ProgressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress change")
        verbose_name_plural = _("progress changes")
        ordering = ("week", "pk")
        constraints = (
            is_monday("week", "progress_change_week_is_monday"),
            is_percent("old_percent", "progress_change_old_percent_0_to_100"),
            is_percent("new_percent", "progress_change_new_percent_0_to_100"),
            models.CheckConstraint(
                condition=Q(
                    _SAYS_PERCENT,
                    field=LedgerField.PERCENT,
                    old_due_on=None,
                    new_due_on=None,
                )
                | Q(
                    _SAYS_DATE,
                    field=LedgerField.DUE_ON,
                    old_percent=None,
                    new_percent=None,
                ),
                name="progress_change_one_field",
            ),
            models.CheckConstraint(
                condition=~Q(old_percent=F("new_percent")), name="progress_change_changes"
            ),
            models.CheckConstraint(
                condition=Q(new_precision__in=DatePrecision.values),
                name="progress_change_precision_known",
            ),
        )
        indexes = (
            # In the order in which the ledger is read backwards: the first row is the answer.
            models.Index(
                fields=("milestone", "field", "-week", "-id"), name="progress_change_as_of"
            ),
        )

    def __str__(self) -> str:
        is_percent_change = self.field == LedgerField.PERCENT
        old = self.old_percent if is_percent_change else self.old_due_on
        new = self.new_percent if is_percent_change else self.new_due_on
        return f"{self.milestone}: {_shown(old)} → {_shown(new)}"

    @property
    def slip_days(self) -> int:
        """Days a due date moved later; negative when it came nearer, 0 when it was first set."""
        if self.old_due_on is None or self.new_due_on is None:
            return 0
        return (self.new_due_on - self.old_due_on).days


def _shown(value: Decimal | date | None) -> str:
    if value is None:
        return "–"
    return f"{plain(value)}%" if isinstance(value, Decimal) else value.isoformat()

"""Projects, their stages and their other names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from projects import standing
from projects.models.teams import Team, TeamOwned
from projects.weeks import WEEK

if TYPE_CHECKING:
    from projects.models.entries import StatusEntryQuerySet


class Stage(TeamOwned):
    """One step of the team's ordered list: 待排期, 方案评审, 研发 …"""

    team = models.ForeignKey(Team, models.CASCADE, related_name="stages", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint("team", "name", name="stage_name_in_team"),
            models.CheckConstraint(condition=~Q(name=""), name="stage_has_name"),
        )

    def __str__(self) -> str:
        return self.name


class ProjectQuerySet(models.QuerySet["Project"]):
    def with_last_entry(
        self, before: date | None = None, since: date = date.min
    ) -> ProjectQuerySet:
        """With ``last_week`` and ``last_health`` of the latest entry before that week, or of all.

        Without such an entry since then ``last_week`` is ``None`` and ``last_health`` is "".
        """
        latest = _entries_before(before).filter(week__gte=since)
        return self.annotate(
            last_week=Subquery(latest.values("week")[:1]),
            last_health=Coalesce(Subquery(latest.values("health")[:1]), Value("")),
        )

    def with_last_percent(self, team: Team, before: date | None = None) -> ProjectQuerySet:
        """With ``last_percent``, the last that an entry before that week told, or any entry.

        ``last_percent_week`` is the week of that entry. See ``standing.told_percent``; of history
        only what is ``known_in`` the week, or the present one.
        """
        present_or_before = known_in(team, before or team.this_week())
        telling = _entries_before(before).filter(present_or_before).telling_percent()
        return self.annotate(
            last_percent=Subquery(telling.values("told_percent")[:1]),
            last_percent_week=Subquery(telling.values("week")[:1]),
        )

    def with_stage(self) -> ProjectQuerySet:
        """With ``stage_now``, the key of the stage it is in, and its name ``stage_name``.

        It is what a manager has put it in since its latest entry, else what that entry says.
        """
        latest = _entries_before(None)
        return self.annotate(
            stage_now=Coalesce(
                F("stage"),
                Subquery(latest.values("stage")[:1]),
                output_field=models.BigIntegerField(),
            ),
            stage_name=Coalesce(F("stage__name"), Subquery(latest.values("stage__name")[:1])),
        )

    def in_week(self, team: Team, week: date) -> ProjectQuerySet:
        """The team's projects with all that ``standing.duty_in`` asks of them.

        Annotates ``has_entry`` for the week, and ``last_week`` and ``last_health`` before it, in a
        week of the present since the team's start (``standing.begins_with``).
        """
        entries = _entries_before(None).filter(week=week)
        since = standing.begins_with(week, team.starts_on)
        projects = self.filter(team=team).annotate(has_entry=Exists(entries))
        return projects.with_last_entry(week, since)

    def owing(self, team: Team, week: date, this_week: date | None = None) -> ProjectQuerySet:
        """Those that owe the week an entry: ``Duty.OWED``. Annotated as by ``in_week``."""
        return self.in_week(team, week).filter(owes(team, week, this_week or team.this_week()))

    def expected(self, team: Team, week: date, this_week: date | None = None) -> ProjectQuerySet:
        """Those that have an entry of the week, and those that owe one: ``in_week`` again."""
        is_owing = owes(team, week, this_week or team.this_week())
        return self.in_week(team, week).filter(Q(has_entry=True) | is_owing)

    def on_worklist(self, team: Team, week: date, this_week: date) -> ProjectQuerySet:
        """Those that can be reported on in the week: expected, paused or done. As ``in_week``."""
        is_open = is_open_in(week, this_week)
        return self.in_week(team, week).filter(Q(has_entry=True) | is_open)

    def open_on(self, day: date) -> ProjectQuerySet:
        """Those that are not closed on that day (``standing.is_closed``)."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def locked(self) -> ProjectQuerySet:
        """With the team, and held until the transaction ends.

        Two changes of one project thus follow each other: SQLite lets one writer in at a time,
        and PostgreSQL locks the row (not its key, so nobody else's insert has to wait).
        """
        return self.select_for_update(no_key=True, of=("self",)).select_related("team")


def is_open_in(week: date, this_week: date, closed_on: str = "closed_on") -> Q:
    """Of projects of ``in_week``: begun by the end of the week, and not closed by then.

    ``closed_on`` is the column or annotation that says since when they are closed.
    """
    has_begun = Q(started_on__lt=week + WEEK)
    is_undated = Q(started_on=None)
    if week < this_week:
        is_undated &= Q(last_week__isnull=False)
    is_open = Q(**{closed_on: None}) | Q(**{f"{closed_on}__gte": week + WEEK})
    return (has_begun | is_undated) & is_open


def is_closed_in(week: date, closed_on: str = "closed_on") -> Q:
    """Of projects: closed during the week (``standing.is_closed_in``)."""
    is_known = Q(**{f"{closed_on}__isnull": False})  # so that its opposite holds without a date
    return is_known & Q(**{f"{closed_on}__gte": week, f"{closed_on}__lt": week + WEEK})


def owes(team: Team, week: date, this_week: date) -> Q:
    """Of projects of ``in_week``: ``Duty.OWED``. Nothing of history is owed."""
    if team.is_history(week):
        return Q(pk__in=())
    is_resting = Q(last_health__in=standing.RESTING)
    return Q(has_entry=False) & is_open_in(week, this_week) & ~is_resting


def known_in(team: Team, week: date) -> Q:
    """Of entries: those that a page of that week carries on, as far as they lie before it.

    Of history only those of projects that come from there (``standing.comes_from_history``).
    """
    if team.starts_on is None or team.is_history(week):
        return Q()
    return Q(week__gte=team.starts_on) | Q(project__started_on__lt=team.starts_on)


def _entries_before(week: date | None) -> StatusEntryQuerySet:
    """For a subquery of projects: each one's entries before that week, the newest first."""
    from projects.models.entries import StatusEntry  # it imports this module

    entries = StatusEntry.objects.filter(project=OuterRef("pk")).order_by("-week")
    return entries if week is None else entries.filter(week__lt=week)


class Project(TeamOwned):
    """A piece of work under an objective."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="projects", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=120)
    objective = models.ForeignKey(
        "projects.Objective",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("objective"),
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_projects",
        verbose_name=_("lead"),
    )
    lead_name = models.CharField(_("lead as written on the pages"), max_length=80, blank=True)
    is_focus = models.BooleanField(_("focus project"), default=False)
    # What a manager put it in since its latest entry; the next entry takes it over.
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stage")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects: ClassVar[models.Manager[Project]] = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint("team", "name", name="project_name_in_team"),
            models.CheckConstraint(condition=~Q(name=""), name="project_has_name"),
            models.CheckConstraint(
                condition=Q(started_on=None)
                | Q(closed_on=None)
                | Q(closed_on__gte=F("started_on")),
                name="project_closed_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Alias(TeamOwned):
    """Another name that people write for a project (DocAI = AI影像数字化), unique in its team.

    ``key`` is the name folded as ``projects.text.names.key`` folds it; the project's own name has a
    row here too, so that no alias of one project can be the name of another.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="aliases", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("team", "key", name="alias_unique_in_team"),
            models.CheckConstraint(condition=~Q(key=""), name="alias_has_key"),
        )

    def __str__(self) -> str:
        return self.name

"""What is asked of the database for a week's page: prepared, since every page begins with it.

``load`` and ``load_projects`` make rows of the answers.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable

from projects import standing
from projects.models import (
    AuditRecord,
    Cycle,
    Health,
    Incident,
    IncidentCount,
    LedgerField,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Question,
    Reading,
    StatusEntry,
    Team,
    WeekFacts,
)
from projects.models.work import is_closed_in, is_open_in, known_in
from projects.prepared import Prepared, history_shape, prepared
from projects.reported import FURTHER_TEXTS
from projects.weeks import WEEK
from reports.models import Section, Step, WeekStep

# What an EntryRow takes over from the database as it is.
AS_STORED: Final = (
    *("week", "text", "health", "percent", "weighted_percent", "source", *FURTHER_TEXTS),
    *("objective_id", "is_focus", "name", "section", "position", "drop_reason"),
)


@prepared(history_shape)
def projects(
    *, team: int, starts_on: date | None, week: date, is_past: bool, begin: datetime, end: datetime
) -> QuerySet[Any, Any]:
    """``begin`` and ``end`` are the moments between which the week lies."""
    asked: dict[str, Any] = {"team": team, "starts_on": starts_on, "week": week}
    return projects_closed(F("closed_on"), is_past=is_past, begin=begin, end=end, **asked)


_OF_PROJECT: Final = (
    *("objective__carried_from_id", "last_objective", "last_week", "is_finished", "has_left"),
    *("pk", "name", "objective_id", "is_focus", "position", "previous_id", "last_percent"),
    *("last_percent_week", "closed_then", "lead_name", "lead__name", "lead__username"),
    *("stage__name", "started_on", "reopened_from"),
)


def _reopened_from(begin: datetime, end: datetime) -> Subquery:
    """Since which day a project had been closed that was taken up again in between; as JSON."""
    records = AuditRecord.objects.filter(project=OuterRef("pk"), action="project.reopen")
    records = records.filter(at__gte=begin, at__lt=end).order_by("pk")
    return Subquery(records.values("before__closed_on")[:1])


def projects_closed(
    closed_on: Combinable,
    *,
    team: int,
    starts_on: date | None,
    week: date,
    is_past: bool,
    begin: datetime,
    end: datetime,
) -> QuerySet[Any, Any]:
    """The same where that says since when they are closed."""
    of_team = Team(pk=team, starts_on=starts_on)
    since = standing.begins_with(week, starts_on)
    earlier = StatusEntry.objects.filter(project=OuterRef("pk"), week__lt=week).order_by("-week")
    before, last = earlier.filter(week__gte=since), earlier.filter(known_in(of_team, week))
    is_closed_now = is_closed_in(week, "closed_then")
    was_closed_last = is_closed_in(week - WEEK, "closed_then")
    if of_team.is_history(week - WEEK):
        was_closed_last = Q(pk__in=())  # the first week of the present is compared with nothing
    is_done = Q(has_entry=False, last_health=Health.DONE)
    counted = (
        Project.objects.in_week(of_team, week)
        .with_last_percent(of_team, week)
        .annotate(closed_then=closed_on)
        .annotate(
            previous_id=Subquery(last.values("pk")[:1]),
            reopened_from=_reopened_from(begin, end),
            last_objective=Subquery(before.values("objective")[:1]),
            last_cycle=Subquery(before.values("objective__cycle")[:1]),
            is_finished=_flag(is_done & ~is_closed_now),
            has_left=_flag(Q(has_entry=False) & was_closed_last & ~is_done),
        )
    )
    is_shown = Q(has_entry=True)
    if not of_team.is_history(week):
        later = week + WEEK if is_past else week
        is_shown |= is_closed_now | was_closed_last | is_open_in(week, later, "closed_then")
    on_page = counted.filter((is_shown & Q(is_finished=False)) | _is_counted_on(team, week))
    shown: QuerySet[Any, Any] = on_page.order_by("position", "pk").values(*_OF_PROJECT)
    return shown


def _is_counted_on(team: int, week: date) -> Q:
    """Of finished projects: as long as pages show the cycle that they were done in.

    In one query with the others: what a project last said has to be found for each anyway.
    """
    return Q(is_finished=True, last_cycle=Cycle.objects.key_shown_in(team, week))


def _flag(condition: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(condition, output_field=BooleanField())


@Prepared
def entries(*, team: int, week: date, previous: tuple[int, ...]) -> QuerySet[Any, Any]:
    shown: QuerySet[Any, Any] = StatusEntry.objects.filter(
        Q(team=team, week=week) | Q(pk__in=previous)
    ).values(
        *AS_STORED,
        *("project", "stage__name", "author__name", "author__username", "reported_at", "repeats"),
        *("on_behalf_of__name", "on_behalf_of__username"),
    )
    return shown


@Prepared
def courses(
    *, projects: tuple[int, ...], begin: date, week: date
) -> QuerySet[StatusEntry, tuple[int, date, Decimal | None]]:
    of_weeks = StatusEntry.objects.filter(project__in=projects, week__range=(begin, week))
    rows = of_weeks.with_told_percent().order_by("week")
    return rows.values_list("project", "week", "told_percent")


@Prepared
def questions(
    *, projects: tuple[int, ...], since: date, week: date, begin: datetime, end: datetime
) -> QuerySet[Any, Any]:
    answered_now = Q(answered_at__gte=begin, answered_at__lt=end)
    rows = Question.objects.filter(
        Q(answered_at=None) | Q(week=week) | answered_now,
        project__in=projects,
        week__range=(since, week),
    )
    shown: QuerySet[Any, Any] = rows.order_by("asked_at", "pk").values(
        *("project", "text", "asked_at", "asked_by__name", "asked_by__username", "pk"),
        *("answer", "answered_by__name", "answered_by__username", "answered_at"),
        *("asked_on_behalf_of__name", "asked_on_behalf_of__username"),
        *("answered_on_behalf_of__name", "answered_on_behalf_of__username"),
    )
    return shown


@Prepared
def milestones(*, projects: tuple[int, ...], week: date, is_history: bool) -> QuerySet[Any, Any]:
    """A row for each milestone and each move of its date so far or change of percent this week."""
    changes = ProgressChange.objects.counting().filter(milestone=OuterRef("pk"))
    before = changes.filter(field=LedgerField.PERCENT, week__lt=week).order_by("-week", "-pk")
    # Field and range in both, or SQLite does not look them up in progress_change_as_of and reads
    # the whole ledger of each milestone.
    of_week = Q(changes__field=LedgerField.PERCENT, changes__week__gte=week)
    on_page = (Q(changes__field=LedgerField.DUE_ON) | of_week) & Q(changes__is_undone=False)
    rows: QuerySet[Any, Any] = (
        Milestone.objects.filter(project__in=projects)
        .known_to_pages(is_history=is_history)
        .annotate(
            percent_before=Subquery(before.values("new_percent")[:1]),
            change=FilteredRelation("changes", condition=Q(changes__week__lte=week) & on_page),
        )
        # What the ledger knows only from later weeks was not there yet.
        .filter(Exists(changes.filter(week__lte=week)) | ~Exists(changes))
        .order_by("position", "pk", "change__week", "change__pk")
        .values(
            *("pk", "project", "name", "weight", "closed_at", "percent_before"),
            *(f"change__{name}" for name in ("week", "field", "new_percent", "new_due_on")),
            *("change__new_precision", "change__reason"),
            *("change__by__name", "change__by__username"),
            *("change__on_behalf_of__name", "change__on_behalf_of__username"),
        )
    )
    return rows


@Prepared
def page(*, team: int, week: date) -> QuerySet[Any, Any]:
    """The revision of the week's facts, its cutoff, the page if there is one, and its sections: a
    row each. The cutoff is as it was when the week was closed: the schedule may change later.
    """
    facts = WeekFacts.objects.filter(team=OuterRef("pk"), week=week)
    closing = WeekStep.objects.filter(team=OuterRef("pk"), week=week, step=Step.CLOSE)
    rows = (
        Team.objects.filter(pk=team)
        .annotate(
            revision=Subquery(facts.values("revision")[:1]),
            cutoff_at=Subquery(closing.values("due_at")[:1]),
            page=FilteredRelation("weekly_pages", condition=Q(weekly_pages__week=week)),
        )
        .order_by("page__sections__position", "page__sections__pk")
    )
    section = [
        f"page__sections__{name}"
        for name in ("pk", "kind", "heading", "level", "body", "objective_id", "position")
    ]
    columns = ("revision", "cutoff_at", "page__title", "page__warnings", "page__verdicts")
    shown: QuerySet[Any, Any] = rows.values(*columns, *section)
    return shown


@Prepared
def objectives(*, team: int, week: date, since: date, is_history: bool) -> QuerySet[Any, Any]:
    """The objectives of the week's cycle, and those the page refers to, by their key results."""
    of_week = StatusEntry.objects.filter(team=team, week=week)
    sections = Section.objects.filter(page__team=team, page__week=week)
    values = Reading.objects.filter(
        metric=OuterRef("key_results__metric"), week__range=(since, week)
    )
    of_cycle = Subquery(Cycle.objects.of_week(team, week).values("pk"))
    return (
        Objective.objects.filter(team=team)
        .filter(
            Q(cycle=of_cycle if is_history else Cycle.objects.key_shown_in(team, week))
            | Q(pk__in=of_week.values("objective"))
            | Q(pk__in=sections.values("objective"))
        )
        .annotate(value=Subquery(values.order_by("-week").values("value")[:1]))
        .order_by("cycle__starts_on", "position", "code", "key_results__position", "key_results")
        .values_list(
            *("pk", "code", "name", "position"),
            *("key_results__metric__name", "key_results__metric__unit"),
            *("key_results__baseline", "key_results__target", "value"),
        )
    )


@Prepared
def readings(*, team: int, begin: date, week: date) -> QuerySet[Any, Any]:
    """The team's metrics with their readings since then, and those that were never read."""
    window = Q(readings__week__range=(begin, week))
    shown: QuerySet[Any, Any] = (
        Metric.objects.filter(team=team, project=None)
        .annotate(
            recent=FilteredRelation("readings", condition=window),
            is_read=Exists(Reading.objects.filter(metric=OuterRef("pk"))),
        )
        .filter(Q(recent__isnull=False) | Q(is_read=False))
        .order_by("position", "name", "pk", "recent__week")
        .values(
            *("pk", "name", "unit", "target", "direction"),
            *(f"recent__{name}" for name in ("week", "value", "note", "text", "position")),
        )
    )
    return shown


@Prepared
def incident_counts(
    *, team: int, begin: date, week: date
) -> QuerySet[IncidentCount, tuple[date, str, Decimal, str, int]]:
    rows = IncidentCount.objects.filter(team=team, week__range=(begin, week))
    rows = rows.order_by("week", "position", "pk")
    return rows.values_list("week", "severity", "count", "text", "position")


@Prepared
def incidents(*, team: int, week: date) -> QuerySet[Incident, Incident]:
    return Incident.objects.filter(team=team, week=week).order_by("occurred_at", "pk")


@Prepared
def planned(*, team: int, week: date, since: date) -> QuerySet[PlannedItem, PlannedItem]:
    """What was planned last week for this one, and this week for the next."""
    rows = PlannedItem.objects.filter(team=team, week__in=(week - WEEK, week), week__gte=since)
    return rows.order_by("week", "position", "pk")

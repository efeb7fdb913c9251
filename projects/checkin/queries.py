"""What is asked of the database for a check-in and by a save, prepared: each asks all of it.

``worklist`` and ``recording`` make sense of the answers. Of history an entry counts as
``known_in`` has it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Concat

from projects.checkin import drops
from projects.models import Alias, Milestone, Project, Question, Stage, StatusEntry, Team
from projects.models.work import known_in, owes
from projects.prepared import Prepared, history_shape, prepared
from projects.weeks import WEEK


@prepared(history_shape)
def latest_entries(*, project: int, starts_on: date | None, week: date) -> QuerySet[StatusEntry]:
    """Up to that week the last two of a project, the newest first, with what was told before it."""
    of_team = Team(starts_on=starts_on)
    entries = StatusEntry.objects.filter(project=project).order_by("-week")
    entries = entries.filter(known_in(of_team, week))
    telling = entries.filter(week__lt=week).telling_percent()
    up_to_now = entries.filter(week__lte=week).annotate(
        last_percent=Subquery(telling.values("told_percent")[:1]),
        last_percent_week=Subquery(telling.values("week")[:1]),
        is_drop_explained=_is_drop_explained(week, "project"),
    )
    return up_to_now.select_related("author", "on_behalf_of", "last_save")[:2]


@prepared(history_shape)
def projects(
    *,
    team: int,
    starts_on: date | None,
    week: date,
    is_past: bool,
    leads: tuple[int, ...] | None,
    or_all: bool,
) -> QuerySet[Project]:
    """Those that can be reported on in the week, of all or of some leads, in the team's order.

    With ``or_all``, of all where these people lead none.
    """
    of_team = Team(pk=team, starts_on=starts_on)
    earlier = StatusEntry.objects.filter(project=OuterRef("pk"), week__lt=week).order_by("-week")
    this_week = week + WEEK if is_past else week
    rows = Project.objects.on_worklist(of_team, week, this_week)
    if leads is not None:
        of_leads = rows.filter(lead__in=leads)
        rows = rows.filter(Q(lead__in=leads) | ~Exists(of_leads)) if or_all else of_leads
    aliases = Alias.objects.filter(project=OuterRef("pk")).order_by().values("project")
    lines = StringAgg(Concat("key", Value("\t"), "name"), Value("\n"))
    rows = rows.with_last_percent(of_team, week).annotate(
        previous_id=Subquery(earlier.filter(known_in(of_team, week)).values("pk")[:1]),
        is_drop_explained=_is_drop_explained(week, "pk"),
        aliases_text=Subquery(aliases.annotate(lines=lines).values("lines")),
    )
    return rows.select_related("objective", "lead", "team")


@prepared(history_shape)
def expected(
    *, team: int, starts_on: date | None, week: date, is_past: bool, leads: tuple[int, ...] | None
) -> QuerySet[Project, bool]:
    """Of those that the week expects to report, whether each has an entry."""
    of_team = Team(pk=team, starts_on=starts_on)
    rows = Project.objects.expected(of_team, week, week + WEEK if is_past else week)
    if leads is not None:
        rows = rows.filter(lead__in=leads)
    return rows.order_by().values_list("has_entry", flat=True)  # type: ignore[misc]  # annotated


@prepared(history_shape)
def owing(
    *,
    team: int,
    starts_on: date | None,
    week: date,
    is_past: bool,
    since: date,
    leads: tuple[int, ...],
) -> QuerySet[Project, int]:
    """Of these leads' projects, those that owe an update, or an answer to a question since then."""
    of_team, this_week = Team(pk=team, starts_on=starts_on), week + WEEK if is_past else week
    asked = Question.objects.filter(project=OuterRef("pk"), week__range=(since, week)).open()
    rows = Project.objects.on_worklist(of_team, week, this_week).filter(lead__in=leads)
    rows = rows.filter(owes(of_team, week, this_week) | Exists(asked))
    return rows.order_by().values_list("pk", flat=True)


def _is_drop_explained(week: date, project: str) -> Exists:
    return Exists(drops.reasons_of_milestones(week).filter(milestone__project=OuterRef(project)))


@Prepared
def milestones(*, projects: tuple[int, ...], week: date, is_history: bool) -> QuerySet[Milestone]:
    """As they stood at the end of that week (``as_of``)."""
    rows = Milestone.objects.filter(project__in=projects)
    return rows.known_to_pages(is_history=is_history).as_of(week)


@Prepared
def entries(
    *, projects: tuple[int, ...], previous: tuple[int, ...], week: date
) -> QuerySet[StatusEntry]:
    """Of that week, and those that came before."""
    of_both_weeks = Q(project__in=projects, week=week) | Q(pk__in=previous)
    rows = StatusEntry.objects.filter(of_both_weeks)
    return rows.select_related("author", "on_behalf_of", "last_save")


@Prepared
def questions(
    *, team: int, projects: tuple[int, ...], since: date, week: date, asked_by: int | None
) -> QuerySet[Question]:
    """The open ones on these projects, and what somebody asked and was answered of late."""
    wanted = Q(project__in=projects, week__range=(since, week), answered_at=None)
    if asked_by is not None:
        of_late = Q(team=team, asked_by=asked_by, week__gte=week - WEEK)
        wanted |= of_late & Q(answered_at__isnull=False)
    rows = Question.objects.filter(wanted).select_related("project", "asked_by", "answered_by")
    return rows.select_related("asked_on_behalf_of", "answered_on_behalf_of")


@Prepared
def locked_projects(*, project: int) -> QuerySet[Project]:
    """One project ``locked()``, with what its entry notes of where it stands."""
    return Project.objects.locked().select_related("objective__cycle").filter(pk=project)


@Prepared
def entries_of_week(*, project: int, week: date) -> QuerySet[StatusEntry]:
    """The entry, if there is one."""
    return StatusEntry.objects.filter(project=project, week=week)


@Prepared
def all_milestones(*, project: int, week: date) -> QuerySet[Milestone]:
    """All of a project, dropped and historical ones too, as they stood at the end of that week."""
    return Milestone.objects.filter(project=project).as_of(week)


@Prepared
def counting_milestones(
    *, project: int, week: date, week_end: datetime, is_history: bool
) -> QuerySet[Milestone, tuple[Decimal | None, int]]:
    """Percent at the end of that week and weight of those that count in it."""
    rows = Milestone.objects.filter(project=project)
    rows = rows.counting_at(week_end, is_history=is_history).as_of(week)
    return rows.values_list("percent_then", "weight")  # type: ignore[misc]  # annotated


@Prepared
def stages(*, team: int) -> QuerySet[Stage]:
    return Stage.objects.filter(team=team)


@Prepared
def alias_names(*, project: int) -> QuerySet[Alias, str]:
    return Alias.objects.filter(project=project).values_list("name", flat=True)

"""Reads the projects of a team's week, with all that their entries print: five queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
)
from django.utils import translation

from projects import standing, weeks
from projects.models import (
    AuditRecord,
    Health,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    Question,
    StatusEntry,
    Team,
)
from projects.models.deputies import signed
from projects.models.work import is_closed_in, is_open_in, known_in
from projects.reported import FURTHER_TEXTS
from projects.weeks import WEEK
from reports.weekly.rows import (
    ClosedRow,
    DropRow,
    EntryRow,
    FinishedRow,
    MilestoneRow,
    MoveRow,
    ProjectRow,
    QuestionRow,
    RepeatRow,
)

# Weeks that a sparkline shows, this one included.
HISTORY: Final = 8


def recent(week: date, since: date, count: int = HISTORY) -> date:
    """The first of the ``count`` weeks up to that week, of those from ``since`` on."""
    return max(week - (count - 1) * WEEK, since)


type Course = list[tuple[date, Decimal | None]]  # by week, the percent that its entry told


@dataclass(frozen=True, slots=True)
class WeekProjects:
    """The projects that a week's page shows or counts, each list in the team's order."""

    on_page: tuple[ProjectRow, ...]
    finished: tuple[FinishedRow, ...]
    closed_before: tuple[ClosedRow, ...]


def load_projects(team: Team, week: date, today: date) -> WeekProjects:
    """The projects of the week's page, those done earlier in the cycle, those closed last week.

    On the page are those with an entry, those that owed one or were paused, and those that were
    closed in the week; of history only those with an entry. One more query where some were closed:
    for the reasons.
    """
    counted = _counted(team, week, today)
    projects = [row for row in counted if not row["is_finished"] and not row["has_left"]]
    entries = _entries(team, week, [project["previous_id"] for project in projects])
    ids = [project["pk"] for project in projects]
    since = standing.begins_with(week, team.starts_on)
    courses = _courses(ids, week, since)
    with translation.override(team.language):  # of the words in names, whoever compiles the page
        milestones = _milestones(team, ids, week)
        questions = _questions(team, ids, week, since)
    bare = [_project_row(project, entries, week, today, since) for project in projects]
    reasons = _close_reasons([row.id for row in bare if row.closed_on])
    rows = (
        replace(
            row,
            history=_told_since(courses[row.id], recent(week, since)),
            gains=_gains_since(courses[row.id], recent(week, since)),
            milestones=tuple(milestones[row.id]),
            questions=tuple(questions[row.id]),
            close_reason=reasons.get(row.id, ""),
        )
        for row in bare
    )
    return WeekProjects(
        tuple(rows),
        tuple(_finished(project) for project in counted if project["is_finished"]),
        tuple(_closed_before(project) for project in counted if project["has_left"]),
    )


def _project_row(
    project: dict[str, Any],
    entries: Mapping[tuple[int, bool], EntryRow],
    week: date,
    today: date,
    since: date,
) -> ProjectRow:
    """The project with its entries; other queries add the rest."""
    pk, closed_on = project["pk"], project["closed_on"]
    last = entries.get((pk, False))
    is_of_history = last is not None and last.week < since
    previous = None if is_of_history else last
    # In a past week, where it stood then, not where it has moved since.
    then = previous if week < weeks.monday_of(today) else None
    if previous and not then and project["stage__name"]:
        previous = replace(previous, stage=project["stage__name"])
    return ProjectRow(
        id=pk,
        name=project["name"],
        lead=project["lead"],
        objective_id=then.objective_id if then else project["objective_id"],
        is_focus=then.is_focus if then else project["is_focus"],
        position=project["position"],
        entry=entries.get((pk, True)),
        previous=previous,
        last_of_history=last if is_of_history else None,
        last_percent=project["last_percent"],
        last_percent_week=project["last_percent_week"],
        is_last_of_history=(project["last_percent_week"] or since) < since,
        carried_from_id=project["objective__carried_from_id"],
        started_on=project["started_on"],
        closed_on=closed_on if standing.is_closed_in(closed_on, week) else None,
    )


def _finished(project: dict[str, Any]) -> FinishedRow:
    return FinishedRow(
        id=project["pk"],
        name=project["name"],
        objective_id=project["last_objective"],
        percent=project["last_percent"],
        week=project["last_week"],
        lead=project["lead"],
    )


def _closed_before(project: dict[str, Any]) -> ClosedRow:
    return ClosedRow(
        objective_id=project["last_objective"] or project["objective_id"],
        percent=project["last_percent"],
    )


def _close_reasons(projects: Collection[int]) -> dict[int, str]:
    """Why each of the projects was closed, where somebody said it."""
    if not projects:
        return {}
    records = AuditRecord.objects.filter(project__in=projects, action="project.close")
    rows = records.order_by("pk").values_list("project", "after")
    return {project: after.get("reason", "") for project, after in rows}


def _counted(team: Team, week: date, today: date) -> list[dict[str, Any]]:
    """Projects with ``previous_id`` and ``last_percent``, of the latest entries before the week.

    A project last reported as done is not on later pages; ``is_finished`` marks those done in the
    week's cycle, ``has_left`` those that only last week's page shows, as closed in it.
    """
    since = standing.begins_with(week, team.starts_on)
    before = StatusEntry.objects.filter(project=OuterRef("pk"), week__gte=since, week__lt=week)
    before = before.order_by("-week")
    last = StatusEntry.objects.filter(known_in(team, week), project=OuterRef("pk"), week__lt=week)
    is_closed_now, was_closed_last = is_closed_in(week), is_closed_in(week - WEEK)
    if team.is_history(week - WEEK):
        was_closed_last = Q(pk__in=())  # the first week of the present is compared with nothing
    is_done = Q(has_entry=False, last_health=Health.DONE)
    projects = (
        Project.objects.in_week(team, week)
        .with_last_percent(team, week)
        .annotate(
            previous_id=Subquery(last.order_by("-week").values("pk")[:1]),
            last_objective=Subquery(before.values("objective")[:1]),
            last_cycle_ends=Subquery(before.values("objective__cycle__ends_on")[:1]),
            is_finished=_flag(is_done & ~is_closed_now),
            has_left=_flag(Q(has_entry=False) & was_closed_last & ~is_done),
        )
    )
    # In one query with the others: what a project last said has to be found for each anyway.
    is_shown = Q(has_entry=True)
    if not team.is_history(week):
        is_shown |= is_closed_now | was_closed_last | is_open_in(week, weeks.monday_of(today))
    # A finished one until the week in which its cycle ends: see weeks.last_week_of.
    is_kept = Q(is_finished=True, last_cycle_ends__gte=week)
    on_page = projects.filter((is_shown & Q(is_finished=False)) | is_kept)
    rows = on_page.order_by("position", "pk").values(
        *("objective__carried_from_id", "last_objective", "last_week", "is_finished", "has_left"),
        *("pk", "name", "objective_id", "is_focus", "position", "previous_id", "last_percent"),
        *("last_percent_week", "closed_on", "lead_name", "lead__name", "lead__username"),
        *("stage__name", "started_on"),
    )
    return [{**row, "lead": _name(team, row, "lead") or row["lead_name"]} for row in rows]


def _flag(condition: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(condition, output_field=BooleanField())


# What an EntryRow takes over from the database as it is.
_AS_STORED: Final = (
    *("week", "text", "health", "percent", "weighted_percent", "source", *FURTHER_TEXTS),
    *("objective_id", "is_focus", "name", "section", "position", "drop_reason"),
)


def _entries(
    team: Team, week: date, previous: list[int | None]
) -> dict[tuple[int, bool], EntryRow]:
    """The entries by their project and whether they are of this week."""
    ids = [pk for pk in previous if pk is not None]
    rows = StatusEntry.objects.filter(Q(team=team, week=week) | Q(pk__in=ids)).values(
        *_AS_STORED,
        *("project", "stage__name", "author__name", "author__username", "reported_at", "repeats"),
        *("on_behalf_of__name", "on_behalf_of__username"),
    )
    return {(row["project"], row["week"] == week): _entry(row, team) for row in rows}


def _entry(row: dict[str, Any], team: Team) -> EntryRow:
    return EntryRow(
        **{name: row[name] for name in _AS_STORED},
        stage=row["stage__name"] or "",
        author=_name(team, row, "author"),
        author_for=_name(team, row, "on_behalf_of"),
        reported_at=team.local(row["reported_at"]),
        repeats=msgspec.convert(row["repeats"], tuple[RepeatRow, ...]),
    )


def _courses(projects: list[int], week: date, since: date) -> dict[int, Course]:
    """What each project's entries told, oldest first; from one week before the first that is shown,
    so that the first has something to be compared with.
    """
    shown = Q(project__in=projects, week__range=(recent(week, since, HISTORY + 1), week))
    rows = StatusEntry.objects.filter(shown).with_told_percent().order_by("week")
    courses: dict[int, Course] = defaultdict(list)
    for project, of_week, percent in rows.values_list("project", "week", "told_percent"):
        courses[project].append((of_week, percent))
    return courses


def _told_since(course: Course, since: date) -> tuple[tuple[date, Decimal], ...]:
    return tuple((week, told) for week, told in course if told is not None and week >= since)


def _gains_since(course: Course, since: date) -> tuple[tuple[date, Decimal | None], ...]:
    """For ``Entry.gains``."""
    gains: Course = []
    before: Decimal | None = None
    for week, told in course:
        gain = None if told is None or before is None else told - before
        gains.append((week, gain))
        before = before if told is None else told
    return tuple(pair for pair in gains if pair[0] >= since)


def _questions(
    team: Team, projects: list[int], week: date, since: date
) -> dict[int, list[QuestionRow]]:
    """Those still open, and those that were asked or answered in the week."""
    monday = datetime.combine(week, time.min, tzinfo=team.zone)
    answered_now = Q(answered_at__gte=monday, answered_at__lt=monday + WEEK)
    rows = Question.objects.filter(
        Q(answered_at=None) | Q(week=week) | answered_now,
        project__in=projects,
        week__range=(since, week),
    )
    questions = defaultdict(list)
    for row in rows.order_by("asked_at", "pk").values(
        *("project", "text", "asked_at", "asked_by__name", "asked_by__username", "pk"),
        *("answer", "answered_by__name", "answered_by__username", "answered_at"),
        *("asked_on_behalf_of__name", "asked_on_behalf_of__username"),
        *("answered_on_behalf_of__name", "answered_on_behalf_of__username"),
    ):
        asked = QuestionRow(
            text=row["text"],
            asked_by=_signed(team, row, "asked_by", "asked_on_behalf_of"),
            asked_at=row["asked_at"],
            id=row["pk"],
            answer=row["answer"],
            answered_by=_signed(team, row, "answered_by", "answered_on_behalf_of"),
            answered_at=row["answered_at"],
        )
        questions[row["project"]].append(asked)
    return questions


def _name(team: Team, row: Mapping[str, Any], user: str) -> str:
    """The name of a row's ``user`` as ``Team.name_of`` has it; empty when there is none."""
    return team.told_apart(row[f"{user}__name"] or "", row[f"{user}__username"] or "")


def _signed(team: Team, row: Mapping[str, Any], by: str, on_behalf_of: str) -> str:
    """Both names of a trace, as ``projects.models.deputies.signature`` has them."""
    return signed(_name(team, row, by), _name(team, row, on_behalf_of))


# --- milestones and their ledger --------------------------------------------------------------


@dataclass(slots=True)
class _Replay:
    """One milestone, its changes replayed up to the end of the week.

    Of what was changed before ``since`` only the result is known: the first date is the one that
    stood then. A change starts from the value before it: a row that was written late does not match
    the old value of the row after it (``projects.checkin.ledger``).
    """

    team: Team
    percent: Decimal | None  # at first that of the week before
    since: date
    due_on: date | None = None
    precision: str = "day"
    first_due_on: date | None = None
    first_precision: str = "day"
    moves: list[MoveRow] = field(default_factory=list)
    percent_changes: list[DropRow] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        by = _signed(self.team, row, "change__by", "change__on_behalf_of")
        reason = row["change__reason"]
        if row["change__field"] == LedgerField.PERCENT:
            old, self.percent = self.percent, row["change__new_percent"]
            if old is not None and self.percent is not None:
                self.percent_changes.append(DropRow(old, self.percent, reason, by))
            return
        old_date, new = self.due_on, row["change__new_due_on"]
        self.due_on, self.precision = new, row["change__new_precision"]
        is_before = row["change__week"] < self.since
        if self.first_due_on is None or is_before:
            self.first_due_on, self.first_precision = new, self.precision
        if is_before:
            return
        if old_date is not None and new is not None and old_date != new:
            week = row["change__week"]
            self.moves.append(MoveRow(week, old_date, new, self.precision, reason, by))


def _milestones(team: Team, projects: list[int], week: date) -> dict[int, list[MilestoneRow]]:
    """Milestones as they stood at the week's end, with every move of a date up to then."""
    since = standing.begins_with(week, team.starts_on)
    replays: dict[int, _Replay] = {}
    rows: dict[int, dict[str, Any]] = {}
    for row in _milestones_with_changes(team, projects, week):
        rows[row["pk"]] = row
        replay = replays.setdefault(row["pk"], _Replay(team, row["percent_before"], since))
        if row["change__field"]:
            replay.add(row)
    last_day = weeks.last_day(week)
    milestones = defaultdict(list)
    for pk, row in rows.items():
        closed_at, then = row["closed_at"], replays[pk]
        milestones[row["project"]].append(
            MilestoneRow(
                name=row["name"],
                percent=then.percent,
                due_on=then.due_on,
                due_precision=then.precision,
                weight=row["weight"],
                is_closed=closed_at is not None and team.local(closed_at).date() <= last_day,
                first_due_on=then.first_due_on,
                first_precision=then.first_precision,
                moves=tuple(then.moves),
                percent_changes=tuple(then.percent_changes),
            )
        )
    return milestones


def _milestones_with_changes(
    team: Team, projects: list[int], week: date
) -> Iterable[dict[str, Any]]:
    """A row for each milestone and each move of its date so far or change of percent this week."""
    changes = ProgressChange.objects.counting().filter(milestone=OuterRef("pk"))
    before = changes.filter(field=LedgerField.PERCENT, week__lt=week).order_by("-week", "-pk")
    # Field and range in both, or SQLite does not look them up in progress_change_as_of and reads
    # the whole ledger of each milestone.
    of_week = Q(changes__field=LedgerField.PERCENT, changes__week__gte=week)
    on_page = (Q(changes__field=LedgerField.DUE_ON) | of_week) & Q(changes__is_undone=False)
    rows: Iterable[dict[str, Any]] = (
        Milestone.objects.filter(project__in=projects)
        .in_week(team, week)
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

"""Reads the projects of a team's week, with all that their entries print: five queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from projects import weeks
from projects.models import (
    Health,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    Question,
    StatusEntry,
    Team,
    User,
)
from projects.weeks import WEEK
from reports.weekly.rows import (
    DropRow,
    EntryRow,
    MilestoneRow,
    MoveRow,
    ProjectRow,
    QuestionRow,
    RepeatRow,
)

# Weeks that a sparkline shows, this one included.
HISTORY: Final = 8


def load_projects(team: Team, week: date, today: date) -> tuple[ProjectRow, ...]:
    """The projects with an entry in the week, and those that owed one, in the team's order."""
    projects = list(_on_the_page(team, week, today))
    entries = _entries(team, week, [project.previous_id for project in projects])
    ids = [project.pk for project in projects]
    history = _history(ids, week)
    milestones = _milestones(team, ids, week)
    questions = _questions(ids, week)
    rows = []
    for project in projects:
        entry = entries.get((project.pk, True))
        previous = entries.get((project.pk, False))
        # Where it stood then, not where it has moved since.
        place = previous if previous and week < weeks.monday_of(today) else project
        rows.append(
            ProjectRow(
                id=project.pk,
                name=project.name,
                lead=_name(project.lead) or project.lead_name,
                objective_id=place.objective_id,
                is_focus=place.is_focus,
                position=project.position,
                entry=entry,
                previous=previous,
                last_percent=project.last_percent,
                history=tuple(history[project.pk]),
                milestones=tuple(milestones[project.pk]),
                questions=tuple(questions[project.pk]),
            )
        )
    return tuple(rows)


def _on_the_page(team: Team, week: date, today: date) -> Iterable[Any]:
    """Projects with ``previous_id`` and ``last_percent``, of the latest entries before the week.

    A project that was last reported as done is gone from the weeks after. One whose start nobody
    knows begins with its first entry, or now.
    """
    entries = StatusEntry.objects.filter(project=OuterRef("pk"))
    before = entries.filter(week__lt=week).order_by("-week")
    printed = before.annotate(printed=_PRINTED).exclude(printed=None)
    projects = Project.objects.filter(team=team).annotate(
        has_entry=Exists(entries.filter(week=week)),
        previous_id=Subquery(before.values("pk")[:1]),
        last_health=Coalesce(Subquery(before.values("health")[:1]), Value("")),
        last_percent=Subquery(printed.values("printed")[:1]),
    )
    owing = projects.exclude(last_health=Health.DONE)
    if week < weeks.monday_of(today):
        owing = owing.filter(Q(previous_id__isnull=False) | Q(started_on__isnull=False))
    on_page = projects.filter(has_entry=True) | owing.open_in(week)
    return on_page.select_related("lead").order_by("position", "pk")


_PRINTED: Final = Coalesce(F("percent"), F("weighted_percent"))


def _entries(
    team: Team, week: date, previous: list[int | None]
) -> dict[tuple[int, bool], EntryRow]:
    """The entries by their project and whether they are of this week."""
    ids = [pk for pk in previous if pk is not None]
    rows = StatusEntry.objects.filter(Q(team=team, week=week) | Q(pk__in=ids))
    return {
        (row.project_id, row.week == week): _entry(row, team)
        for row in rows.select_related("author", "stage")
    }


def _entry(row: StatusEntry, team: Team) -> EntryRow:
    return EntryRow(
        week=row.week,
        text=row.text,
        health=row.health,
        stage=row.stage.name if row.stage else "",
        risks=row.risks,
        percent=row.percent,
        weighted_percent=row.weighted_percent,
        source=row.source,
        author=_name(row.author),
        reported_at=team.local(row.reported_at),
        objective_id=row.objective_id,
        is_focus=row.is_focus,
        name=row.name,
        section=row.section,
        position=row.position,
        repeats=tuple(RepeatRow(**repeat) for repeat in row.repeats),
    )


def _history(projects: list[int], week: date) -> dict[int, list[tuple[date, Decimal]]]:
    rows = (
        StatusEntry.objects.filter(
            project__in=projects, week__lte=week, week__gt=week - HISTORY * WEEK
        )
        .annotate(printed=_PRINTED)
        .exclude(printed=None)
        .order_by("week")
    )
    history = defaultdict(list)
    for project, of_week, percent in rows.values_list("project", "week", "printed"):
        history[project].append((of_week, percent))
    return history


def _questions(projects: list[int], week: date) -> dict[int, list[QuestionRow]]:
    rows = Question.objects.open().filter(project__in=projects, week__lte=week)
    questions = defaultdict(list)
    for row in rows.select_related("asked_by").order_by("asked_at", "pk"):
        asked = QuestionRow(row.text, _name(row.asked_by), row.asked_at)
        questions[row.project_id].append(asked)
    return questions


def _name(user: User | None) -> str:
    return str(user) if user else ""


# --- milestones and their ledger --------------------------------------------------------------


@dataclass(slots=True)
class _Ledger:
    """One milestone's changes, replayed in the order of their weeks.

    A change goes from the value before it to its own: a row that was told late does not match
    the old value of the row after it (``projects.ledger``).
    """

    percent_before: Decimal | None
    first_due_on: date | None = None
    due_on: date | None = None
    moves: list[MoveRow] = field(default_factory=list)
    drops: list[DropRow] = field(default_factory=list)

    def add(self, row: dict[str, Any], team: Team) -> None:
        by = row["change__by__name"] or row["change__by__username"] or ""
        reason = row["change__reason"]
        if row["change__field"] == LedgerField.PERCENT:
            old, new = self.percent_before, row["change__new_percent"]
            if old is not None and new is not None:
                self.drops.append(DropRow(old, new, reason, by))
            self.percent_before = new
            return
        new_date = row["change__new_due_on"]
        if new_date is None:
            return
        self.first_due_on = self.first_due_on or new_date
        if self.due_on is not None and self.due_on != new_date:
            precision, at = row["change__new_precision"], team.local(row["change__at"])
            week = row["change__week"]
            self.moves.append(MoveRow(week, self.due_on, new_date, precision, reason, by, at))
        self.due_on = new_date


def _milestones(team: Team, projects: list[int], week: date) -> dict[int, list[MilestoneRow]]:
    """Milestones as they stood at the week's end, with every move of a date up to then."""
    ledgers: dict[int, _Ledger] = {}
    rows: dict[int, dict[str, Any]] = {}
    for row in _milestones_with_changes(projects, week):
        rows[row["pk"]] = row
        ledger = ledgers.setdefault(row["pk"], _Ledger(row["percent_before"]))
        if row["change__field"]:
            ledger.add(row, team)
    last_day = weeks.last_day(week)
    milestones = defaultdict(list)
    for pk, row in rows.items():
        closed_at, ledger = row["closed_at"], ledgers[pk]
        milestones[row["project"]].append(
            MilestoneRow(
                name=row["name"],
                percent=row["percent_then"],
                due_on=row["due_then"],
                due_precision=row["precision_then"] or "day",
                weight=row["weight"],
                is_closed=closed_at is not None and team.local(closed_at).date() <= last_day,
                first_due_on=ledger.first_due_on,
                moves=tuple(ledger.moves),
                percent_changes=tuple(ledger.drops),
            )
        )
    return milestones


def _milestones_with_changes(projects: list[int], week: date) -> Iterable[dict[str, Any]]:
    """A row for each milestone and each move of its date so far or change of percent this week."""
    changes = ProgressChange.objects.filter(milestone=OuterRef("pk"))
    before = changes.filter(field=LedgerField.PERCENT, week__lt=week).order_by("-week", "-pk")
    on_page = Q(changes__field=LedgerField.DUE_ON) | Q(changes__week=week)
    rows: Iterable[dict[str, Any]] = (
        Milestone.objects.as_of(week)
        .annotate(
            percent_before=Subquery(before.values("new_percent")[:1]),
            change=FilteredRelation("changes", condition=Q(changes__week__lte=week) & on_page),
        )
        .filter(project__in=projects)
        # What the ledger knows only from later weeks was not there yet.
        .filter(Exists(changes.filter(week__lte=week)) | ~Exists(changes))
        .order_by("position", "pk", "change__week", "change__pk")
        .values(
            *("pk", "project", "name", "weight", "closed_at"),
            *("percent_then", "due_then", "precision_then", "percent_before"),
            *(f"change__{name}" for name in ("week", "field", "new_percent", "new_due_on")),
            *(f"change__{name}" for name in ("new_precision", "reason", "at")),
            *("change__by__name", "change__by__username"),
        )
    )
    return rows

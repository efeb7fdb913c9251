"""Reads the projects of a team's week, with all that their entries print: five queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.utils import translation

from projects import standing, weeks
from projects.models import (
    Health,
    LedgerField,
    Team,
)
from projects.models.deputies import signed
from projects.weeks import WEEK
from reports.weekly.load import queries
from reports.weekly.load.then import close_reasons, then
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
    closed in the week; of history only those with an entry. One more query where some were closed,
    for the reasons; and one in a past week, for what was changed since.
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
    reasons = close_reasons({row.id: row.closed_on for row in bare if row.closed_on})
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
    pk, closed_on = project["pk"], project["closed_then"]
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
        is_back=_is_back(project["reopened_from"], previous, week),
        started_on=project["started_on"],
        closed_on=closed_on if standing.is_closed_in(closed_on, week) else None,
    )


def _is_back(reopened_from: str | None, previous: EntryRow | None, week: date) -> bool:
    """One that was done stays counted while it is closed."""
    if reopened_from is None or (previous and previous.health == Health.DONE):
        return False
    return date.fromisoformat(reopened_from) < week - WEEK


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


def _counted(team: Team, week: date, today: date) -> list[dict[str, Any]]:
    """Projects with ``previous_id`` and ``last_percent``, of the latest entries before the week.

    A project last reported as done is not on later pages; ``is_finished`` marks those done in the
    week's cycle, ``has_left`` those that only last week's page shows, as closed in it.
    """
    this_week = weeks.monday_of(today)
    asked: dict[str, Any] = {"team": team.pk, "starts_on": team.starts_on, "week": week}
    monday = datetime.combine(week, time.min, tzinfo=team.zone)
    asked |= {"is_past": week < this_week, "begin": monday, "end": monday + WEEK}
    stood = then(team, week, today)
    if stood.closings:
        rows = list(queries.projects_closed(stood.closed_on(), **asked))
    else:
        rows = queries.projects.rows(**asked)
    return [
        {**row, "lead": stood.leads.get(row["pk"]) or _name(team, row, "lead") or row["lead_name"]}
        for row in rows
    ]


def _entries(
    team: Team, week: date, previous: list[int | None]
) -> dict[tuple[int, bool], EntryRow]:
    """The entries by their project and whether they are of this week."""
    ids = tuple(pk for pk in previous if pk is not None)
    rows = queries.entries.rows(team=team.pk, week=week, previous=ids)
    return {(row["project"], row["week"] == week): _entry(row, team) for row in rows}


def _entry(row: dict[str, Any], team: Team) -> EntryRow:
    return EntryRow(
        **{name: row[name] for name in queries.AS_STORED},
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
    begin = recent(week, since, HISTORY + 1)
    rows = queries.courses.rows(projects=tuple(projects), begin=begin, week=week)
    courses: dict[int, Course] = defaultdict(list)
    for project, of_week, percent in rows:
        courses[project].append((of_week, percent))
    return courses


def _told_since(course: Course, since: date) -> tuple[tuple[date, Decimal], ...]:
    return tuple(
        (week, percent) for week, percent in course if percent is not None and week >= since
    )


def _gains_since(course: Course, since: date) -> tuple[tuple[date, Decimal | None], ...]:
    """For ``Entry.gains``."""
    gains: Course = []
    before: Decimal | None = None
    for week, percent in course:
        gain = None if percent is None or before is None else percent - before
        gains.append((week, gain))
        before = before if percent is None else percent
    return tuple(pair for pair in gains if pair[0] >= since)


def _questions(
    team: Team, projects: list[int], week: date, since: date
) -> dict[int, list[QuestionRow]]:
    """Those still open, and those that were asked or answered in the week."""
    monday = datetime.combine(week, time.min, tzinfo=team.zone)
    rows = queries.questions.rows(
        projects=tuple(projects), since=since, week=week, begin=monday, end=monday + WEEK
    )
    questions = defaultdict(list)
    for row in rows:
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
    for row in queries.milestones.rows(
        projects=tuple(projects), week=week, is_history=team.is_history(week)
    ):
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

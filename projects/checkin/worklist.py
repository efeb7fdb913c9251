"""What a person has to report in a week, with all that the form of each project shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from projects import standing
from projects.checkin import ledger, queries, recording
from projects.models import (
    EntrySource,
    Milestone,
    ProgressChange,
    Project,
    Question,
    StatusEntry,
    Team,
    User,
)
from projects.operations.owed_numbers import owed_numbers
from projects.standing import Duty, PrintedPercent, Slips, printed_percent
from projects.text.numbers import HUNDRED
from projects.weeks import WEEK

_MOST_ANSWERS: Final = 10


@dataclass(frozen=True, slots=True)
class Assignment:
    """One project in one week.

    ``milestones`` carry ``percent_then``, ``due_then`` and ``precision_then``: how they stood at
    the end of that week. ``all_milestones`` has those besides that are dropped or too long done to
    be shown; ``weighted_percent`` is the mean of all that count. ``previous`` is the latest entry
    before it.
    """

    project: Project
    week: date
    milestones: tuple[Milestone, ...]
    entry: StatusEntry | None
    previous: StatusEntry | None
    questions: tuple[Question, ...]
    duty: Duty
    all_milestones: tuple[Milestone, ...] = ()
    weighted_percent: Decimal | None = None
    last_percent: Decimal | None = None  # the last that an entry before the week told
    last_percent_week: date | None = None  # the week of that entry
    is_drop_explained: bool = False  # a milestone that dropped this week says why
    aliases: Mapping[str, str] | None = None  # of the project by their keys, where loaded
    slips: Slips | None = None  # of the milestone that decides the due date: ``with_slips``

    @property
    def printed(self) -> PrintedPercent:
        """The percent as the pages show it: the entry's, or the last known one."""
        return printed_percent(self.entry.week_percent if self.entry else None, self.last_percent)

    @property
    def change(self) -> Decimal | None:
        """In points, from the percent compared with to that of this week's entry."""
        percent, before = self.entry.week_percent if self.entry else None, self.compared_percent
        return None if percent is None or before is None else percent - before

    @property
    def compared_percent(self) -> Decimal | None:
        """The last percent that this week's is compared with; what history told is not."""
        since = standing.begins_with(self.week, self.project.team.starts_on)
        is_of_present = self.last_percent_week is not None and self.last_percent_week >= since
        return self.last_percent if is_of_present else None

    @property
    def counting(self) -> tuple[Milestone, ...]:
        """Those of ``all_milestones`` that make up ``weighted_percent``."""
        team = self.project.team
        return tuple(m for m in self.all_milestones if m.counts_in(team, self.week))

    @property
    def finished(self) -> tuple[Milestone, ...]:
        """The milestones that were done before this form, however long ago."""
        return tuple(m for m in self.counting if m.percent_then == HUNDRED)  # type: ignore[attr-defined]  # of ``as_of``

    @property
    def deciding(self) -> Milestone | None:
        """The milestone whose due date is the project's."""
        return standing.deciding(self.all_milestones)

    @property
    def is_waiting(self) -> bool:
        """Whether the week still waits for the project's entry."""
        return self.duty is Duty.OWED

    @property
    def weeks_silent(self) -> int:
        """Since the previous entry."""
        return (self.week - self.previous.week) // WEEK if self.previous else 0

    @property
    def can_confirm(self) -> bool:
        """Whether ``recording.confirm_unchanged`` has an earlier entry to say again."""
        return self.entry is None and self._is_of_present

    @property
    def _is_of_present(self) -> bool:
        """Whether there is a previous entry, and it was told since the team's start."""
        since = standing.begins_with(self.week, self.project.team.starts_on)
        return self.previous is not None and self.previous.week >= since

    @property
    def revision(self) -> int:
        """Of the entry as it stands; 0 when there is none yet."""
        return self.entry.revision if self.entry else 0

    def reported(self, entry: StatusEntry, answered: Iterable[Question] = ()) -> Assignment:
        """The same after ``entry`` was saved and the questions were answered.

        For showing what was saved; the milestones are still those of before.
        """
        done = {question.pk for question in answered}
        still_open = tuple(question for question in self.questions if question.pk not in done)
        return replace(self, entry=entry, questions=still_open, duty=Duty.REPORTED)


@dataclass(frozen=True, slots=True)
class Worklist:
    """Assignments in the order that the team has put its projects in.

    The order does not follow what was reported: people remember places. ``answered`` has the
    answers to a manager's own questions, the newest first.
    """

    assignments: list[Assignment]
    answered: list[Question]


def worklist_of(
    team: Team,
    week: date,
    leads: Collection[int] | None = None,
    *,
    or_all: bool = False,
    asked_by: User | None = None,
) -> Worklist:
    """The team's projects of that week. A fixed number of queries.

    With ``leads``, only the projects of these people; and if they have none, ``or_all``. What was
    answered to ``asked_by`` comes with them.
    """
    projects = queries.projects.rows(
        team=team.pk,
        starts_on=team.starts_on,
        week=week,
        is_past=week < team.this_week(),
        leads=None if leads is None else tuple(leads),
        or_all=or_all,
    )
    questions = queries.questions.rows(
        team=team.pk,
        projects=tuple(project.pk for project in projects),
        since=standing.begins_with(week, team.starts_on),
        week=week,
        asked_by=asked_by.pk if asked_by else None,
    )
    answered = [question for question in questions if question.answered_at]
    still_open = [question for question in questions if question.answered_at is None]
    return Worklist(
        _assignments(projects, still_open, team, week),
        sorted(answered, key=attrgetter("answered_at"), reverse=True)[:_MOST_ANSWERS],
    )


def with_slips(
    assignments: Sequence[Assignment], changes: Iterable[ProgressChange]
) -> list[Assignment]:
    """The same, each with how far its due date has slipped by the ``ledger.due_changes``."""
    if not assignments:
        return []
    first = assignments[0]
    since = standing.begins_with(first.week, first.project.team.starts_on)
    by_milestone = ledger.slips_in(changes, since)
    return [
        replace(assignment, slips=by_milestone.get(assignment.deciding.pk))
        if assignment.deciding
        else assignment
        for assignment in assignments
    ]


def assignment_of(project: Project, week: date) -> Assignment:
    """One project's, whether it owes an entry in that week or not. Three queries."""
    team = project.team
    latest: list[Any] = queries.latest_entries.rows(  # annotated
        project=project.pk, starts_on=team.starts_on, week=week
    )
    since = standing.begins_with(week, team.starts_on)
    milestones = queries.milestones.rows(
        projects=(project.pk,), week=week, is_history=team.is_history(week)
    )
    return _assignment(
        project,
        week,
        milestones,
        entry=next((entry for entry in latest if entry.week == week), None),
        previous=next((entry for entry in latest if entry.week < week), None),
        questions=queries.questions.rows(
            team=team.pk, projects=(project.pk,), since=since, week=week, asked_by=None
        ),
        percents=latest[0] if latest else None,
    )


def _assignments(
    projects: list[Any], still_open: Iterable[Question], team: Team, week: date
) -> list[Assignment]:
    """``projects`` are annotated."""
    by_key: dict[int, Project] = {project.pk: project for project in projects}
    keys = tuple(by_key)
    milestones: defaultdict[int, list[Milestone]] = defaultdict(list)
    is_history = team.is_history(week)
    for milestone in queries.milestones.rows(projects=keys, week=week, is_history=is_history):
        milestone.project = by_key[milestone.project_id]
        milestones[milestone.project_id].append(milestone)
    earlier = tuple(project.previous_id for project in projects if project.previous_id)
    entries: dict[int, StatusEntry] = {}
    previous: dict[int, StatusEntry] = {}
    for entry in queries.entries.rows(projects=keys, previous=earlier, week=week):
        (entries if entry.week == week else previous)[entry.project_id] = entry
    questions = defaultdict(list)
    for question in still_open:
        questions[question.project_id].append(question)
    return [
        _assignment(
            project,
            week,
            milestones[project.pk],
            entry=entries.get(project.pk),
            previous=previous.get(project.pk),
            questions=questions[project.pk],
            percents=project,
            aliases=_aliases(project),
        )
        for project in projects
    ]


def _assignment(
    project: Project,
    week: date,
    milestones: list[Milestone],
    *,
    entry: StatusEntry | None,
    previous: StatusEntry | None,
    questions: Iterable[Question],
    percents: Any,
    aliases: Mapping[str, str] | None = None,
) -> Assignment:
    """``percents`` is a row with ``last_percent``, its week and ``is_drop_explained``."""
    team = project.team
    since = standing.begins_with(week, team.starts_on)
    is_of_present = previous is not None and previous.week >= since
    duty = standing.duty_in(
        week,
        this_week=team.this_week(),
        started_on=project.started_on,
        closed_on=project.closed_on,
        has_entry=entry is not None,
        last_health=previous.health if previous and is_of_present else None,
        starts_on=team.starts_on,
    )
    return Assignment(
        project=project,
        week=week,
        milestones=tuple(milestone for milestone in milestones if _is_shown(team, milestone, week)),
        entry=entry,
        previous=previous,
        questions=tuple(questions),
        duty=duty,
        last_percent=percents.last_percent if percents else None,
        last_percent_week=percents.last_percent_week if percents else None,
        is_drop_explained=percents is not None and percents.is_drop_explained,
        aliases=aliases,
        all_milestones=tuple(milestones),
        weighted_percent=_weighted_percent(team, week, milestones),
    )


def _aliases(project: Any) -> dict[str, str]:
    """The names of an annotated project by their keys."""
    lines = (project.aliases_text or "").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def _weighted_percent(team: Team, week: date, milestones: list[Milestone]) -> Decimal | None:
    return recording.weighted_percent(
        (milestone.percent_then, milestone.weight)  # type: ignore[attr-defined]  # of ``as_of``
        for milestone in milestones
        if milestone.counts_in(team, week)
    )


def _is_shown(team: Team, milestone: Milestone, week: date) -> bool:
    """What was finished weeks ago, or dropped, is only in the way of what is reported now."""
    closed_at = milestone.closed_at
    is_news = closed_at is None or team.local(closed_at).date() >= week - WEEK
    return is_news and not milestone.is_dropped


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the projects that are expected to have an entry have one."""

    reported: int
    owed: int


def progress_of(assignments: Iterable[Assignment]) -> Progress:
    duties = [assignment.duty for assignment in assignments]
    reported = duties.count(Duty.REPORTED)
    return Progress(reported=reported, owed=reported + duties.count(Duty.OWED))


def owed_in(assignments: Iterable[Assignment]) -> int:
    """How many of them wait for their entry, or else for an answer."""
    return sum(a.is_waiting or bool(a.questions) for a in assignments)


def owed_count(team: Team, week: date, leads: Collection[int]) -> int:
    """The same of these people's projects, and their missing numbers. Two queries."""
    projects = queries.owing.rows(
        team=team.pk,
        starts_on=team.starts_on,
        week=week,
        is_past=week < team.this_week(),
        since=standing.begins_with(week, team.starts_on),
        leads=tuple(leads),
    )
    numbers = owed_numbers(team, week, leads)
    return len(projects) + sum(number.now is None for number in numbers)


@dataclass(frozen=True, slots=True)
class Summary:
    """What of a finished week's reports will stand on its page."""

    projects: int
    with_news: int
    unchanged: int
    postponed: tuple[tuple[Project, int], ...]  # with the days by which a date moved later


def summary_of(
    assignments: Iterable[Assignment], changes: Iterable[ProgressChange]
) -> Summary | None:
    """Of those that have an entry; ``None`` while one is owed, or where there is none."""
    all_assignments = list(assignments)
    entries = [assignment.entry for assignment in all_assignments if assignment.entry]
    if not entries or any(assignment.is_waiting for assignment in all_assignments):
        return None
    projects = {assignment.project.pk: assignment.project for assignment in all_assignments}
    days: dict[int, int] = {}
    for move in changes:
        if move.week == entries[0].week and move.slip_days > 0:
            key = move.milestone.project_id
            days[key] = max(days.get(key, 0), move.slip_days)
    unchanged = sum(entry.source == EntrySource.CONFIRMED for entry in entries)
    return Summary(
        projects=len(entries),
        with_news=len(entries) - unchanged,
        unchanged=unchanged,
        postponed=tuple((projects[key], moved) for key, moved in days.items()),
    )


def progress(team: Team, week: date, leads: Collection[int] | None = None) -> Progress:
    """The same for the team, or for some leads' projects, without loading any of them."""
    has_entry = queries.expected.rows(
        team=team.pk,
        starts_on=team.starts_on,
        week=week,
        is_past=week < team.this_week(),
        leads=None if leads is None else tuple(leads),
    )
    return Progress(reported=sum(has_entry), owed=len(has_entry))

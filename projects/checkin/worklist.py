"""What a person has to report in a week, with all that the form of each project shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from projects.checkin import recording
from projects.models import Health, Milestone, Project, Question, StatusEntry, Team, User


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
    all_milestones: tuple[Milestone, ...] = ()
    weighted_percent: Decimal | None = None

    @property
    def is_paused(self) -> bool:
        """Nobody has reported this week, and the last word was that the project rests."""
        last = self.previous
        return self.entry is None and last is not None and last.health == Health.PAUSED

    @property
    def is_waiting(self) -> bool:
        return self.entry is None and not self.is_paused

    @property
    def can_confirm(self) -> bool:
        """Whether ``recording.confirm_unchanged`` has an earlier entry to say again."""
        return self.entry is None and self.previous is not None

    @property
    def revision(self) -> int:
        """Of the entry as it stands; 0 when there is none yet."""
        return self.entry.revision if self.entry else 0

    def reported(self, entry: StatusEntry, answered: Iterable[Question] = ()) -> Assignment:
        """The same after ``entry`` was saved and the questions were answered.

        For showing what was saved; the milestones are still those of before.
        """
        done = {question.pk for question in answered}
        still_open = tuple(one for one in self.questions if one.pk not in done)
        return replace(self, entry=entry, questions=still_open)


def assignments_of(team: Team, week: date, lead: User | None = None) -> list[Assignment]:
    """The team's open projects of that week: those that wait for an entry, reported, paused.

    With ``lead``, only the projects of that person. A fixed number of queries.
    """
    projects = Project.objects.filter(team=team).open_in(week)
    if lead is not None:
        projects = projects.filter(lead=lead)
    projects = projects.select_related("objective", "lead", "team").prefetch_related("aliases")
    found = _assignments(projects, week)
    return sorted(found, key=lambda one: (not one.is_waiting, one.is_paused))


def assignment_of(project: Project, week: date) -> Assignment:
    """One project's, whether it owes an entry in that week or not. Three queries."""
    told = StatusEntry.objects.filter(project=project, week__lte=week).order_by("-week")
    latest = list(told.select_related("author")[:2])
    asked = Question.objects.filter(project=project, week__lte=week).open()
    return _assignment(
        project,
        week,
        list(Milestone.objects.filter(project=project).as_of(week)),
        entry=next((one for one in latest if one.week == week), None),
        previous=next((one for one in latest if one.week < week), None),
        questions=asked.select_related("asked_by"),
    )


def _assignments(projects: QuerySet[Project], week: date) -> list[Assignment]:
    previous_id = _entries_of_project(week__lt=week).values("pk")[:1]
    milestones = Prefetch("milestones", Milestone.objects.as_of(week), to_attr="in_week")
    rows = projects.annotate(previous_id=Subquery(previous_id)).prefetch_related(milestones)
    found = list(rows)
    told = StatusEntry.objects.filter(
        Q(project__in=found, week=week) | Q(pk__in=[p.previous_id for p in found])
    )
    entries: dict[int, StatusEntry] = {}
    previous: dict[int, StatusEntry] = {}
    for entry in told.select_related("author"):
        (entries if entry.week == week else previous)[entry.project_id] = entry
    questions = defaultdict(list)
    for question in (
        Question.objects.filter(project__in=found, week__lte=week).open().select_related("asked_by")
    ):
        questions[question.project_id].append(question)
    return [
        _assignment(
            project,
            week,
            project.in_week,
            entry=entries.get(project.pk),
            previous=previous.get(project.pk),
            questions=questions[project.pk],
        )
        for project in found
    ]


def _assignment(
    project: Project,
    week: date,
    milestones: list[Milestone],
    *,
    entry: StatusEntry | None,
    previous: StatusEntry | None,
    questions: Iterable[Question],
) -> Assignment:
    counting = [milestone for milestone in milestones if not milestone.is_dropped]
    return Assignment(
        project=project,
        week=week,
        milestones=tuple(one for one in milestones if _is_shown(one, week)),
        entry=entry,
        previous=previous,
        questions=tuple(questions),
        all_milestones=tuple(milestones),
        weighted_percent=recording.weighted_percent(
            (one.percent_then, one.weight)  # type: ignore[attr-defined]  # of ``as_of``
            for one in counting
        ),
    )


def _entries_of_project(**weeks: date) -> QuerySet[StatusEntry]:
    """For a subquery of projects: each one's entries of those weeks, the newest first."""
    return StatusEntry.objects.filter(project=OuterRef("pk"), **weeks).order_by("-week")


def _is_shown(milestone: Milestone, week: date) -> bool:
    """What was finished weeks ago, or dropped, is only in the way of what is reported now."""
    done = milestone.closed_at
    is_news = done is None or done.date() >= week - timedelta(days=7)
    return is_news and not milestone.is_dropped


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the projects that owe an entry have one. A paused project owes none."""

    reported: int
    owed: int


def progress_of(assignments: Iterable[Assignment]) -> Progress:
    owing = [assignment.is_waiting for assignment in assignments if not assignment.is_paused]
    return Progress(reported=owing.count(False), owed=len(owing))


def progress(team: Team, week: date, lead: User | None = None) -> Progress:
    """The same for the team, or for one lead's projects, without loading any of them."""
    projects = Project.objects.filter(team=team).open_in(week)
    if lead is not None:
        projects = projects.filter(lead=lead)
    # Of this week's entry and those before it, the newest says whether the project rests.
    last = _entries_of_project(week__lte=week)
    counted = projects.alias(
        last_week=Subquery(last.values("week")[:1]), last_health=Subquery(last.values("health")[:1])
    ).aggregate(
        all=Count("pk"),
        reported=Count("pk", filter=Q(last_week=week)),
        resting=Count("pk", filter=Q(last_week__lt=week, last_health=Health.PAUSED)),
    )
    return Progress(reported=counted["reported"], owed=counted["all"] - counted["resting"])

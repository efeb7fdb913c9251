"""The demo team's projects, written at once, but as check-ins week by week would have left them.

Each change of a percent or date has its ledger row, and milestones hold what the ledger said last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from projects.checkin import recording
from projects.models import (
    Alias,
    EntrySource,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    Stage,
    StatusEntry,
    Team,
    User,
)
from projects.text import names
from reports.demo.people import Goals
from reports.demo.story import Story, StoryDue, StoryReport, monday, reports

_HUNDRED: Final = Decimal(100)
_FRIDAY: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class ReportClock:
    """When people report: on the last days of a week, and in the present one until ``now``."""

    team: Team
    present: date  # the Monday of the present week
    now: datetime

    def reported(self, ago: int, place: int) -> datetime:
        """The moment at which the project at that place on the page is reported."""
        if ago:
            days, minutes = 2 + (place + ago) % 3, (place * 37 + ago * 11) % 420
            return self.moment(monday(self.present, ago) + timedelta(days), 9 * 60 + minutes)
        begin = self.moment(self.present, 9 * 60)
        return begin + max(self.now - begin, timedelta(0)) * (place % 20 + 1) / 21

    def moment(self, day: date, minutes: int) -> datetime:
        """So many minutes after midnight of that day, in the team's zone."""
        midnight = datetime.combine(day, time(), self.team.zone)
        return midnight + timedelta(minutes=minutes)


@dataclass(slots=True)
class Rows:
    """What ``create_projects`` writes, in as many statements as there are tables."""

    projects: list[Project] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    changes: list[ProgressChange] = field(default_factory=list)
    entries: list[StatusEntry] = field(default_factory=list)

    def save(self) -> None:
        # In this order: a row takes the key of the one it refers to when it is saved.
        Project.objects.bulk_create(self.projects)
        Alias.objects.bulk_create(self.aliases)
        Milestone.objects.bulk_create(self.milestones)
        ProgressChange.objects.bulk_create(self.changes)
        StatusEntry.objects.bulk_create(self.entries)


def create_projects(
    stories: tuple[Story, ...], clock: ReportClock, goals: Goals, users: Mapping[str, User]
) -> dict[str, Project]:
    """The projects by name."""
    stages = {stage.name: stage for stage in Stage.objects.filter(team=clock.team)}
    rows = Rows()
    for place, story in enumerate(stories):
        _Writer(story, place, clock, goals, users[story.lead], stages).write(rows)
    rows.save()
    return {project.name: project for project in rows.projects}


@dataclass(frozen=True, slots=True)
class _Writer:
    story: Story
    place: int
    clock: ReportClock
    goals: Goals
    lead: User
    stages: Mapping[str, Stage]

    def write(self, rows: Rows) -> None:
        project = self._project()
        milestones = self._milestones(project)
        rows.projects.append(project)
        rows.milestones += milestones.values()
        for name in dict.fromkeys((project.name, *self.story.aliases)):
            rows.aliases.append(
                Alias(team=project.team, project=project, name=name, key=names.key(name))
            )
        last: StoryReport | None = None
        for report in reports(self.story, self.clock.present):
            rows.changes += self._changes(milestones, last, report)
            rows.entries.append(self._entry(project, report))
            last = report

    def _project(self) -> Project:
        story, present = self.story, self.clock.present
        closed = None if story.closed is None else monday(present, story.closed) + _FRIDAY
        return Project(
            team=self.clock.team,
            name=story.name,
            objective=self.goals.objective(story.objective, min(closed or present, present)),
            lead=self.lead,
            is_focus=story.focus,
            position=self.place,
            started_on=monday(present, max(story.weeks)),
            closed_on=closed,
        )

    def _milestones(self, project: Project) -> dict[str, Milestone]:
        return {
            key: Milestone(
                team=project.team,
                project=project,
                name=milestone.name,
                weight=milestone.weight,
                position=position,
            )
            for position, (key, milestone) in enumerate(self.story.milestones.items())
        }

    def _changes(
        self, milestones: Mapping[str, Milestone], last: StoryReport | None, report: StoryReport
    ) -> Iterator[ProgressChange]:
        """The ledger rows of one week; the milestones take the values along."""
        percents: Mapping[str, Decimal] = last.percents if last else {}
        dues: Mapping[str, StoryDue] = last.dues if last else {}
        for key, milestone in milestones.items():
            old, new = percents.get(key), report.percents.get(key)
            if new is not None and new != old:
                change = self._change(milestone, report)
                change.field, change.old_percent, change.new_percent = LedgerField.PERCENT, old, new
                # A reason was given for the step back, not for what went forward beside it.
                change.reason = report.reason if old is not None and new < old else ""
                milestone.percent = new
                milestone.closed_at = change.at if new == _HUNDRED else None
                yield change
            before, due = dues.get(key), report.dues.get(key)
            if due is not None and due != before:
                change = self._change(milestone, report)
                change.field, change.new_due_on = LedgerField.DUE_ON, due.on
                change.old_due_on = before.on if before else None
                change.new_precision = due.precision
                change.reason = report.reason if before and due.on > before.on else ""
                milestone.due_on, milestone.due_precision = due.on, due.precision
                yield change

    def _change(self, milestone: Milestone, report: StoryReport) -> ProgressChange:
        return ProgressChange(
            team=milestone.team,
            milestone=milestone,
            week=monday(self.clock.present, report.ago),
            by=self.lead,
            at=self.clock.reported(report.ago, self.place),
        )

    def _entry(self, project: Project, report: StoryReport) -> StatusEntry:
        week = monday(self.clock.present, report.ago)
        weighted = recording.weighted_percent(
            (report.percents.get(key), milestone.weight)
            for key, milestone in self.story.milestones.items()
        )
        return StatusEntry(
            team=project.team,
            project=project,
            week=week,
            text=report.text,
            health=report.health,
            stage=self.stages[report.stage],
            risks=report.risks,
            percent=weighted if report.percent is None else report.percent,
            weighted_percent=weighted,
            objective=self.goals.objective(self.story.objective, week),
            is_focus=self.story.focus,
            author=self.lead,
            source=EntrySource.CONFIRMED if report.is_confirmed else EntrySource.REPORTED,
            reported_at=self.clock.reported(report.ago, self.place),
        )

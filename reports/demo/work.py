"""The demo team's projects, written at once, but as check-ins week by week would have left them.

Each change of a percent or date has its ledger row, and milestones hold what the ledger said last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from projects import audit
from projects.checkin import recording
from projects.models import (
    Alias,
    AuditRecord,
    EntrySource,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    Stage,
    StatusEntry,
)
from projects.text import names
from reports.demo.clock import DemoClock
from reports.demo.people import Goals, People
from reports.demo.story import Story, StoryDue, StoryReport, reports

_HUNDRED: Final = Decimal(100)
# So many reports of the present week are there from its first minute on.
_EARLY: Final = 4


@dataclass(slots=True)
class Rows:
    """What ``create_projects`` writes, in as many statements as there are tables."""

    projects: list[Project] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    changes: list[ProgressChange] = field(default_factory=list)
    entries: list[StatusEntry] = field(default_factory=list)
    # Made when the rows that they name have their keys.
    records: list[Callable[[], AuditRecord]] = field(default_factory=list)

    def save(self) -> None:
        # In this order: a row takes the key of the one it refers to when it is saved.
        Project.objects.bulk_create(self.projects)
        Alias.objects.bulk_create(self.aliases)
        Milestone.objects.bulk_create(self.milestones)
        ProgressChange.objects.bulk_create(self.changes)
        StatusEntry.objects.bulk_create(self.entries)
        audit.note_all(record() for record in self.records)


def create_projects(
    stories: tuple[Story, ...], clock: DemoClock, goals: Goals, people: People
) -> dict[str, Project]:
    """The projects by name."""
    stages = {stage.name: stage for stage in Stage.objects.filter(team=clock.team)}
    rows = Rows()
    present = present_reports(stories, clock)
    for place, story in enumerate(stories):
        _Writer(story, place, clock, goals, people, stages, present.get(story.name)).write(rows)
    rows.save()
    return {project.name: project for project in rows.projects}


def present_reports(stories: Iterable[Story], clock: DemoClock) -> dict[str, datetime]:
    """By project, when it was reported in the present week; without those that are still to come.

    A few are there whenever the week is looked at, be it in its first night.
    """
    planned = {
        story.name: clock.at(0, week.at) for story in stories if (week := story.weeks.get(0))
    }
    in_order = sorted(planned, key=lambda name: planned[name])
    opens = clock.moment(clock.present, 0)
    early = {
        name: opens + (clock.now - opens) * place / (_EARLY + 1)
        for place, name in enumerate(in_order[:_EARLY], 1)
    }
    moments = {name: min(planned[name], early.get(name, planned[name])) for name in in_order}
    return {name: moment for name, moment in moments.items() if clock.has_come(moment)}


@dataclass(frozen=True, slots=True)
class _Writer:
    story: Story
    place: int
    clock: DemoClock
    goals: Goals
    people: People
    stages: Mapping[str, Stage]
    reported_now: datetime | None  # in the present week

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
        for report in self._reports():
            rows.changes += self._changes(milestones, last, report)
            rows.records += self._drops(milestones, last, report)
            rows.entries.append(self._entry(project, report))
            last = report
        if project.closed_on is not None:
            rows.records.append(self._closing(project, project.closed_on))

    def _reports(self) -> Iterator[StoryReport]:
        is_reported = self.reported_now is not None
        all_reports = reports(self.story, self.clock.present)
        return (report for report in all_reports if report.ago or is_reported)

    def _project(self) -> Project:
        story, clock = self.story, self.clock
        closed = None if story.closed is None else clock.working_days(story.closed)[-1]
        stood_in = clock.present if story.closed is None else clock.week(story.closed)
        return Project(
            team=clock.team,
            name=story.name,
            objective=self.goals.objective(story.objective, stood_in),
            lead=self.people.users[story.lead],
            is_focus=story.focus,
            position=self.place,
            started_on=clock.week(story.began),
            closed_on=closed,
        )

    def _closing(self, project: Project, on: date) -> Callable[[], AuditRecord]:
        return partial(
            self._record,
            "project.close",
            project,
            project,
            self.clock.moment(on, 15 * 60),
            before={"closed_on": None},
            after={"closed_on": on, "reason": self.story.closed_because},
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
        at = self._reported(report)
        by, on_behalf_of = self.people.acting(self.story.lead, at)
        return ProgressChange(
            team=milestone.team,
            milestone=milestone,
            week=self.clock.week(report.ago),
            by=by,
            on_behalf_of=on_behalf_of,
            at=at,
        )

    def _drops(
        self, milestones: Mapping[str, Milestone], last: StoryReport | None, report: StoryReport
    ) -> Iterator[Callable[[], AuditRecord]]:
        """The milestones that are dropped in that week: closed as they stand, with the reason."""
        for key in report.dropped.keys() - (last.dropped if last else {}):
            milestone = milestones[key]
            milestone.closed_at = self._reported(report)
            after = {"percent": milestone.percent, "reason": report.dropped[key]}
            yield partial(
                self._record,
                "milestone.close",
                milestone,
                milestone.project,
                milestone.closed_at,
                after=after,
            )

    def _record(
        self,
        action: str,
        subject: Project | Milestone,
        project: Project,
        at: datetime,
        **values: Any,
    ) -> AuditRecord:
        by, on_behalf_of = self.people.acting(self.story.lead, at)
        record = audit.record_of(self.clock.team, action, subject, by=by, project=project, **values)
        record.at, record.on_behalf_of = at, on_behalf_of
        return record

    def _entry(self, project: Project, report: StoryReport) -> StatusEntry:
        week, at = self.clock.week(report.ago), self._reported(report)
        by, on_behalf_of = self.people.acting(self.story.lead, at)
        weighted = recording.weighted_percent(
            (report.percents.get(key), milestone.weight)
            for key, milestone in self.story.milestones.items()
            if key not in report.dropped
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
            author=by,
            on_behalf_of=on_behalf_of,
            source=EntrySource.CONFIRMED if report.is_confirmed else EntrySource.REPORTED,
            reported_at=at,
        )

    def _reported(self, report: StoryReport) -> datetime:
        """On one of the last days before the week's cutoff, each project at its own time."""
        if not report.ago and self.reported_now is not None:
            return self.reported_now
        days = self.clock.working_days(report.ago)[-3:]
        minutes = 9 * 60 + (self.place * 37 + report.ago * 11) % 415
        return self.clock.moment(days[(self.place + report.ago) % len(days)], minutes)

"""The rows of a plan that hang on its projects and pages: milestones, entries, numbers, words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from projects.models import (
    EntrySource,
    Health,
    Incident,
    IncidentCount,
    LedgerField,
    Metric,
    MetricAlias,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Reading,
    StatusEntry,
    Team,
)
from projects.portfolio import border
from projects.prose import StateKind
from projects.text.numbers import HUNDRED
from reports.importer.database.batch import Journal
from reports.importer.history import MilestoneHistory, with_year
from reports.importer.page import ProjectMention
from reports.importer.planned import ImportPlan, NewEntry, Ref, Repeat
from reports.models import Section, WeeklyPage

_HEALTH: Final = {
    StateKind.ON_TRACK: Health.ON_TRACK,
    StateKind.AT_RISK: Health.AT_RISK,
    StateKind.OFF_TRACK: Health.OFF_TRACK,
    StateKind.PAUSED: Health.PAUSED,
}
# An old page does not say when on its Friday a line was written.
_WRITTEN_AT: Final = time(18, 0)
_FRIDAY: Final = timedelta(days=4)


@dataclass(slots=True)
class Target:
    """Where a plan is written, and the rows that later ones refer to."""

    team: Team
    journal: Journal
    objectives: dict[tuple[date, str], Objective] = field(default_factory=dict)  # by week and code
    projects: dict[Ref, Project] = field(default_factory=dict)

    def objective(self, week: date | None, code: str | None) -> Objective | None:
        return self.objectives.get((week, code)) if week is not None and code is not None else None

    def project_id(self, ref: Ref | None) -> int | None:
        return None if ref is None else self.projects[ref].pk

    def end_of_history(self) -> datetime:
        """When what is left behind is closed; now where the team has no start."""
        starts_on = self.team.starts_on
        return border.end_of_history(self.team, starts_on) if starts_on else timezone.now()

    def moment(self, week: date) -> datetime:
        """When the week's page was written, as far as is known: its Friday evening, or now."""
        friday = datetime.combine(week + _FRIDAY, _WRITTEN_AT, tzinfo=self.team.zone)
        return min(friday, timezone.now())


# ---- milestones


def write_milestones(plan: ImportPlan, target: Target) -> None:
    """The milestones with their latest values, and the ledger of how they came to be."""
    new: list[Milestone] = []
    written: list[tuple[Milestone, MilestoneHistory]] = []
    known_milestones = {
        m.pk: m for m in Milestone.objects.filter(project__in=target.projects.values())
    }
    taken = {(m.project_id, m.name) for m in known_milestones.values()}
    for ref, project_history in plan.histories.items():
        for position, history in enumerate(project_history.milestones):
            if not history.changes():
                continue
            if history.id is None:
                project = target.projects[ref]
                milestone = Milestone(
                    team=target.team,
                    project=project,
                    name=_free_name(history, project, taken),
                    position=position,
                    is_history=history.is_left,
                    **_latest(history, target),
                )
                if milestone.is_history and milestone.closed_at is None:
                    milestone.closed_at = target.end_of_history()
                new.append(milestone)
            else:
                milestone = known_milestones[history.id]
                _update_milestone(milestone, history, target)
            written.append((milestone, history))
    target.journal.create(new)
    target.journal.create(
        change for milestone, history in written for change in _ledger(milestone, history, target)
    )


def _free_name(history: MilestoneHistory, project: Project, taken: set[tuple[int, str]]) -> str:
    """Its name; with the year where another milestone of the project, of the present, has it."""
    name, number = history.name, 1
    while (project.pk, name) in taken:
        name, number = with_year(history.name, history.last_week or date.min, number), number + 1
    taken.add((project.pk, name))
    return name


def _update_milestone(milestone: Milestone, history: MilestoneHistory, target: Target) -> None:
    latest = _latest(history, target)
    if milestone.is_history:
        latest["closed_at"] = latest["closed_at"] or milestone.closed_at
    if milestone.is_dropped and history.percent != HUNDRED:
        # An old page does not bring back what a person has dropped since.
        latest["closed_at"] = milestone.closed_at
    target.journal.update(milestone, **latest)


def _latest(history: MilestoneHistory, target: Target) -> dict[str, object]:
    due_on, precision = history.due or (None, "day")
    closed = None
    if history.percent == HUNDRED:
        weeks = [week for week, percent in history.percents.items() if percent == HUNDRED]
        closed = target.moment(max(weeks)) if weeks else timezone.now()
    return {
        "percent": history.percent,
        "due_on": due_on,
        "due_precision": precision,
        "closed_at": closed,
    }


def _ledger(
    milestone: Milestone, history: MilestoneHistory, target: Target
) -> Iterable[ProgressChange]:
    for change in history.changes():
        is_percent = change.new_percent is not None
        yield ProgressChange(
            team=target.team,
            milestone=milestone,
            week=change.week,
            field=LedgerField.PERCENT if is_percent else LedgerField.DUE_ON,
            old_percent=change.old_percent,
            new_percent=change.new_percent,
            old_due_on=change.old_due_on,
            new_due_on=change.new_due_on,
            new_precision=change.precision,
            at=target.moment(change.week),
        )


# ---- entries


def write_entries(plan: ImportPlan, target: Target) -> None:
    """One entry for each project and week; further places on the page become its repeats."""
    entries = {
        (entry.project, page.week): _entry(entry, page.week, target)
        for page in plan.pages
        for entry in page.entries
    }
    of_known: dict[tuple[Ref, date], list[Repeat]] = {}
    for page in plan.pages:
        for repeat in page.repeats:
            entry = entries.get((repeat.project, page.week))
            if entry is not None:
                entry.repeats.append(_as_json(repeat))
            else:
                of_known.setdefault((repeat.project, page.week), []).append(repeat)
    target.journal.create(entries.values())
    for (ref, week), repeats in of_known.items():
        entry = StatusEntry.objects.get(project=target.projects[ref], week=week)
        target.journal.update(entry, repeats=[*entry.repeats, *map(_as_json, repeats)])


def _entry(new: NewEntry, week: date, target: Target) -> StatusEntry:
    mention = new.mention
    return StatusEntry(
        team=target.team,
        project=target.projects[new.project],
        week=week,
        text=mention.text,
        health=_health(mention),
        percent=new.percent,
        weighted_percent=new.weighted_percent,
        objective=target.objective(week, mention.code),
        is_focus=mention.is_focus,
        source=EntrySource.IMPORTED,
        reported_at=target.moment(week),
        name=mention.written[:200],
        section=mention.section[:300],
        position=new.position,
    )


def _as_json(repeat: Repeat) -> dict[str, object]:
    return {
        "section": repeat.section,
        "name": repeat.name,
        "text": repeat.text,
        "position": repeat.position,
    }


def _health(mention: ProjectMention) -> str:
    """The health that the text states for the whole project, its last mention; mostly empty."""
    healths = [_HEALTH[state] for state in mention.states if state in _HEALTH]
    return healths[-1].value if healths else ""


# ---- numbers


def write_numbers(plan: ImportPlan, target: Target) -> None:
    """The readings, the metrics that they are of, and the counts of incidents."""
    metrics = _metrics(plan, target)
    target.journal.create(
        Reading(
            team=target.team,
            metric=metrics[target.project_id(reading.project), reading.metric],
            week=page.week,
            value=reading.value,
            note=reading.note,
            text=reading.text,
            position=reading.position,
        )
        for page in plan.pages
        for reading in page.readings
    )
    target.journal.create(
        IncidentCount(
            team=target.team,
            week=page.week,
            severity=severity,
            count=count,
            text=text,
            position=position,
        )
        for page in plan.pages
        for severity, count, text, position in page.counts
    )


def _metrics(plan: ImportPlan, target: Target) -> dict[tuple[int | None, str], Metric]:
    """The metric of each reading, by project and name; new ones are made."""
    known_metrics = {(m.project_id, m.name): m for m in Metric.objects.filter(team=target.team)}
    new: dict[tuple[int | None, str], Metric] = {}
    for reading in (reading for page in plan.pages for reading in page.readings):
        place = (target.project_id(reading.project), reading.metric)
        if place not in known_metrics and place not in new:
            new[place] = Metric(
                team=target.team,
                project_id=place[0],
                name=reading.metric,
                unit=reading.unit,
                position=len(known_metrics) + len(new),
            )
    target.journal.create(new.values())
    metrics = known_metrics | new
    target.journal.create(
        MetricAlias(
            team=target.team, metric=metrics[target.project_id(ref), name], name=alias, key=key
        )
        for (ref, name), aliases in plan.metric_aliases.items()
        for key, alias in aliases.items()
        if (target.project_id(ref), name) in metrics
    )
    return metrics


# ---- incidents, plans and the manager's words


def write_words(plan: ImportPlan, pages: dict[date, WeeklyPage], target: Target) -> None:
    """Incidents, the plan's lines and the sections, each at its line of the source."""
    _write_incidents(plan, target)
    target.journal.create(
        PlannedItem(
            team=target.team, week=page.week, text=goal.written, position=goal.line + page.offset
        )
        for page in plan.pages
        for goal in page.page.goals
    )
    target.journal.create(
        Section(
            team=target.team,
            page=pages[page.week],
            kind=section.kind.value,
            heading=section.heading,
            level=section.level,
            body=section.body,
            objective=target.objective(page.week, section.code),
            position=section.line + page.offset,
        )
        for page in plan.pages
        for section in page.sections
    )


def _write_incidents(plan: ImportPlan, target: Target) -> None:
    zone = target.team.zone
    target.journal.create(
        Incident(
            team=target.team,
            week=page.week,
            occurred_at=incident.occurred_at.replace(tzinfo=zone),
            detected_by=incident.detected_by,
            severity=incident.severity[:10],
            description=incident.description,
            cause=incident.cause,
            resolution=incident.resolution,
            recovered_at=incident.recovered_at and incident.recovered_at.replace(tzinfo=zone),
            link=incident.link,
            text=incident.text,
            position=incident.line + page.offset,
        )
        for page in plan.pages
        for incident in page.page.incidents
    )

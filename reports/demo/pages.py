"""What the demo team's manager wrote: pages with their sections, plans, incidents and counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from projects.models import Incident, IncidentCount, PlannedItem, Project, User
from reports.demo.cast import ManagerWeek, StoryIncident
from reports.demo.clock import DemoClock
from reports.models import Section, WeeklyPage
from reports.weekly.sections import Kind

# So much of the present week has passed when the manager books its incidents, and looks back on it.
_COUNTED_AT: Final = 0.6
_LOOKS_BACK_AT: Final = 0.85


def create_pages(
    weeks: Mapping[int, ManagerWeek],
    clock: DemoClock,
    projects: Mapping[str, Project],
    manager: User,
) -> None:
    """A page for each week, and what stands on it beside the projects' entries."""
    weeks = {**weeks, 0: _so_far(weeks[0], clock), 1: _judged_so_far(weeks[1], clock)}
    pages = {
        ago: WeeklyPage(team=clock.team, week=clock.week(ago))
        for ago in sorted(weeks, reverse=True)
    }
    WeeklyPage.objects.bulk_create(pages.values())
    Section.objects.bulk_create(
        section for ago, page in pages.items() for section in _sections(page, weeks[ago])
    )
    PlannedItem.objects.bulk_create(
        item for ago, page in pages.items() for item in _plan(page, weeks[ago])
    )
    IncidentCount.objects.bulk_create(
        IncidentCount(
            team=page.team, week=page.week, severity=severity, count=count, position=position
        )
        for ago, page in pages.items()
        for position, (severity, count) in enumerate(weeks[ago].counts.items())
    )
    Incident.objects.bulk_create(
        _incident(page.week, incident, clock, projects, manager)
        for ago, page in pages.items()
        for incident in weeks[ago].incidents
    )


def _so_far(week: ManagerWeek, clock: DemoClock) -> ManagerWeek:
    """The present week: what of it is there by now."""
    is_counted = clock.has_come(clock.at(0, _COUNTED_AT))
    looks_back = clock.has_come(clock.at(0, _LOOKS_BACK_AT))
    return replace(
        week,
        counts=week.counts if is_counted else {},
        plan=tuple(clock.so_far(week.plan)),
        reflection=week.reflection if looks_back else "",
        incidents=tuple(
            incident
            for incident in week.incidents
            if clock.has_come(incident_moment(clock, clock.present, incident))
        ),
    )


def _judged_so_far(week: ManagerWeek, clock: DemoClock) -> ManagerWeek:
    """Last week: of its plan for the present one, what is known to have come out by now."""
    judged_items = clock.so_far(week.plan)
    rest = week.plan[len(judged_items) :]
    return replace(week, plan=(*judged_items, *(item[:1] for item in rest)))


def _sections(page: WeeklyPage, manager_week: ManagerWeek) -> Iterator[Section]:
    words = {Kind.OTHER: manager_week.other, Kind.REFLECTION: manager_week.reflection}
    for position, (kind, body) in enumerate(words.items()):
        if body:
            yield Section(team=page.team, page=page, kind=kind, body=body, position=position)


def _plan(page: WeeklyPage, manager_week: ManagerWeek) -> Iterator[PlannedItem]:
    for position, (text, *rest) in enumerate(manager_week.plan):
        outcome, note = (*rest, "", "")[:2]
        yield PlannedItem(
            team=page.team,
            week=page.week,
            text=text,
            position=position,
            outcome=outcome,
            outcome_note=note,
        )


def incident_moment(clock: DemoClock, week: date, incident: StoryIncident) -> datetime:
    day, hour, minute = (int(number) for number in incident.at.replace(":", " ").split())
    return clock.moment(week + timedelta(days=day), hour * 60 + minute)


def _incident(
    week: date,
    incident: StoryIncident,
    clock: DemoClock,
    projects: Mapping[str, Project],
    manager: User,
) -> Incident:
    occurred_at = incident_moment(clock, week, incident)
    recovered_at = occurred_at + timedelta(minutes=incident.minutes)
    is_reviewed = week < clock.week(1)  # those since last week wait for their review
    return Incident(
        team=clock.team,
        week=week,
        occurred_at=occurred_at,
        detected_by=incident.detected,
        severity=incident.severity,
        description=incident.description,
        cause=incident.cause,
        resolution=incident.resolution,
        recovered_at=recovered_at if clock.has_come(recovered_at) else None,
        project=projects[incident.project] if incident.project else None,
        reviewed_at=occurred_at + timedelta(days=3) if is_reviewed else None,
        reviewed_by=manager if is_reviewed else None,
    )

"""What the demo team's manager wrote: pages with their sections, plans, incidents, questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from projects.models import Incident, IncidentCount, PlannedItem, Project, Question, User
from reports.demo.story import CastQuestion, ManagerWeek, StoryIncident, monday
from reports.demo.work import ReportClock
from reports.models import Section, WeeklyPage
from reports.weekly.sections import Kind


def create_pages(
    weeks: Mapping[int, ManagerWeek], clock: ReportClock, projects: Mapping[str, Project]
) -> None:
    """A page for each week, and what stands on it beside the projects' entries."""
    pages = {
        ago: WeeklyPage(team=clock.team, week=monday(clock.present, ago))
        for ago in sorted(weeks, reverse=True)
    }
    WeeklyPage.objects.bulk_create(pages.values())
    Section.objects.bulk_create(
        section for ago, page in pages.items() for section in _sections(page, weeks[ago])
    )
    PlannedItem.objects.bulk_create(
        item for page, manager_week in _both(pages, weeks) for item in _plan(page, manager_week)
    )
    IncidentCount.objects.bulk_create(
        IncidentCount(
            team=page.team, week=page.week, severity=severity, count=count, position=position
        )
        for page, manager_week in _both(pages, weeks)
        for position, (severity, count) in enumerate(manager_week.counts.items())
    )
    Incident.objects.bulk_create(
        _incident(page, incident, clock, projects)
        for page, manager_week in _both(pages, weeks)
        for incident in manager_week.incidents
    )


def _both(
    pages: Mapping[int, WeeklyPage], weeks: Mapping[int, ManagerWeek]
) -> Iterator[tuple[WeeklyPage, ManagerWeek]]:
    for ago, page in pages.items():
        yield page, weeks[ago]


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


def _incident(
    page: WeeklyPage, incident: StoryIncident, clock: ReportClock, projects: Mapping[str, Project]
) -> Incident:
    day, hour, minute = (int(number) for number in incident.at.replace(":", " ").split())
    occurred_at = clock.moment(page.week + timedelta(days=day), hour * 60 + minute)
    is_past = page.week < monday(clock.present, 1)  # those since last week wait for their review
    return Incident(
        team=page.team,
        week=page.week,
        occurred_at=occurred_at,
        detected_by=incident.detected,
        severity=incident.severity,
        description=incident.description,
        cause=incident.cause,
        resolution=incident.resolution,
        recovered_at=occurred_at + timedelta(minutes=incident.minutes),
        project=projects[incident.project] if incident.project else None,
        reviewed_at=occurred_at + timedelta(days=3) if is_past else None,
    )


def create_questions(
    questions: Iterable[CastQuestion],
    clock: ReportClock,
    projects: Mapping[str, Project],
    asked_by: User,
) -> None:
    Question.objects.bulk_create(
        _question(source, clock, projects[source.project], asked_by) for source in questions
    )


def _question(
    source: CastQuestion, clock: ReportClock, project: Project, asked_by: User
) -> Question:
    """Asked on the week's Friday; answered, where it was, on the Monday after."""
    week = monday(clock.present, source.ago)
    asked_at: datetime = clock.moment(week + timedelta(days=4), 16 * 60 + 30)
    question = Question(
        team=clock.team,
        project=project,
        week=week,
        text=source.text,
        asked_by=asked_by,
        asked_at=asked_at,
    )
    if source.answer:
        question.answer = source.answer
        question.answered_by = project.lead
        question.answered_at = asked_at + timedelta(days=2, hours=18)
    return question

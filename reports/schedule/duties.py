"""What a week still needs of its manager, as the facts stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from projects.models import Deputy, Project, Team, User
from projects.teams import deputies
from reports.pages import live
from reports.schedule import reminders
from reports.schedule.reminders import AskedBefore
from reports.weekly.document import WeeklyDocument
from reports.weekly.needs import Duties, NotUpdated


def duties_of(team: Team, week: date, document: WeeklyDocument | None = None) -> Duties:
    """The findings to resolve, and who has not updated: the longest silent first.

    Two queries when ``document``, that of the week, is at hand.
    """
    document = document or live.current_document(team, week)
    findings = document.findings if document and not document.is_history else ()
    entries = document.entries if document else ()
    owed = {entry.project_id for entry in entries if entry.is_owed}
    return Duties(
        week=week,
        label=team.week_label(week),
        findings=tuple(finding for finding in findings if finding.verdict is None),
        # A past week's page knows what stood then: who was closed is asked for nothing.
        silent=tuple(row for row in not_updated(team, week) if row.project_id in owed),
    )


def not_updated(team: Team, week: date) -> tuple[NotUpdated, ...]:
    """The escalation list: whose projects wait as they stand today, reminded or not."""
    asked_before = reminders.asked_before(team, week)
    stood_in = deputies.of_week(team, week) if asked_before else []
    rows = []
    for project in reminders.waiting(team, week):
        person = reminders.asked_for(project)
        asked = _asked(team, project, person, asked_before, stood_in)
        rows.append(
            NotUpdated(
                project_id=project.pk,
                project=project.name,
                lead=team.name_of(project.lead),
                week=week,
                last_week=project.last_week,  # type: ignore[attr-defined]  # annotated by waiting
                times=asked.times if asked else 0,
                reminded_at=asked.last.requested_at if asked and asked.times else None,
                is_reachable=reminders.is_reachable(person),
                is_deactivated=person is not None and not person.is_active,
                deputy=team.name_of(person) if person != project.lead else "",
            )
        )
    return tuple(sorted(rows, key=lambda row: row.last_week or week.min))


def _asked(
    team: Team,
    project: Project,
    person: User | None,
    asked_before: Mapping[int, AskedBefore],
    stood_in: Sequence[Deputy],
) -> AskedBefore | None:
    """How the project was asked for: of whoever is asked today, of its lead, or of who stood in
    for the lead on that day.
    """
    people = {person.pk if person else 0, project.lead_id or 0}
    for row in stood_in:
        asked = asked_before.get(row.deputy.user_id)
        if asked and row.person.user_id == project.lead_id:
            day = team.local(asked.last.requested_at).date()
            people |= {row.deputy.user_id} if row.first_day <= day <= row.last_day else set()
    every = [asked_before[user] for user in sorted(people & asked_before.keys())]
    if not every:
        return None
    last = max((asked.last for asked in every), key=lambda row: row.requested_at)
    return AskedBefore(last, sum(asked.times for asked in every))

"""What a week still needs of its manager, as the facts stand now."""

from __future__ import annotations

from datetime import date

from projects.models import Team
from reports.pages import live
from reports.schedule import reminders
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
    rows = []
    for project in reminders.waiting(team, week):
        person = reminders.asked_for(project)
        asked = asked_before.get(person.pk if person else 0)
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

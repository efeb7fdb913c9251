"""What the demo has put into the database, to compare two loads of it."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Model

from projects.models import (
    Alias,
    Cycle,
    Incident,
    IncidentCount,
    KeyResult,
    Membership,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Question,
    Reading,
    StatusEntry,
    Team,
    WeekFacts,
)
from reports.models import (
    Section,
    WeeklyPage,
)

TABLES: Final[tuple[type[Model], ...]] = (
    *(Membership, Cycle, Objective, KeyResult, Metric, Reading, Project, Alias, Milestone),
    *(ProgressChange, StatusEntry, Question, Incident, IncidentCount, WeekFacts),
    *(WeeklyPage, Section, PlannedItem),
)


def contents(team: Team) -> dict[str, list[dict[str, Any]]]:
    """Every row of the team, without the keys that the database gave it, and without the clock's
    times.
    """
    without = ("created_at", "changed_at", "queued_at", "compiled_at", "document", "verdicts")
    return {
        model.__name__: [
            {
                field.name: str(getattr(row, field.name))
                for field in model._meta.concrete_fields
                if not field.primary_key and field.name not in without
            }
            for row in model._default_manager.filter(team=team)
            .order_by("pk")
            .select_related(
                *(field.name for field in model._meta.concrete_fields if field.is_relation)
            )
        ]
        for model in TABLES
    }


# What there is to find on the pages of the last weeks.
FINDINGS: Final = {
    "percent_dropped",
    "milestone_dropped",
    "percent_stalled",
    "open_milestone",
    "launched_below_100",
    "past_due_on_track",
    "text_differs",
    "milestones_differ",
    "said_twice",
    "target_missed_without_incident",
}

"""What stood at the end of a past week and was changed since: who led a project, whether it was
closed. A page of that week goes on saying it, whenever it is compiled again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.expressions import Combinable

from projects import weeks
from projects.models import AuditRecord, Team


@dataclass(frozen=True, slots=True)
class Then:
    """By project, only where it is otherwise today."""

    leads: dict[int, str] = field(default_factory=dict)
    closings: dict[int, date] = field(default_factory=dict)  # the day from which it was closed

    def closed_on(self) -> Combinable:
        """Of projects: the day from which they were closed, as known at the end of the week."""
        if not self.closings:
            return F("closed_on")
        cases = (When(pk=pk, then=Value(day)) for pk, day in self.closings.items())
        return Case(*cases, default=F("closed_on"), output_field=DateField())


def then(team: Team, week: date, today: date) -> Then:
    """How projects stood at the end of that week; one query, none for the present or history.

    A closing that was recorded later counts as if it had been recorded in time; one that was taken
    back later stands.
    """
    stood = Then()
    if week >= weeks.monday_of(today) or team.is_history(week):
        return stood
    changes = Q(action__in=("project.change", "project.hand_over"), before__has_key="lead")
    records = AuditRecord.objects.filter(team=team, at__gte=team.end_of(week)).exclude(project=None)
    rows = records.filter(changes | Q(action="project.reopen")).order_by("pk")
    for project, before in rows.values_list("project", "before"):
        _keep(stood, week, project, before)
    return stood


def _keep(stood: Then, week: date, project: int, before: dict[str, Any]) -> None:
    """The earliest change after the week tells how it was."""
    if "lead" in before:
        name = before["lead"] or before.get("lead_name")
        if name:
            stood.leads.setdefault(project, name)
    elif before.get("closed_on"):
        day = date.fromisoformat(before["closed_on"])
        if day <= weeks.last_day(week):
            stood.closings.setdefault(project, day)


def close_reasons(closed_on: Mapping[int, date]) -> dict[int, str]:
    """Why each of the projects was closed on that day, where somebody said it."""
    if not closed_on:
        return {}
    records = AuditRecord.objects.filter(project__in=closed_on, action="project.close")
    rows = records.order_by("pk").values_list("project", "after")
    return {
        project: after.get("reason", "")
        for project, after in rows
        if after.get("closed_on") == closed_on[project].isoformat()
    }

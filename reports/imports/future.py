"""Which projects of an import go on, and which are history: as its pages would have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from projects.text.numbers import HUNDRED
from reports.importer.decisions import from_plain
from reports.importer.history import ProjectHistory
from reports.importer.planned import ImportPlan, Ref
from reports.imports import applying, review
from reports.models import ImportDoubt, PageImport


@dataclass(frozen=True, slots=True)
class FutureRow:
    """A project with what is proposed or decided of it."""

    at: int
    name: str
    last_week: date
    milestones: int  # open ones
    overdue: int  # of these, those whose day has passed
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Future:
    rows: tuple[FutureRow, ...]
    starts_on: str  # a day, or what was typed for one
    closes_overdue: bool

    def as_sent(self, sent: Mapping[str, Any]) -> Self:
        """The same with what a form chose of it, which is shown again."""
        choices = {
            sent[name]: sent.get(f"goes-{name.removeprefix('name-')}")
            for name in sent
            if name.startswith("name-")
        }
        rows = tuple(
            replace(row, goes_on=choices[row.name] == "on") if choices.get(row.name) else row
            for row in self.rows
        )
        return replace(
            self,
            rows=rows,
            starts_on=str(sent.get("starts_on", self.starts_on)),
            closes_overdue="closes_overdue" in sent,
        )


def of_import(page_import: PageImport, doubt: ImportDoubt) -> Future:
    """The projects that it would make or go on with, those that go on first."""
    decisions = review.decisions_of(page_import)
    plan = applying.plan_of(page_import, decisions)
    today = page_import.team.today()
    own = from_plain(doubt.choice) if doubt.choice is not None else None
    refs: list[Ref] = [*plan.projects, *plan.named]
    names = dict(page_import.team.projects.values_list("pk", "name"))
    projects = [
        (
            names[ref] if isinstance(ref, int) else ref,
            last,
            *_milestones(plan, ref, today),
            ref not in plan.closes,
        )
        for ref in refs
        if (last := plan.last_week(ref)) is not None
    ]
    projects.sort(key=lambda row: (not row[4], -row[1].toordinal(), row[0]))
    rows = tuple(FutureRow(at, *row) for at, row in enumerate(projects))
    return Future(
        rows,
        # The plan's own: what is applied without a decision is what the form proposes.
        (plan.starts_on or page_import.team.this_week()).isoformat(),
        closes_overdue=own.closes_overdue is not False if own else True,
    )


def names_of(page_import: PageImport) -> list[str]:
    """The projects that the import would make, and those that the team has."""
    decisions = review.decisions_of(page_import)
    plan = applying.plan_of(page_import, decisions)
    known_names = page_import.team.projects.values_list("name", flat=True)
    return sorted({*plan.projects, *known_names})


def _milestones(plan: ImportPlan, ref: Ref, today: date) -> tuple[int, int]:
    history = plan.histories.get(ref) or ProjectHistory()
    left = [m for m in history.milestones if m.percent is None or m.percent < HUNDRED]
    overdue = [m for m in left if (due := m.due) is not None and due[0] < today]
    return len(left), len(overdue)

"""Check-ins for the tests of the write path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.checkin import ledger, recording
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.models import (
    EntrySource,
    Health,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    StatusEntry,
)
from projects.standing import UNKNOWN, Standing
from tests.factories import NOW, WEEK


def report(
    project: Project,
    *milestones: MilestoneUpdate,
    week: date = WEEK,
    text: str = "联调进行中",
    percent: Decimal | None = None,
    source: EntrySource = EntrySource.REPORTED,
    expected_revision: int | None = None,
) -> StatusEntry:
    """Record a check-in by the project\'s lead, with these changes of milestones."""
    return recording.record(
        project,
        week,
        CheckIn(text=text, health=Health.ON_TRACK, percent=percent, milestones=milestones),
        by=project.lead,
        at=NOW,
        source=source,
        expected_revision=expected_revision,
    )


def rows(milestone: Milestone, field: LedgerField) -> list[ProgressChange]:
    """The ledger of one field of the milestone, in its order."""
    return list(milestone.changes.filter(field=field).order_by("pk"))


def standings(project: Project, week: date) -> dict[int, Standing]:
    """How the milestones stood at the end of that week, by key, as far as the ledger knew them."""
    milestones = Milestone.objects.filter(project=project).as_of(week)
    then = {milestone.pk: ledger.standing(milestone) for milestone in milestones}
    return {pk: standing for pk, standing in then.items() if standing != UNKNOWN}

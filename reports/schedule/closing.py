"""When a week is closed whose schedule is changed on the day itself.

Nobody is late for a cutoff that was not theirs: one that is put off after it has passed is taken
again at its new time, and one that is moved into the past has passed when it was moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from projects import audit
from projects.models import AuditRecord, Team
from reports.models import Step, WeekStep
from reports.weekly.schedule import Habits, schedule_of

REOPENED: Final = "week.reopen"  # the action of the audit record
_HOURS: Final = ["calendar", "time_zone", "cutoff_time", "idle_week"]


@dataclass(frozen=True, slots=True)
class Closed:
    """A week of a team that was closed, and the cutoff that it had then."""

    team: int
    week: date
    at: datetime


def is_put_off(closed: Closed, habits: Habits, now: datetime) -> bool:
    """Whether the week's cutoff is still to come, by the schedule as it is now."""
    schedule = schedule_of(closed.week, habits)
    return schedule is not None and closed.at < schedule.cutoff_at and now < schedule.cutoff_at


def reopen(put_off: Iterable[Closed]) -> None:
    """The cutoffs of these weeks are to come: they are taken again."""
    for closed in put_off:
        with transaction.atomic():
            row = WeekStep.objects.filter(team=closed.team, week=closed.week, step=Step.CLOSE)
            if row.delete()[0]:
                team = Team.objects.get(pk=closed.team)
                before = {"cutoff": closed.at.isoformat()}
                audit.note(team, REOPENED, team.week_label(closed.week), by=None, before=before)


def closed_at(team: Team, due_at: datetime, now: datetime) -> datetime:
    """The cutoff to record of a week that is closed now: when its schedule was changed, if that was
    after ``due_at``.
    """
    hours = Q(action="team.change", after__has_any_keys=_HOURS)
    days = Q(action__in=("day_exception.create", "day_exception.remove"))
    changes = AuditRecord.objects.filter(hours | days, team=team, at__gt=due_at, at__lte=now)
    changed_at = changes.order_by("at").values_list("at", flat=True).last()
    return changed_at or due_at

"""A change of a team's week numbering: what labels meant before it.

An old mail or a note may name a week by a label that means another one today. The changes are in
the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from projects import weeks
from projects.models import AuditRecord, Team
from projects.weeks import Numbering

_OTHER: Final[dict[Numbering, Numbering]] = {"iso": "calendar", "calendar": "iso"}


@dataclass(frozen=True, slots=True)
class FormerMeaning:
    """Until a day, a label meant another week than it does today."""

    label: str
    week: date  # the one that it meant
    now: date  # the one that it means today
    changed_on: date


def former_meaning(team: Team, label: str) -> FormerMeaning | None:
    """What a label of today meant before the last change of numbering; one query."""
    week, now = _week(label, _OTHER[team.numbering]), _week(label, team.numbering)
    if week is None or now is None or week == now:
        return None
    change = _last_change(team)
    if change is None:
        return None
    return FormerMeaning(label, week, now, team.local(change.at).date())


def former_week(team: Team, label: str) -> date | None:
    """The week of a label that only the numbering of before has; ``None`` for anything else."""
    week = _week(label, _OTHER[team.numbering])
    return week if week is not None and _last_change(team) is not None else None


def _week(label: str, numbering: Numbering) -> date | None:
    try:
        week = weeks.parse(label, numbering)
    except ValueError:
        return None
    return week if weeks.label(week, numbering) == label else None


def _last_change(team: Team) -> AuditRecord | None:
    records = AuditRecord.objects.filter(team=team, action="team.change")
    return records.filter(after__has_key="week_numbering").order_by("pk").last()

"""A project's percent that falls below the one printed last: somebody has to say why.

A milestone was added, weighed anew, brought back or removed, or a lower percent was typed. The
reason stands in the week's entry. A milestone's own drop has its reason in the ledger; that one
explains the project's percent as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from projects import audit
from projects.models import LedgerField, ProgressChange, StatusEntry, User
from projects.prepared import Prepared
from projects.standing import begins_with
from projects.text.numbers import plain


@dataclass(frozen=True, slots=True)
class Fall:
    """From the percent printed last to the one that will be printed."""

    old: Decimal
    new: Decimal


class DropUnexplained(Exception):
    """The project's percent falls, and nobody says why."""

    def __init__(self, fall: Fall) -> None:
        self.fall = fall
        super().__init__(f"{fall.old} → {fall.new}")


def fall_between(last: Decimal | None, percent: Decimal | None) -> Fall | None:
    """``percent`` below ``last``, the one printed last; ``None`` where either is unknown."""
    return (
        Fall(last, percent) if last is not None and percent is not None and percent < last else None
    )


def explain(entry: StatusEntry, stood: str, *, by: User | None) -> None:
    """Raise ``DropUnexplained`` where the percent of the entry, in memory, falls without a reason.

    A reason that is another than the one that ``stood`` there is put on record.
    """
    entry.drop_reason = entry.drop_reason.strip()
    fall = _fall_of(entry)
    if fall is None:
        return
    if not entry.drop_reason and not _explained_by_milestone(entry):
        raise DropUnexplained(fall)
    if entry.drop_reason not in ("", stood):
        audit.note(
            entry.team,
            "entry.drop",
            entry.project,
            by=by,
            project=entry.project,
            before={"percent": plain(fall.old)},
            after={"percent": plain(fall.new), "reason": entry.drop_reason},
        )


def explain_by(entry: StatusEntry, reason: str, *, by: User | None) -> None:
    """The same, with this reason where the percent falls and nothing says why."""
    if _fall_of(entry) and not entry.drop_reason and not _explained_by_milestone(entry):
        entry.drop_reason = reason
        explain(entry, "", by=by)


def _fall_of(entry: StatusEntry) -> Fall | None:
    since = begins_with(entry.week, entry.team.starts_on)
    percents = _percents_told.rows(project=entry.project_id, since=since, week=entry.week)
    return fall_between(percents[0] if percents else None, entry.week_percent)


@Prepared
def _percents_told(*, project: int, since: date, week: date) -> QuerySet[StatusEntry, Decimal]:
    """The last percent that was told before that week, from ``since`` on, if there is one."""
    earlier = StatusEntry.objects.filter(project=project, week__gte=since, week__lt=week)
    percents = earlier.telling_percent().order_by("-week")
    return percents.values_list("told_percent", flat=True)[:1]


def reasons_of_milestones(week: date) -> QuerySet[ProgressChange]:
    """The changes of that week that say why a milestone's percent dropped."""
    drops = ProgressChange.objects.counting().filter(
        field=LedgerField.PERCENT, new_percent__lt=F("old_percent")
    )
    return drops.filter(week=week).exclude(reason="")


def _explained_by_milestone(entry: StatusEntry) -> bool:
    reasons = reasons_of_milestones(entry.week)
    return reasons.filter(milestone__project=entry.project_id).exists()

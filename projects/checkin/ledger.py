"""The only functions that change a milestone's percent or due date: they write the ledger.

Each change writes one ``ProgressChange`` and, in the same transaction, the milestone's present
value. A change may be reported late, for a week before the newest in the ledger: its row is
written for its own week, so that week's page is right, and the milestone keeps the newest week's
value. Rows are never rewritten, so after a late one the next row's old value is what was known
when it was written; whoever replays the ledger goes by the new values, in order of week and key.

Call them in a transaction that has locked the project, as ``projects.checkin.recording`` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from projects.models import LedgerField, Milestone, ProgressChange, Project, User
from projects.prepared import Prepared
from projects.standing import Slips, Standing, slips_of
from projects.text.numbers import HUNDRED, rounded_share


def standing(milestone: Milestone) -> Standing:
    """How a milestone of ``MilestoneQuerySet.as_of`` stood."""
    return Standing(
        milestone.percent_then,  # type: ignore[attr-defined]
        milestone.due_then,  # type: ignore[attr-defined]
        milestone.precision_then,  # type: ignore[attr-defined]
    )


def due_changes(projects: Iterable[Project]) -> list[ProgressChange]:
    """All rows of the projects' due dates that count, oldest first, with their milestones."""
    return _due_changes.rows(projects=tuple(project.pk for project in projects))


@Prepared
def _due_changes(*, projects: tuple[int, ...]) -> QuerySet[ProgressChange]:
    rows = ProgressChange.objects.counting().filter(
        milestone__project__in=projects, field=LedgerField.DUE_ON
    )
    return rows.select_related("milestone").order_by("week", "pk")


def slips(projects: Iterable[Project], since: date = date.min) -> dict[int, Slips]:
    """``slips_in`` all rows of the projects. One query."""
    return slips_in(due_changes(projects), since)


def slips_in(changes: Iterable[ProgressChange], since: date = date.min) -> dict[int, Slips]:
    """Of the milestones whose date ever moved later, by their keys; ``due_changes`` of them.

    With ``since`` only what moved from that week on: the first date is the one that stood then.
    """
    dates: dict[int, list[date]] = {}
    first_precisions: dict[int, str] = {}
    for row in changes:
        if row.new_due_on is not None and row.week < since:
            dates[row.milestone_id] = [row.new_due_on]
            first_precisions[row.milestone_id] = row.new_precision
        elif row.new_due_on is not None:
            dates.setdefault(row.milestone_id, []).append(row.new_due_on)
            first_precisions.setdefault(row.milestone_id, row.new_precision)
    slips_by_milestone = {
        milestone: slips_of(due_dates, first_precisions[milestone])
        for milestone, due_dates in dates.items()
    }
    return {milestone: slips for milestone, slips in slips_by_milestone.items() if slips}


def change_percent(
    milestone: Milestone,
    percent: Decimal,
    *,
    week: date,
    reason: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> ProgressChange | None:
    """Set the milestone's percent (0 to 100) in that week; ``None`` when it has that already.

    The first percent is a change from ``None``. Reaching 100 closes the milestone, falling below
    opens it again; one that was dropped stays so (``standing.is_dropped``) until it is brought
    back or done. Kept to two decimals. Asks for no reason: ``checkin.record`` does.
    """
    percent, at = rounded_share(percent), at or timezone.now()
    last, is_newest = _last_word(milestone, LedgerField.PERCENT, week)
    old = last.new_percent if last else None
    if old == percent:
        return None
    change = ProgressChange.objects.create(
        team_id=milestone.team_id,
        milestone=milestone,
        week=week,
        field=LedgerField.PERCENT,
        old_percent=old,
        new_percent=percent,
        reason=reason,
        by=by,
        on_behalf_of=by.on_behalf_of if by else None,
        at=at,
    )
    if is_newest:
        if percent == HUNDRED:
            milestone.closed_at = milestone.closed_at or at
        elif not milestone.is_dropped:
            milestone.closed_at, milestone.is_history = None, False
        milestone.percent = percent
        milestone.save(update_fields=["percent", "closed_at", "is_history"])
    return change


def move_due_date(
    milestone: Milestone,
    due_on: date,
    precision: str,
    *,
    week: date,
    reason: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> ProgressChange | None:
    """Set the milestone's due date in that week; ``None`` when it has that already.

    ``due_on`` is the last day that is meant, ``precision`` one of ``DatePrecision``. The same day
    with another precision is a change of 0 days.
    """
    last, is_newest = _last_word(milestone, LedgerField.DUE_ON, week)
    if last and (last.new_due_on, last.new_precision) == (due_on, precision):
        return None
    change = ProgressChange.objects.create(
        team_id=milestone.team_id,
        milestone=milestone,
        week=week,
        field=LedgerField.DUE_ON,
        old_due_on=last.new_due_on if last else None,
        new_due_on=due_on,
        new_precision=precision,
        reason=reason,
        by=by,
        on_behalf_of=by.on_behalf_of if by else None,
        at=at or timezone.now(),
    )
    if is_newest:
        milestone.due_on, milestone.due_precision = due_on, precision
        milestone.save(update_fields=["due_on", "due_precision"])
    return change


def undo(change: ProgressChange, *, by: User | None, at: datetime | None = None) -> ProgressChange:
    """Write the row that undoes this one; both count for nothing from now on.

    The milestone's present value is the caller's to put back.
    """
    undoing = ProgressChange.objects.create(
        team_id=change.team_id,
        milestone_id=change.milestone_id,
        week=change.week,
        field=change.field,
        old_percent=change.new_percent,
        new_percent=change.old_percent,
        old_due_on=change.new_due_on,
        new_due_on=change.old_due_on,
        new_precision=change.new_precision,
        by=by,
        on_behalf_of=by.on_behalf_of if by else None,
        at=at or timezone.now(),
        undoes=change,
        is_undone=True,
    )
    ProgressChange.objects.filter(pk=change.pk).update(is_undone=True)
    return undoing


def _last_word(
    milestone: Milestone, field: LedgerField, week: date
) -> tuple[ProgressChange | None, bool]:
    """The last change of the field up to that week, and whether it is the newest of all."""
    newest = _newest_changes.rows(milestone=milestone.pk, field=field.value, week=None)
    if not newest or newest[0].week <= week:
        return next(iter(newest), None), True
    by_then = _newest_changes.rows(milestone=milestone.pk, field=field.value, week=week)
    return next(iter(by_then), None), False


@Prepared
def _newest_changes(*, milestone: int, field: str, week: date | None) -> QuerySet[ProgressChange]:
    """The last change of the field, or the last up to that week, if there is one."""
    rows = ProgressChange.objects.counting().filter(milestone=milestone, field=field)
    rows = rows.filter(week__lte=week) if week else rows
    return rows.order_by("-week", "-pk")[:1]

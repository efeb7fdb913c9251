"""A project's milestones: added, renamed, weighed, put in order, dropped, brought back.

Percents and due dates change through the ledger; every other change writes an ``AuditRecord``.
Each change locks the project, and the entry of the present week follows it. A milestone at 100% is
done and closed; one that is closed below 100% is dropped (``projects.standing``). Who may change it
is decided by the caller (``projects.access``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from projects import audit, facts
from projects.checkin import ledger, recording
from projects.checkin.milestone_updates import ReasonMissing
from projects.conflicts import DecidedAlready, Opened, merge
from projects.models import Milestone, ProgressChange, Project, Stage, User
from projects.ordering import next_position, place_of, put, require_place
from projects.text import names
from projects.text.numbers import HUNDRED


class MilestoneNameTaken(Exception):
    """Another milestone of the project is called that."""


class PercentMissing(Exception):
    """A milestone that was done is reopened only at a percent below 100."""


class HasHistory(Exception):
    """The ledger holds changes of the milestone: it may be dropped, not removed."""


@transaction.atomic
def add(
    project: Project,
    name: str,
    *,
    by: User | None,
    weight: int = 1,
    stage: Stage | None = None,
    percent: Decimal | None = None,
    due_on: date | None = None,
    drop_reason: str = "",
) -> Milestone:
    """A new milestone, the last of its project; percent and date are its first in the ledger.

    Raises ``MilestoneNameTaken``, ``DropUnexplained``; ``ValueError`` for a blank name or a weight
    below 1.
    """
    project = Project.objects.locked().get(pk=project.pk)
    name = _free_name(project, name)
    milestone = Milestone.objects.create(
        team=project.team,
        project=project,
        name=name,
        weight=_weight(weight),
        stage=stage,
        position=next_position(Milestone.objects.filter(project=project)),
    )
    week = project.team.this_week()
    if percent is not None:
        ledger.change_percent(milestone, percent, week=week, by=by)
    if due_on is not None:
        ledger.move_due_date(milestone, due_on, "day", week=week, by=by)
    after = {"name": name, "weight": weight, "stage": stage, "percent": percent, "due_on": due_on}
    _finish(milestone, "add", by, after=after, reason=drop_reason)
    return milestone


@transaction.atomic
def change(
    milestone: Milestone,
    *,
    name: str,
    weight: int,
    stage: Stage | None,
    by: User | None,
    opened: Opened | None = None,
    drop_reason: str = "",
) -> Milestone:
    """Save a row of the editor, all of it or nothing.

    Raises ``MilestoneNameTaken``, ``EditConflict``, ``DropUnexplained``; ``ValueError`` for a blank
    name or no weight.
    """
    milestone = _held(milestone)
    standing = {field: getattr(milestone, field) for field in ("name", "weight", "stage")}
    wanted = merge(standing, {"name": name, "weight": weight, "stage": stage}, opened)
    milestone = rename(milestone, wanted["name"], by=by)
    milestone = reweight(milestone, wanted["weight"], by=by, drop_reason=drop_reason)
    return put_in_stage(milestone, wanted["stage"], by=by)


@transaction.atomic
def rename(milestone: Milestone, name: str, *, by: User | None) -> Milestone:
    """Raises ``MilestoneNameTaken``; ``ValueError`` for a blank name."""
    milestone = _held(milestone)
    if name.strip() == milestone.name:
        return milestone
    return _set(milestone, "rename", by, name=_free_name(milestone.project, name, milestone))


@transaction.atomic
def reweight(
    milestone: Milestone, weight: int, *, by: User | None, drop_reason: str = ""
) -> Milestone:
    """How much it counts beside the project's others. ``ValueError`` below 1.

    Raises ``DropUnexplained``.
    """
    return _set(_held(milestone), "reweight", by, drop_reason, weight=_weight(weight))


@transaction.atomic
def put_in_stage(milestone: Milestone, stage: Stage | None, *, by: User | None) -> Milestone:
    return _set(_held(milestone), "stage", by, stage=stage)


@transaction.atomic
def reorder(milestone: Milestone, steps: int, *, by: User | None, seen: int | None = None) -> None:
    """Move it by ``steps`` places among the open ones, at most to their end; below 0 is up.

    What is closed keeps its place between its neighbours. ``seen`` is its place among the open
    ones as the sender saw it, from 1; raises ``ordering.MovedAlready``.
    """
    milestone = _held(milestone)
    order = list(Milestone.objects.filter(project=milestone.project))
    places = [place for place, sibling in enumerate(order) if sibling.closed_at is None]
    now = place_of(order, milestone)
    if now not in places:
        return
    require_place(milestone, places.index(now) + 1, seen)
    wanted = places[min(max(places.index(now) + steps, 0), len(places) - 1)]
    if wanted == now:
        return
    put(order, now, wanted)
    Milestone.objects.bulk_update(order, ["position"])
    _finish(milestone, "reorder", by, before={"place": now + 1}, after={"place": wanted + 1})


@transaction.atomic
def close(milestone: Milestone, reason: str, *, by: User | None) -> Milestone:
    """Drop a milestone that will not be done. It keeps its percent, and no longer counts.

    One that is closed already, done or dropped, stays as it is. Raises ``ReasonMissing``;
    ``DecidedAlready`` where it was dropped for another reason.
    """
    milestone, reason = _held(milestone), reason.strip()
    if milestone.closed_at is not None:
        audit.require_same_reason("milestone.close", milestone, reason)
        return milestone
    if not reason:
        raise ReasonMissing([milestone.name])
    milestone.closed_at = timezone.now()
    milestone.save(update_fields=["closed_at"])
    after = {"percent": milestone.percent, "reason": reason}
    _finish(milestone, "close", by, after=after, reason=reason)
    return milestone


@transaction.atomic
def reopen(
    milestone: Milestone, *, by: User | None, percent: Decimal | None = None, reason: str = ""
) -> Milestone:
    """Open a dropped milestone as it stood, or one that was done at ``percent``.

    One that is open stays as it is. For one that was done, raises ``PercentMissing`` unless the
    percent is below 100, and ``ReasonMissing`` without a reason, because its percent drops. Raises
    ``DropUnexplained`` where the project's percent falls with a dropped one and nothing says why,
    ``DecidedAlready`` where it was opened for another reason.
    """
    milestone, reason = _held(milestone), reason.strip()
    if milestone.closed_at is None:
        audit.require_same_reason("milestone.reopen", milestone, reason)
        if percent is not None and percent != milestone.percent:
            raise DecidedAlready("")
        return milestone
    if milestone.is_dropped:
        milestone.closed_at, milestone.is_history = None, False
        milestone.save(update_fields=["closed_at", "is_history"])
    else:
        if percent is None or percent >= HUNDRED:
            raise PercentMissing(milestone.name)
        if not reason:
            raise ReasonMissing([milestone.name])
        week = milestone.project.team.this_week()
        ledger.change_percent(milestone, percent, week=week, reason=reason, by=by)
    after = {"percent": milestone.percent, "reason": reason}
    _finish(milestone, "reopen", by, after=after, reason=reason)
    return milestone


@transaction.atomic
def remove(milestone: Milestone, *, by: User | None, drop_reason: str = "") -> None:
    """Delete one that was added by mistake. Raises ``HasHistory``, ``DropUnexplained``."""
    milestone = _held(milestone)
    if milestone.pk not in removable(milestone.project):
        raise HasHistory(milestone.name)
    first = milestone.changes.filter(is_undone=False).order_by("week").first()
    before = {
        "weight": milestone.weight,
        "stage": milestone.stage,
        "percent": milestone.percent,
        "due_on": milestone.due_on,
    }
    milestone.delete()
    # The pages printed it from its first week on.
    since = first.week if first else None
    _finish(milestone, "remove", by, before=before, since=since, reason=drop_reason)


def removable(project: Project) -> set[int]:
    """The keys of the milestones of which the ledger holds nothing but their first values."""
    changes = ProgressChange.objects.counting().filter(milestone__project=project)
    fields = changes.values("milestone", "field").annotate(times=Count("pk"))
    moved = fields.filter(times__gt=1).order_by()
    milestones = Milestone.objects.filter(project=project)
    return set(milestones.exclude(pk__in=moved.values("milestone")).values_list("pk", flat=True))


def _held(milestone: Milestone) -> Milestone:
    """The milestone as it stands now, with its project locked until the transaction ends."""
    # By the milestone: its project may have been merged into another meanwhile.
    project = Project.objects.locked().get(milestones=milestone)
    locked = Milestone.objects.select_related("stage").get(pk=milestone.pk)
    locked.project = project
    return locked


def _free_name(project: Project, name: str, own: Milestone | None = None) -> str:
    name = names.one_line(name)
    if not name:
        raise ValueError("a milestone has a name")
    others = Milestone.objects.filter(project=project).exclude(pk=own.pk if own else 0)
    if names.namesake(others, name) is not None:
        raise MilestoneNameTaken(name)
    return name


def _weight(weight: int) -> int:
    if weight < 1:
        raise ValueError(f"a milestone cannot weigh {weight}")
    return weight


def _set(
    milestone: Milestone, verb: str, by: User | None, drop_reason: str | None = None, **values: Any
) -> Milestone:
    """Change fields that the ledger does not hold; the same values are no change."""
    before = {field: getattr(milestone, field) for field in values}
    if before == values:
        return milestone
    for field, value in values.items():
        setattr(milestone, field, value)
    milestone.save(update_fields=list(values))
    _finish(milestone, verb, by, before=before, after=values, reason=drop_reason)
    return milestone


def _finish(
    milestone: Milestone,
    verb: str,
    by: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    since: date | None = None,
    reason: str | None = None,
) -> None:
    """What every change ends with: its trace, the present week's entry, the stale pages.

    ``reason`` says why the project's percent falls by it, where it can.
    """
    project = milestone.project
    audit.note(
        project.team,
        f"milestone.{verb}",
        milestone,
        by=by,
        project=project,
        before=before,
        after=after,
    )
    week = project.team.this_week()
    recording.follow_milestones(project, week, reason=reason, by=by)
    facts.announce(project.team, {week, since or week})

"""A project's milestones: added, renamed, weighed, put in order, dropped, brought back.

Percents and due dates change through the ledger; every other change writes an ``AuditRecord``.
Each change locks the project, and the entry of the present week follows it. A milestone at 100% is
done and closed; one that is closed below 100% is dropped (``projects.standing``). Who may change it
is decided by the caller (``projects.access``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import CharField, Count, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from projects import audit, facts
from projects.checkin import ledger, recording
from projects.checkin.milestone_updates import ReasonMissing
from projects.conflicts import DecidedAlready, EditConflict, Opened, RowsToSave, merge
from projects.models import Milestone, ProgressChange, Project, Stage, User
from projects.ordering import next_position, place_of, put, require_place
from projects.text import names
from projects.text.numbers import HUNDRED

# What the editor's list changes of a milestone, and what the trace calls the change.
DETAILS: Final = {"name": "rename", "weight": "reweight", "stage": "stage"}


class MilestoneNameTaken(Exception):
    """Another milestone of the project is called that."""


class RowsRefused(Exception):
    """Nothing was saved. ``causes`` has a ``MilestoneNameTaken`` or ``EditConflict`` by the key."""

    def __init__(self, causes: Mapping[int, Exception]) -> None:
        self.causes = causes
        super().__init__(causes)


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
def change_all(
    project: Project,
    typed: Mapping[int, Mapping[str, Any]],
    *,
    by: User | None,
    opened: Mapping[int, Opened] | None = None,
    drop_reason: str = "",
) -> RowsToSave:
    """Save names, weights and stages of the project's milestones, by their keys: all or nothing.

    Raises ``RowsRefused``, ``DropUnexplained``; ``ValueError`` for a blank name or no weight.
    """
    project = Project.objects.locked().get(pk=project.pk)
    standing = Milestone.objects.filter(project=project).select_related("stage")
    rows = {row.pk: row for row in standing}
    before = {key: {field: getattr(row, field) for field in DETAILS} for key, row in rows.items()}
    refused = _put_in(rows, typed, opened or {})
    changed = {
        key: row
        for key, row in rows.items()
        if any(getattr(row, field) != before[key][field] for field in DETAILS)
    }
    for key, row in changed.items():
        if names.namesake((other for other in rows.values() if other != row), row.name):
            refused[key] = MilestoneNameTaken(row.name)
    if refused:
        raise RowsRefused(refused)
    if changed:
        _write_details(changed.values())
        for key, row in changed.items():
            _note_details(project, row, before[key], by)
        is_weighed = any(row.weight != before[key]["weight"] for key, row in changed.items())
        _follow(project, drop_reason if is_weighed else None, by)
    return RowsToSave(changed, {key: typed[key] for key in typed.keys() - rows.keys()})


def _put_in(
    rows: Mapping[int, Milestone],
    typed: Mapping[int, Mapping[str, Any]],
    opened: Mapping[int, Opened],
) -> dict[int, Exception]:
    """Let the rows hold what is wanted; why others are refused, by their keys."""
    refused: dict[int, Exception] = {}
    for key in typed.keys() & rows.keys():
        row = rows[key]
        standing = {field: getattr(row, field) for field in DETAILS}
        try:
            wanted = merge(standing, typed[key], opened.get(key))
        except EditConflict as conflict:
            refused[key] = conflict
        else:
            row.name, row.weight = _name(wanted["name"]), _weight(wanted["weight"])
            row.stage = wanted["stage"]
    return refused


def _write_details(rows: Collection[Milestone]) -> None:
    """Two that swap their names would have the same one for a moment, which the table refuses."""
    held = Milestone.objects.filter(pk__in=[row.pk for row in rows])
    held.update(name=Concat(Value("/"), Cast("pk", CharField())))
    Milestone.objects.bulk_update(rows, DETAILS)


def _note_details(
    project: Project, row: Milestone, before: Mapping[str, Any], by: User | None
) -> None:
    for field, verb in DETAILS.items():
        was, now = before[field], getattr(row, field)
        if was != now:
            audit.note(
                project.team,
                f"milestone.{verb}",
                row,
                by=by,
                project=project,
                before={field: was},
                after={field: now},
            )


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


def _free_name(project: Project, name: str) -> str:
    name = _name(name)
    if names.namesake(Milestone.objects.filter(project=project), name) is not None:
        raise MilestoneNameTaken(name)
    return name


def _name(name: str) -> str:
    name = names.one_line(name)
    if not name:
        raise ValueError("a milestone has a name")
    return name


def _weight(weight: int) -> int:
    if weight < 1:
        raise ValueError(f"a milestone cannot weigh {weight}")
    return weight


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
    _follow(project, reason, by, since)


def _follow(
    project: Project, reason: str | None, by: User | None, since: date | None = None
) -> None:
    """The present week's entry, and the stale pages."""
    week = project.team.this_week()
    recording.follow_milestones(project, week, reason=reason, by=by)
    facts.announce(project.team, {week, since or week})

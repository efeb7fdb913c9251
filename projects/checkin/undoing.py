"""Undoes the latest save of a check-in, or a "no change", as long as nobody built on it.

Values come back, each row of the ledger gets one that undoes it, and neither counts any more: a
move that was undone before an edition is no slip. Whether an edition holds the save is for the
caller to ask (``reports.pages.catching_up``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.core.serializers import deserialize
from django.db import models, transaction
from django.utils import timezone

from projects import audit, facts
from projects.checkin import ledger, recording
from projects.conflicts import EditConflict
from projects.models import (
    LastSave,
    Milestone,
    ProgressChange,
    Project,
    Question,
    StatusEntry,
    User,
)
from projects.reported import REPORTED

# Of a milestone, what a check-in changes.
_CHANGED: Final = ("percent", "due_on", "due_precision", "stage_id", "closed_at", "is_history")


class NothingToUndo(Exception):
    """The save was undone already, or is not this person's."""


@transaction.atomic
def undo(
    project: Project, week: date, *, revision: int, by: User, at: datetime | None = None
) -> StatusEntry | None:
    """Undo the save that made this ``revision`` of the entry; the entry, ``None`` where it is gone.

    Raises ``NothingToUndo``, or ``EditConflict`` where somebody changed the entry or one of the
    milestones since.
    """
    at = at or timezone.now()
    project = Project.objects.locked().get(pk=project.pk)
    entry = StatusEntry.objects.filter(project=project, week=week).first()
    save = LastSave.objects.filter(entry=entry, by=by).first() if entry else None
    if entry is None or save is None:
        raise NothingToUndo
    if not save.revision == entry.revision == revision:
        raise EditConflict(entry.reported())
    saved = {name: getattr(entry, name) for name in REPORTED}
    _undo_milestones(entry, save, by, at)
    _undo_answers(save, by)
    if project.stage_id is None and save.record["stage"] is not None:
        project.stage_id = _existing(Project, "stage", save.record["stage"])
        project.save(update_fields=["stage"])
    restored = _restored(entry, save)
    recording.follow_milestones(project, week)
    after = {name: getattr(restored, name) for name in REPORTED} if restored else {}
    audit.note(
        project.team, "entry.undo", project, by=by, project=project, before=saved, after=after
    )
    facts.announce(project.team, [week])
    return restored


def _restored(entry: StatusEntry, save: LastSave) -> StatusEntry | None:
    """The entry as it stood before, as its next revision; deleted where there was none."""
    row = save.record["entry"]
    if row is None:
        entry.delete()
        return None
    before = _row(row)
    for column in StatusEntry._meta.concrete_fields:
        value = getattr(before, column.attname)
        if isinstance(column, models.ForeignKey):
            value = _existing(StatusEntry, column.name, value)
        setattr(entry, column.attname, value)
    entry.revision = save.revision + 1
    entry.save()
    save.delete()
    return entry


def _undo_milestones(entry: StatusEntry, save: LastSave, by: User, at: datetime) -> None:
    """The ledger, the milestones that were changed, and those that were made."""
    keys, record = save.record["changes"], save.record
    before = {row["pk"]: _row(row) for row in record["milestones"]}
    touched = [*before, *record["made"]]
    later = ProgressChange.objects.filter(milestone__in=touched, pk__gt=max(keys, default=0))
    if keys and later.exists():
        raise EditConflict(entry.reported())
    milestones = Milestone.objects.in_bulk(touched)
    for change in ProgressChange.objects.filter(pk__in=keys).exclude(milestone__in=record["made"]):
        ledger.undo(change, by=by, at=at)
    for key, stood in before.items():
        if (milestone := milestones.get(key)) is not None:
            for name in _CHANGED:
                setattr(milestone, name, getattr(stood, name))
            milestone.stage_id = _existing(Milestone, "stage", milestone.stage_id)
            milestone.save(update_fields=[name.removesuffix("_id") for name in _CHANGED])
    for key in record["made"]:
        if (milestone := milestones.get(key)) is not None:
            gone = {"percent": milestone.percent, "due_on": milestone.due_on}
            project = entry.project
            audit.note(
                entry.team, "milestone.remove", milestone, by=by, project=project, before=gone
            )
            milestone.delete()


def _undo_answers(save: LastSave, by: User) -> None:
    """The questions are open again, unless somebody else has answered since."""
    answered = Question.objects.filter(pk__in=save.record["answers"], answered_by=by)
    answered.update(answer="", answered_by=None, answered_on_behalf_of=None, answered_at=None)


def _row(stored: dict[str, Any]) -> Any:
    (deserialized,) = deserialize("python", [stored], ignorenonexistent=True)
    return deserialized.object


def _existing(model: type[models.Model], column: str, key: int | None) -> int | None:
    """The key, as long as its row is there."""
    target: Any = model._meta.get_field(column).related_model
    return key if key and target._default_manager.filter(pk=key).exists() else None

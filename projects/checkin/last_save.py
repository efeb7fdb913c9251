"""Keeps what a save of a check-in changed, for ``projects.checkin.undoing``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from projects.models import (
    EntrySource,
    LastSave,
    Milestone,
    ProgressChange,
    Project,
    Question,
    StatusEntry,
)
from projects.portfolio import rowstore


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood there before a save."""

    entry: dict[str, Any] | None  # the stored row; None where the save makes it
    stage: int | None  # the one that a manager had put the project in
    milestones: tuple[tuple[Milestone, dict[str, Any] | None], ...]  # likewise


def snapshot(project: Project, entry: StatusEntry | None, milestones: Iterable[Milestone]) -> Stood:
    """Call it before anything is written."""
    rows = tuple((row, rowstore.stored(row) if row.pk else None) for row in milestones)
    return Stood(
        entry=rowstore.stored(entry) if entry else None,
        stage=project.stage_id,
        milestones=rows,
    )


def remember(entry: StatusEntry, stood: Stood, changes: Iterable[ProgressChange]) -> StatusEntry:
    """Keep what stood there before this save, which replaces the one kept before; the entry.

    ``changes`` are the rows of the ledger that it made.
    """
    if entry.author is None or entry.source == EntrySource.IMPORTED:
        return entry
    record = {
        "entry": stood.entry,
        "stage": stood.stage,
        "milestones": [before for _, before in stood.milestones if before],
        "made": [row.pk for row, before in stood.milestones if before is None],
        "changes": [change.pk for change in changes],
        "answers": [],
    }
    save = LastSave(
        team_id=entry.team_id,
        entry=entry,
        by=entry.author,
        at=entry.reported_at,
        revision=entry.revision,
        record=record,
    )
    LastSave.objects.bulk_create(
        [save],
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["by", "at", "revision", "record"],
    )
    return entry


def remember_answers(entry: StatusEntry, answered: Iterable[Question]) -> None:
    """Add the questions that were answered beside the save."""
    keys = [question.pk for question in answered]
    if not keys:
        return
    last_save = LastSave.objects.filter(entry=entry, revision=entry.revision).first()
    if last_save is not None:
        last_save.record["answers"] = keys
        last_save.save(update_fields=["record"])

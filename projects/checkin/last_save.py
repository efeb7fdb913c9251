"""Keeps what a save of a check-in changed, for ``projects.checkin.undoing``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

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
    newest_change: int  # the key of the newest row of their ledger, 0 without one


def snapshot(project: Project, entry: StatusEntry | None, milestones: Iterable[Milestone]) -> Stood:
    """Call it before anything is written. One query where there are milestones."""
    rows = tuple((row, rowstore.stored(row) if row.pk else None) for row in milestones)
    changes = ProgressChange.objects.filter(milestone__in=[row.pk for row, _ in rows if row.pk])
    newest = changes.aggregate(newest=Max("pk"))["newest"] if rows else 0
    return Stood(
        entry=rowstore.stored(entry) if entry else None,
        stage=project.stage_id,
        milestones=rows,
        newest_change=newest or 0,
    )


def remember(entry: StatusEntry, stood: Stood) -> StatusEntry:
    """Keep what stood there before this save, which replaces the one kept before; the entry."""
    if entry.author is None or entry.source == EntrySource.IMPORTED:
        return entry
    milestones = [row.pk for row, _ in stood.milestones]
    changes = ProgressChange.objects.filter(milestone__in=milestones, pk__gt=stood.newest_change)
    record = {
        "entry": stood.entry,
        "stage": stood.stage,
        "milestones": [before for _, before in stood.milestones if before],
        "made": [row.pk for row, before in stood.milestones if before is None],
        "changes": list(changes.values_list("pk", flat=True)) if milestones else [],
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

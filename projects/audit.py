"""Write the audit trail: every change that the ledger of percents and dates does not record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from projects.conflicts import DecidedAlready
from projects.models import AuditRecord, Milestone, Project, Team, User


def note(
    team: Team,
    action: str,
    subject: models.Model | str,
    *,
    by: User | None,
    project: Project | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditRecord:
    """Record who did what to which thing; call it in the transaction of the change.

    ``action`` reads ``thing.verb`` (``milestone.rename``). ``before`` and ``after`` hold the values
    that changed, by field; a model instance among them is stored as its name.
    """
    record = record_of(team, action, subject, by=by, project=project, before=before, after=after)
    record.save()
    return record


def require_same_reason(action: str, subject: Project | Milestone, reason: str) -> None:
    """Raise ``DecidedAlready`` where this reason is not the one for which it was done last.

    So a second person's reason is not dropped without a word; the same one sent twice is fine.
    """
    records = AuditRecord.objects.filter(team=subject.team, action=action, subject_id=subject.pk)
    last = records.order_by("pk").last()
    standing = str(last.after.get("reason", "")) if last else ""
    if reason and reason != standing:
        raise DecidedAlready(standing)


def note_all(records: Iterable[AuditRecord]) -> None:
    """Save many records, each made by ``record_of``, in one query."""
    AuditRecord.objects.bulk_create(records)


def record_of(
    team: Team,
    action: str,
    subject: models.Model | str,
    *,
    by: User | None,
    project: Project | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditRecord:
    """The record that ``note`` would save, unsaved."""
    return AuditRecord(
        team=team,
        action=action,
        subject=str(subject)[:200],
        subject_id=subject.pk if isinstance(subject, models.Model) else None,
        by=by,
        on_behalf_of=by.on_behalf_of if by else None,
        project=project,
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values as JSON can hold them: numbers and dates as text, instances as their names."""
    encoder = DjangoJSONEncoder()
    return {
        name: value
        if value is None or isinstance(value, bool | int | str | list | dict)
        else str(value)
        if isinstance(value, models.Model)
        else encoder.default(value)
        for name, value in (values or {}).items()
    }

"""The trace of every change that the ledger of percents and dates does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from projects.models import AuditRecord, Project, Team, User


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
    """Write down who did what to which thing; call it in the transaction of the change.

    ``action`` reads ``thing.verb`` (``milestone.rename``). ``before`` and ``after`` hold the values
    that changed, by field; a row among them is kept by its name.
    """
    record = record_of(team, action, subject, by=by, project=project, before=before, after=after)
    record.save()
    return record


def note_all(records: Iterable[AuditRecord]) -> None:
    """The same of many things of one kind, each with its ``record_of``, in one query."""
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
    """What ``note`` would write down, not written yet."""
    return AuditRecord(
        team=team,
        action=action,
        subject=str(subject)[:200],
        by=by,
        project=project,
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """As JSON holds them: numbers and dates as text, rows by their name."""
    encoder = DjangoJSONEncoder()
    return {
        name: value
        if value is None or isinstance(value, bool | int | str | list | dict)
        else str(value)
        if isinstance(value, models.Model)
        else encoder.default(value)
        for name, value in (values or {}).items()
    }

"""The columns that people named for a team: remembered, and used by its next imports."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from projects import audit
from projects.models import Team, User
from reports.importer.column_mapping import (
    NO_MAPPINGS,
    ColumnMapping,
    ColumnMappings,
    NotAMappingError,
    mappings_of,
)
from reports.models import RememberedColumns


def load_columns(team: Team | None) -> ColumnMappings:
    """All mappings of the team; rows that no longer make sense count as none."""
    if team is None:
        return NO_MAPPINGS
    rows = RememberedColumns.objects.filter(team=team).values("headings", "roles")
    mappings: list[ColumnMapping] = []
    for row in rows.order_by("changed_at", "pk"):
        try:
            mappings += mappings_of([row])
        except NotAMappingError:
            continue
    return ColumnMappings(tuple(mappings))


@transaction.atomic
def remember_columns(
    team: Team, mappings: Iterable[ColumnMapping], *, by: User | None
) -> list[RememberedColumns]:
    """Keeps each mapping for tables with its headings; returns those that are new or changed."""
    Team.objects.select_for_update().get(pk=team.pk)
    changed = []
    for mapping in mappings:
        roles = {heading: role.value for heading, role in mapping.roles.items()}
        row = RememberedColumns.objects.filter(team=team, key=_hash(mapping)).first()
        before = row.roles if row is not None else None
        if before == roles:
            continue
        row = row or RememberedColumns(team=team, key=_hash(mapping))
        row.headings, row.roles = list(mapping.headings), roles
        row.changed_by, row.changed_at = by, timezone.now()
        row.save()
        audit.note(team, "columns.name", row, by=by, before=before, after=roles)
        changed.append(row)
    return changed


def _hash(mapping: ColumnMapping) -> str:
    return hashlib.sha256("\n".join(mapping.key).encode()).hexdigest()

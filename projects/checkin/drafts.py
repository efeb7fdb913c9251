"""Drafts: what somebody typed into a check-in and has not sent yet, kept on the server.

One row for each user, entry (project and week) and field, so that two tabs in which different
fields are typed keep both. A draft remembers the revision of the entry it was typed over: sent
after somebody else has saved, it is compared with what stands there, and overwrites nothing.
Nobody is ever shown another user's drafts, so they leave no trace but themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from projects.models import Draft, Project, User


@dataclass(frozen=True, slots=True)
class Typed:
    """One user's drafts of one entry.

    ``values`` are by the names of the form's fields, ``entry_revision`` is the oldest that any of
    them was typed over, ``saved_at`` when the newest was saved.
    """

    values: Mapping[str, str]
    entry_revision: int
    saved_at: datetime


def of(user: User, week: date, projects: Iterable[Project]) -> dict[int, Typed]:
    """The user's drafts of that week by the projects' keys; one query."""
    rows: dict[int, list[Draft]] = {}
    for row in Draft.objects.filter(user=user, week=week, project__in=list(projects)):
        rows.setdefault(row.project_id, []).append(row)
    return {
        project: Typed(
            values={row.field: row.value for row in found},
            entry_revision=min(row.entry_revision for row in found),
            saved_at=max(row.saved_at for row in found),
        )
        for project, found in rows.items()
    }


@transaction.atomic
def save(
    user: User,
    project: Project,
    week: date,
    *,
    typed: Mapping[str, str],
    standing: Mapping[str, str],
    entry_revision: int,
    at: datetime | None = None,
) -> Typed | None:
    """Keep what was typed, by field; the user's drafts of the entry as they then are.

    ``standing`` is what the form shows without any draft. A field that says that again, but for
    blanks around it, needs no draft and loses the one it had; one that ``typed`` does not name
    keeps its own.
    """
    drafts = Draft.objects.filter(user=user, project=project, week=week)
    same = [field for field, value in typed.items() if _is_same(value, standing.get(field, ""))]
    if same:
        drafts.filter(field__in=same).delete()
    Draft.objects.bulk_create(
        (
            Draft(
                team_id=project.team_id,
                user=user,
                project=project,
                week=week,
                field=field,
                value=value,
                entry_revision=entry_revision,
                saved_at=at or timezone.now(),
            )
            for field, value in typed.items()
            if field not in same
        ),
        update_conflicts=True,
        unique_fields=["user", "project", "week", "field"],
        update_fields=["value", "entry_revision", "saved_at"],
    )
    return of(user, week, [project]).get(project.pk)


def _is_same(value: str, standing: str) -> bool:
    return value.strip() == standing.strip()


def discard(user: User, project: Project, week: date, field: str = "") -> None:
    """Forget what the user typed over the entry: it was sent, or is not wanted any more.

    With ``field``, only what was typed there.
    """
    drafts = Draft.objects.filter(user=user, project=project, week=week)
    (drafts.filter(field=field) if field else drafts).delete()

"""Drafts of a weekly page: what somebody typed into one of its fields and has not saved yet.

One row for each user, week and field (``reports.pages.editing``), and one for its heading. Nobody
is shown another user's drafts, so they leave no trace but themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects.models import Team, User
from reports.models import PageDraft
from reports.pages.editing import PageField, Words

_HEADING: Final = "-heading"


@dataclass(frozen=True, slots=True)
class WordsDraft:
    """One user's draft of one field. ``seen`` identifies the words that it was typed over."""

    words: Words
    seen: str
    saved_at: datetime


def of(user: User, team: Team, week: date) -> dict[str, WordsDraft]:
    """The user's drafts of the week's page, by the field's name; one query."""
    rows = {row.field: row for row in PageDraft.objects.filter(user=user, team=team, week=week)}
    headings = {name: row.value for name, row in rows.items() if name.endswith(_HEADING)}
    return {
        name: WordsDraft(Words(row.value, headings.get(name + _HEADING)), row.seen, row.saved_at)
        for name, row in rows.items()
        if name not in headings
    }


@transaction.atomic
def save(
    user: User,
    field: PageField,
    *,
    typed: Words,
    standing: Words,
    seen: str,
    at: datetime | None = None,
) -> WordsDraft | None:
    """Keep what was typed; ``None`` when it is what stands there, which needs no draft."""
    if typed.tidied() == standing.tidied():
        discard(user, field)
        return None
    at = at or timezone.now()
    values = {field.name: typed.text}
    if typed.heading is not None:
        values[field.name + _HEADING] = typed.heading
    PageDraft.objects.bulk_create(
        (
            PageDraft(
                team=field.team,
                user=user,
                week=field.week,
                field=name,
                value=value,
                seen=seen,
                saved_at=at,
            )
            for name, value in values.items()
        ),
        update_conflicts=True,
        unique_fields=["team", "user", "week", "field"],
        update_fields=["value", "seen", "saved_at"],
    )
    return WordsDraft(typed, seen, at)


def discard(user: User, field: PageField) -> None:
    """Forget the draft: it was saved, or is not wanted any more."""
    rows = PageDraft.objects.filter(user=user, team=field.team, week=field.week)
    rows.filter(field__in=(field.name, field.name + _HEADING)).delete()

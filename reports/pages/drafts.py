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
from reports.pages.editing import Words

_HEADING: Final = "-heading"


@dataclass(frozen=True, slots=True)
class Typed:
    """One user's draft of one field. ``seen`` names the words that it was typed over."""

    words: Words
    seen: str
    saved_at: datetime


def of(user: User, team: Team, week: date) -> dict[str, Typed]:
    """The user's drafts of the week's page, by field; one query."""
    rows = {row.field: row for row in PageDraft.objects.filter(user=user, team=team, week=week)}
    headings = {field: row.value for field, row in rows.items() if field.endswith(_HEADING)}
    return {
        field: Typed(Words(row.value, headings.get(field + _HEADING)), row.seen, row.saved_at)
        for field, row in rows.items()
        if field not in headings
    }


@transaction.atomic
def save(
    user: User,
    team: Team,
    week: date,
    field: str,
    *,
    typed: Words,
    standing: Words,
    seen: str,
    at: datetime | None = None,
) -> Typed | None:
    """Keep what was typed; ``None`` when it is what stands there, which needs no draft."""
    if typed.tidied() == standing.tidied():
        discard(user, team, week, field)
        return None
    at = at or timezone.now()
    values = {field: typed.text}
    if typed.heading is not None:
        values[field + _HEADING] = typed.heading
    PageDraft.objects.bulk_create(
        (
            PageDraft(
                team=team, user=user, week=week, field=name, value=value, seen=seen, saved_at=at
            )
            for name, value in values.items()
        ),
        update_conflicts=True,
        unique_fields=["team", "user", "week", "field"],
        update_fields=["value", "seen", "saved_at"],
    )
    return Typed(typed, seen, at)


def discard(user: User, team: Team, week: date, field: str) -> None:
    """Forget the draft: it was saved, or is not wanted any more."""
    rows = PageDraft.objects.filter(user=user, team=team, week=week)
    rows.filter(field__in=(field, field + _HEADING)).delete()

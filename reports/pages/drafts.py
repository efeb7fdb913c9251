"""Drafts of a weekly page's words: what somebody typed into a field of it and has not saved yet.

The words of a field are one row of ``projects.checkin.drafts``, and its heading is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from projects.checkin import drafts
from projects.models import Team, User
from reports.pages.editing import PageField, Words

_HEADING: Final = "-heading"


@dataclass(frozen=True, slots=True)
class WordsDraft:
    """One user's draft of one field; ``seen`` is the digest of the words it was typed over."""

    words: Words
    seen: str
    saved_at: datetime


def of(user: User, team: Team, week: date) -> dict[str, WordsDraft]:
    """The user's drafts of the week's page, by the field's name; one query."""
    return kept_and_put_aside(user, team, week)[0]


def kept_and_put_aside(
    user: User, team: Team, week: date
) -> tuple[dict[str, WordsDraft], frozenset[str]]:
    """``of``, and the fields of which drafts were ``put_aside``; one query."""
    rows = drafts.of_page(user, team, week)
    headings = {name: row.value for name, row in rows.items() if name.endswith(_HEADING)}
    words = {name: row for name, row in rows.items() if name not in headings}
    waiting = {
        name: WordsDraft(Words(row.value, headings.get(name + _HEADING)), row.seen, row.saved_at)
        for name, row in words.items()
        if row.discarded_at is None
    }
    return waiting, frozenset(words.keys() - waiting.keys())


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
    drafts.save(user, field.team, field.week, values, seen=seen, at=at)
    return WordsDraft(typed, seen, at)


def discard(user: User, field: PageField) -> None:
    """Forget the draft: it was saved, or is not wanted any more."""
    drafts.discard(user, field.team, field.week, *_rows_of(field))


def put_aside(user: User, field: PageField) -> None:
    """Discard the draft so that it can be taken up again."""
    drafts.put_aside(user, field.team, field.week, *_rows_of(field))


def take_up(user: User, field: PageField) -> None:
    """Undo ``put_aside``."""
    drafts.take_up(user, field.team, field.week, *_rows_of(field))


def _rows_of(field: PageField) -> tuple[str, str]:
    return field.name, field.name + _HEADING

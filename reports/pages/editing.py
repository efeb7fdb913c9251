"""The write path of the words on a weekly page that are the manager's own.

A *field* is one place of the page that is edited on its own: ``section-12`` (a row of words, with
its heading where it is an own section), ``reflection`` and ``other`` while nobody has filled them,
``new`` for an own section to be, ``plan`` for the lines of next week's plan.

Whoever saves says what the form was opened with. It is compared under the lock of the page
(``projects.conflicts``): where somebody else has changed the same words, nothing is overwritten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from projects import audit, facts
from projects.checkin import plan_lines, plans
from projects.conflicts import Opened, as_text, merge
from projects.models import PlannedItem, Team, User
from projects.ordering import require_place
from reports.models import Section, WeeklyPage
from reports.pages import live
from reports.weekly.layout import lines_of_plan_tables
from reports.weekly.sections import WRITABLE, Kind

NEW: Final = "new"
PLAN: Final = "plan"
_SECTION: Final = re.compile(r"section-(\d{1,15})")


@dataclass(frozen=True, slots=True)
class PageField:
    """One place of a week's page that is edited on its own, by its name."""

    team: Team
    week: date
    name: str

    @classmethod
    def of_section(cls, team: Team, week: date, section_id: int) -> PageField:
        return cls(team, week, f"section-{section_id}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words in a field, saved or typed. ``heading`` is ``None`` where the field has none."""

    text: str
    heading: str | None = None

    @classmethod
    def of_fields(cls, fields: Mapping[str, str]) -> Words:
        """The opposite of ``fields``."""
        return cls(fields.get("text", ""), fields.get("heading"))

    def fields(self) -> dict[str, str]:
        """The words by the names of the form's fields, tidied."""
        tidied = self.tidied()
        heading = {} if tidied.heading is None else {"heading": tidied.heading}
        return {"text": tidied.text, **heading}

    @property
    def digest(self) -> str:
        """The SHA-256 of the words, by which a draft knows what it was typed over."""
        written = "\n".join(as_text(words) for words in reversed(self.fields().values()))
        return hashlib.sha256(written.encode()).hexdigest()

    def tidied(self) -> Words:
        """Without surrounding white space, and with Unix line ends."""
        text = self.text.replace("\r\n", "\n").strip("\n").rstrip()
        return Words(text, None if self.heading is None else " ".join(self.heading.split()))


class UnknownField(Exception):
    """The page has no such field, or no longer."""


def standing(field: PageField) -> Words:
    """What the field holds now. Raises ``UnknownField``."""
    if field.name == NEW:
        return Words("", "")
    if field.name == PLAN:
        items = _planned(field.team, field.week)
        return Words(plan_lines.as_text(item.text for item in items))
    row = _row(field)
    if row is None:
        return Words("")
    return _words(row)


@transaction.atomic
def save(field: PageField, typed: Words, *, opened: Opened | None = None, by: User) -> str:
    """Put the words into the field; the name by which the field is known from now on.

    ``opened`` is what the form was opened with. Raises ``UnknownField`` and ``EditConflict``. The
    same words again change nothing, nor does an own section that is sent twice.
    """
    team, week = field.team, field.week
    page = live.locked(team, week)
    before = standing(field)
    words = Words.of_fields(merge(before.fields(), typed.fields(), opened))
    if before.tidied() == words:
        return field.name
    if field.name == PLAN:
        _save_plan(team, week, words.text, by)
        return field.name
    row = _same_section(field, words) if field.name == NEW else _row(field)
    if field.name == NEW and row is not None:
        return f"section-{row.pk}"
    if row is None:
        row = _begun(page, field.name, words)
    else:
        _rewrite(row, words)
    was = {"text": before.text, "heading": before.heading or row.heading}
    now = {"text": row.body, "heading": row.heading, "section": row.pk}
    action = "section.add" if field.name == NEW else "section.edit"
    audit.note(team, action, _named(row), by=by, before=was, after=now)
    facts.announce(team, [week])
    return f"section-{row.pk}"


def _same_section(field: PageField, words: Words) -> Section | None:
    """The own section with these words, where the form was sent before."""
    sections = Section.objects.filter(page__team=field.team, page__week=field.week)
    own = sections.filter(kind=Kind.CUSTOM, heading=words.heading or "", body=words.text)
    return own.exclude(heading="").first()


def own_sections(team: Team, week: date) -> list[Section]:
    """The sections that can be moved and removed: the manager's, in their order.

    What an imported page brought keeps its place.
    """
    rows = Section.objects.filter(page__team=team, page__week=week, kind=Kind.CUSTOM)
    if _is_imported(team, week):
        rows = rows.filter(position__gte=plan_lines.ADDED_FROM)
    return list(rows.exclude(heading="").order_by("position", "pk"))


@transaction.atomic
def move_section(
    team: Team, week: date, section: int, *, is_up: bool, by: User, seen: int | None = None
) -> None:
    """Swap the own section with the one before or after it. Raises ``UnknownField``.

    ``seen`` is its place among them as the sender saw it, from 1; raises ``MovedAlready``.
    """
    live.locked(team, week)
    order = own_sections(team, week)
    at = _place(order, section)
    require_place(order[at].heading, at + 1, seen)
    other = at - 1 if is_up else at + 1
    if not 0 <= other < len(order):
        return
    order[at], order[other] = order[other], order[at]
    for row, position in zip(
        order, plan_lines.placed([(row.position, row.pk) for row in order]), strict=True
    ):
        row.position = position
    Section.objects.bulk_update(order, ["position"])
    after = {"order": [row.heading for row in order]}
    audit.note(team, "section.move", order[other], by=by, after=after)
    facts.announce(team, [week])


@transaction.atomic
def remove_section(team: Team, week: date, section: int, *, by: User) -> None:
    """Remove an own section; the audit trail keeps its words. Raises ``UnknownField``."""
    live.locked(team, week)
    order = own_sections(team, week)
    row = order[_place(order, section)]
    before = {"heading": row.heading, "text": row.body, "position": row.position}
    audit.note(team, "section.remove", row, by=by, before=before)
    row.delete()
    facts.announce(team, [week])


def _place(order: Sequence[Section], section: int) -> int:
    for at, row in enumerate(order):
        if row.pk == section:
            return at
    raise UnknownField(f"section-{section}")


def _row(field: PageField) -> Section | None:
    """The row that holds the field's words; ``None`` where one can be begun."""
    sections = Section.objects.filter(page__team=field.team, page__week=field.week)
    sections = sections.order_by("position", "pk")
    if named := _SECTION.fullmatch(field.name):
        if (row := sections.filter(pk=int(named[1])).first()) is None:
            raise UnknownField(field.name)
        return row
    if field.name not in WRITABLE:
        raise UnknownField(field.name)
    rows = list(sections.filter(kind=WRITABLE[field.name]))
    return next((row for row in rows if row.body.strip()), rows[0] if rows else None)


def _words(row: Section) -> Words:
    is_own = row.kind == Kind.CUSTOM and bool(row.heading)
    return Words(row.body, row.heading if is_own else None)


def _named(row: Section) -> str:
    return row.heading or str(row.get_kind_display())


def _begun(page: WeeklyPage, field: str, typed: Words) -> Section:
    """A new row: an own section after the others, or the words of a section that had none."""
    position = plan_lines.ADDED_FROM
    if field == NEW:
        rows = [(row.position, row.pk) for row in own_sections(page.team, page.week)]
        position = plan_lines.placed([*rows, None])[-1]
    return Section.objects.create(
        team=page.team,
        page=page,
        kind=WRITABLE.get(field, Kind.CUSTOM),
        heading=typed.heading or "",
        body=typed.text,
        position=position,
    )


def _rewrite(row: Section, typed: Words) -> None:
    hidden = lines_of_plan_tables([row])
    row.body = typed.text
    if typed.heading:
        row.heading = typed.heading
    row.save(update_fields=["body", "heading"])
    # A table of plans that has grown covers more lines: items on these lines must not vanish.
    covered = lines_of_plan_tables([row]) - hidden
    items = PlannedItem.objects.filter(team=row.team_id, week=row.page.week)
    items.filter(position__in=covered).update(position=plan_lines.ADDED_FROM)


# --- the plan -------------------------------------------------------------------------------


def _save_plan(team: Team, week: date, text: str, by: User) -> None:
    items = _planned(team, week, for_update=True)
    plans.rewrite(items, text, team=team, week=week, by=by, taken=_taken(team, week))


def _planned(team: Team, week: date, *, for_update: bool = False) -> list[PlannedItem]:
    """The plan's lines, but for those that stand in a table of an imported page."""
    rows = PlannedItem.objects.filter(team=team, week=week).order_by("position", "pk")
    rows = rows.exclude(position__in=_taken(team, week))
    return list(rows.select_for_update() if for_update else rows)


def _taken(team: Team, week: date) -> set[int]:
    if not _is_imported(team, week):
        return set()
    return lines_of_plan_tables(
        Section.objects.filter(page__team=team, page__week=week, kind=Kind.PLAN)
    )


def _is_imported(team: Team, week: date) -> bool:
    document = live.current_document(team, week)
    return document is not None and document.is_imported

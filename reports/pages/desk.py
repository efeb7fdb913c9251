"""What a manager can edit on the live page, for the controls of its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from projects.access import Access
from projects.models import Outcome
from reports.pages import drafts, editing
from reports.pages.drafts import WordsDraft
from reports.weekly.document import Block, PageSection, WeeklyDocument
from reports.weekly.sections import BY_KIND, WRITABLE, Kind


@dataclass(frozen=True, slots=True)
class Desk:
    """One manager's controls on one page.

    ``own`` are the keys of the sections that can be moved, in their order; ``focus`` is the field
    whose control gets the focus.
    """

    label: str
    drafts: Mapping[str, WordsDraft]
    put_aside: frozenset[str]  # fields of which a draft was discarded, and can be taken up again
    own: tuple[int, ...]
    lacking: tuple[str, ...]  # fields for which the page has no section yet
    plan: Block | None  # the first block of the plan's lines
    focus: str = ""

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Outcome.choices]

    def begun_by(self, section: PageSection) -> str:
        """The field in which an empty section, or the heading of an own one, is written."""
        by_kind = BY_KIND[section.kind].written_in
        is_writable = section.kind is Kind.CUSTOM or bool(by_kind)
        if section.section_id and is_writable and section.kind is not Kind.PLAN:
            return f"section-{section.section_id}"
        return by_kind

    def place_in(self, section: int) -> int:
        """The section's place among the own ones, from 1; 0 where it is none of them."""
        return self.own.index(section) + 1 if section in self.own else 0

    def is_first(self, section: int) -> bool:
        return bool(self.own) and self.own[0] == section

    def is_last(self, section: int) -> bool:
        return bool(self.own) and self.own[-1] == section


def desk_of(access: Access, document: WeeklyDocument, focus: str = "") -> Desk | None:
    """``None`` unless the reader is a manager, and on a page of history. At most three queries."""
    if not access.is_manager or document.is_history:
        return None
    kinds = {section.kind for section in document.sections}
    has_own = Kind.CUSTOM in kinds
    own = editing.own_sections(access.team, document.week) if has_own else []
    waiting, put_aside = drafts.kept_and_put_aside(access.user, access.team, document.week)
    return Desk(
        label=document.label,
        drafts=waiting,
        put_aside=put_aside,
        own=tuple(row.pk for row in own),
        lacking=tuple(field for field, kind in WRITABLE.items() if kind not in kinds),
        plan=next((b for s in document.sections for b in s.blocks if b.plan), None),
        focus=focus,
    )

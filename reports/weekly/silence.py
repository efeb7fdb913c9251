"""Whether anybody had anything to say in a week. Pure."""

from __future__ import annotations

from reports.weekly.document import Block, WeeklyDocument
from reports.weekly.sections import FactType, Kind


def says_something(document: WeeklyDocument) -> bool:
    """Whether anything on the page was entered in its week.

    What it owes to earlier weeks does not count: projects that nobody updated, metrics that nobody
    read, last week's plan without an outcome.
    """
    return any(
        _is_said(block, section.kind) for section in document.sections for block in section.blocks
    )


def _is_said(block: Block, kind: Kind) -> bool:
    if entry := block.entry:
        return bool(entry.is_updated or entry.moves or entry.questions or entry.answers)
    if block.text.strip() and kind is not Kind.SILENT:
        return True
    return any(_is_entered(fact, by) for by, facts in block.facts() for fact in facts)


def _is_entered(fact: object, fact_type: FactType) -> bool:
    """Whether somebody entered it in the page's week."""
    return not fact_type.entered_by or getattr(fact, fact_type.entered_by) not in (None, "")

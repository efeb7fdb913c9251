"""Whether anybody had anything to say in a week. Pure."""

from __future__ import annotations

from reports.weekly.document import Block, Kind, WeeklyDocument


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
    return bool(
        (block.text.strip() and kind is not Kind.SILENT)
        or block.incident_counts
        or block.incident
        or block.plan
        or any(metric.value is not None for metric in block.metrics)
        or any(item.outcome for item in block.last_plan)
    )

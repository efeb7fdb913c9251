"""What a lead reports on a project in a week. Pure.

The one list of these fields: each is a column of ``StatusEntry`` of the same name. From here come
what a check-in records, confirms, compares and keeps as a draft, what a merge of two projects
joins, and what the weekly page and its exports print (docs/howto/field.md).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Report:
    """``percent`` is the whole project's; ``None`` takes the mean of the milestones by weight."""

    text: str  # Markdown; what got done
    health: str
    stage_id: int | None = None
    risks: str = ""
    percent: Decimal | None = None
    drop_reason: str = ""  # why the percent is below the one printed last


#: The fields by their names.
REPORTED: Final = tuple(field.name for field in fields(Report))
#: The texts among them that are asked for and printed below the main one.
FURTHER_TEXTS: Final[tuple[str, ...]] = ("risks",)
#: What holds of its week alone: the next one does not begin with it.
OF_ITS_WEEK: Final = ("text", "drop_reason")

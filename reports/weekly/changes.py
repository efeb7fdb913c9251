"""What an edition changes against the one before it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from reports.weekly.document import Finding, Kind, WeeklyDocument


class Part(StrEnum):
    """What kind of thing on the page has changed."""

    PAGE = "page"
    SECTION = "section"
    ENTRY = "entry"
    FINDING = "finding"
    KEY_RESULT = "key_result"
    METRIC = "metric"
    INCIDENT_COUNT = "incident_count"
    INCIDENT = "incident"
    LAST_PLAN = "last_plan"
    PLAN = "plan"


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, as facts; the words are the renderers'.

    ``old`` and ``new`` are values of ``field`` as the document has them: a percent or a number as
    decimal digits, a date as ``2024-07-31 day`` (with its precision), a state by its code, a text
    as it was written. Empty: there was none.
    """

    part: Part
    what: What
    anchor: str  # on the new page, or on the old one where it was removed: o1, project-5
    name: str = ""  # of the project, metric, severity; the heading of a section as written
    field: str = ""
    old: str = ""
    new: str = ""
    unit: str = ""  # of a metric's values
    kind: Kind | None = None  # of a section, with its objective in ``code`` and ``name``
    code: str = ""
    finding: Finding | None = None


def changes_between(old: WeeklyDocument, new: WeeklyDocument) -> tuple[Change, ...]:
    """What ``new`` changes, in page order; none if and only if the documents are equal."""
    if old == new:
        return ()
    return (Change(Part.PAGE, What.CHANGED, ""),)


def dump(changes: Iterable[Change]) -> list[Any]:
    """As plain JSON values, for ``Edition.changes``."""
    built: list[Any] = msgspec.to_builtins(tuple(changes))
    return built


def load(data: Sequence[Any]) -> tuple[Change, ...]:
    """What ``dump`` wrote."""
    return msgspec.convert(data, tuple[Change, ...], strict=False)

"""Two people, or one in two tabs, who change the same thing at the same moment. Pure.

A form sends back what it was opened with. Whoever saves it locks the row first, then calls
``merge`` with what stands there now: this is the only place that compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

# What a form was opened with: the text of each field's value, by the field's name.
type Opened = Mapping[str, str]


class EditConflict(Exception):
    """Somebody else has changed the same fields since the form was opened; nothing was saved.

    ``theirs`` holds what stands there now, by the field's name.
    """

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        self.theirs = dict(theirs)
        super().__init__(", ".join(self.theirs))


class DecidedAlready(Exception):
    """Somebody has closed it, or opened it again, already, for another reason or for none."""

    def __init__(self, reason: str) -> None:
        self.reason = reason  # theirs
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions fill differently, as a reader sees it."""

    label: str
    mine: str
    theirs: str


def merge(
    standing: Mapping[str, Any], typed: Mapping[str, Any], opened: Opened | None
) -> dict[str, Any]:
    """What to save: the values of ``standing``, and those of ``typed`` that the writer changed.

    A field that is missing in ``typed``, or still says what it was opened with, keeps the value
    that stands there. A field that is missing in ``opened`` is not compared, and without
    ``opened`` (None: the writer is no form) none is. Raises ``EditConflict`` for the fields that
    somebody else has changed, too, and to another value.
    """
    opened = opened or {}
    merged = dict(standing)
    theirs: dict[str, Any] = {}
    for field, value in typed.items():
        before, now, wanted = opened.get(field), as_text(standing.get(field)), as_text(value)
        if wanted == before:
            continue
        if before is not None and now not in {before, wanted}:
            theirs[field] = standing.get(field)
        merged[field] = value
    if theirs:
        raise EditConflict(theirs)
    return merged


@dataclass(frozen=True, slots=True)
class RowsToSave:
    """Of a list that is saved at once: what to write, and what was typed for rows that are gone."""

    changed: Mapping[int, Any]
    gone: Mapping[int, Any]


def merge_rows(
    standing: Mapping[int, Any], typed: Mapping[int, Any], opened: Opened | None
) -> RowsToSave:
    """The same for one value a row, by the rows' keys; ``opened`` has them as text.

    Raises ``EditConflict`` for the rows that somebody else has changed, too; none is saved then.
    """
    there = {str(key): value for key, value in standing.items()}
    merged = merge(there, {str(key): typed[key] for key in typed if key in standing}, opened)
    changed = {
        key: merged[str(key)]
        for key, value in standing.items()
        if as_text(merged[str(key)]) != as_text(value)
    }
    missing = {key: value for key, value in typed.items() if key not in standing}
    before = opened or {}
    gone = {key: value for key, value in missing.items() if as_text(value) != before.get(str(key))}
    return RowsToSave(changed, gone)


def changed_by_others(standing: Mapping[str, Any], opened: Opened | None) -> dict[str, Any]:
    """What stands there now in the fields that are not as the form was opened with."""
    opened = opened or {}
    return {
        field: value
        for field, value in standing.items()
        if field in opened and opened[field] != as_text(value)
    }


def as_text(value: object) -> str:
    """The value as a form sends it back: equal texts mean equal values of one field.

    Moments and times are compared to the minute, as forms show them.
    """
    match value:
        case None | False:
            text = ""
        case True:
            text = "true"
        case Decimal():
            text = f"{value.normalize():f}"
        case datetime():
            text = value.astimezone(UTC).isoformat(timespec="minutes")
        case time():
            text = value.isoformat(timespec="minutes")
        case date():
            text = value.isoformat()
        case _:
            key = getattr(value, "pk", value)  # a row is known by its key
            text = str(key).replace("\r\n", "\n").strip()
    return text

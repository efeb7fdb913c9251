"""Which parts of a page a mail has room for. Pure arithmetic: sizes in, a choice out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Final

from reports.weekly.document import Entry


class PartRole(StrEnum):
    HEADING = "heading"
    ENTRY = "entry"
    BLOCK = "block"  # anything else that stands in a section
    REST = "rest"  # the row at a section's end that says what is left out


@dataclass(slots=True)
class Part:
    """One row of the mail, in page order; every section ends with its ``REST``."""

    role: PartRole
    section: str  # its anchor
    size: int  # bytes; before it is made, what it takes at the least
    name: str = ""  # of an entry, with its figures: how it is named when it is left out
    weight: int = 0  # what weighs less is left out first

    @property
    def is_content(self) -> bool:
        return self.role in (PartRole.ENTRY, PartRole.BLOCK)

    @property
    def name_size(self) -> int:
        """Bytes that it takes to name it in its section's last row."""
        return len(escaped(self.name).encode()) + 4 if self.role is PartRole.ENTRY else 0


@dataclass(frozen=True, slots=True)
class Chosen:
    printed: tuple[int, ...]  # places of parts
    left_out: dict[str, list[Part]]  # by section; only of sections that leave something out
    with_names: bool  # whether there is room to name what is left out


# Metrics, incidents and plans are what a reader looks for; a text of this size is not.
_SMALL: Final = 6_000
_NOTE: Final = 120  # of the words in a section's last row, besides names


def weight_of(entry: Entry | None) -> int:
    """Focus and trouble first, then what was updated; with no entry, a section's other content."""
    if entry is None:
        return 4
    if entry.is_focus:
        return 3
    trouble = entry.moves or entry.findings or entry.questions or entry.risks
    if trouble or entry.health in ("at_risk", "off_track"):
        return 2
    return 1 if entry.is_updated else 0


def escaped(text: str) -> str:
    return escape(text, quote=False)


def choose(parts: Sequence[Part], room: int) -> Chosen:
    """What fits into ``room`` bytes: everything, or headings first and then by weight.

    Of equal weight the earlier on the page stays. A mail without room for all headings ends
    before the first that does not fit; the frame's link to the page is there in any case.
    """
    without_rests = [place for place, part in enumerate(parts) if part.role is not PartRole.REST]
    if sum(parts[place].size for place in without_rests) <= room:
        return Chosen(tuple(without_rests), {}, with_names=False)
    kept_places = _headings(parts, room)
    sections = {parts[place].section for place in kept_places}
    left = room - sum(parts[place].size for place in kept_places)
    left -= _NOTE * sum(parts[place].role is PartRole.REST for place in kept_places)
    size_of_names = sum(part.name_size for part in parts)
    with_names = size_of_names <= left // 3
    left -= size_of_names if with_names else 0
    for place in _by_weight(parts):
        part = parts[place]
        cost = part.size - (part.name_size if with_names else 0)
        if part.section in sections and cost <= left:
            kept_places.add(place)
            left -= cost
    return _with_last_rows(parts, kept_places, with_names)


def worth_making(parts: Sequence[Part], room: int) -> set[int]:
    """The places of the parts that can be chosen, so that no other has to be made for its size.

    A quarter more is made than there is room for: what proves too long leaves its place to the
    next.
    """
    worth = {place for place, part in enumerate(parts) if not part.is_content}
    left = room + room // 4
    for place in _by_weight(parts):
        if parts[place].size <= left:
            worth.add(place)
            left -= parts[place].size
    return worth


def _by_weight(parts: Sequence[Part]) -> list[int]:
    """The places of entries and blocks, in the order in which they get room."""
    content = [place for place, part in enumerate(parts) if part.is_content]

    def rank(place: int) -> tuple[int, int]:
        part = parts[place]
        return -(part.weight if part.size <= _SMALL else 0), place

    return sorted(content, key=rank)


def _headings(parts: Sequence[Part], room: int) -> set[int]:
    """The headings and the last rows of the first sections, as many as take half the room."""
    kept_places, left, is_open = set(), room // 2, True
    for place, part in enumerate(parts):
        if part.is_content:
            continue
        if part.role is PartRole.HEADING:
            is_open = is_open and part.size <= left
        if is_open:
            left -= part.size + _NOTE
            kept_places.add(place)
    return kept_places


def _with_last_rows(parts: Sequence[Part], kept_places: set[int], with_names: bool) -> Chosen:
    """The choice with the last rows it needs: the first section that is left out speaks for all
    of those after it."""
    speaks: dict[str, str] = {}
    first_out = ""
    for place, part in enumerate(parts):
        if part.role is PartRole.HEADING:
            first_out = "" if place in kept_places else first_out or part.section
            speaks[part.section] = first_out or part.section
    left_out: dict[str, list[Part]] = {}
    for place, part in enumerate(parts):
        if place not in kept_places and part.role is not PartRole.REST:
            left_out.setdefault(speaks[part.section], []).append(part)
    printed = (
        place
        for place, part in enumerate(parts)
        if (part.section in left_out if part.role is PartRole.REST else place in kept_places)
    )
    return Chosen(tuple(printed), left_out, with_names)

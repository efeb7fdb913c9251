"""Which parts of a page a mail has room for. Pure arithmetic: sizes in, a choice out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Final

from reports.weekly.document import Entry


class Role(StrEnum):
    HEADING = "heading"
    ENTRY = "entry"
    BLOCK = "block"  # anything else that stands in a section
    REST = "rest"  # the row at a section's end that says what is left out


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the mail, in page order; every section ends with its ``REST``."""

    role: Role
    section: str  # its anchor
    name: str = ""  # of an entry, with its figures: how it is named when it is left out
    weight: int = 0  # what weighs less is left out first


@dataclass(frozen=True, slots=True)
class Chosen:
    kept: tuple[bool, ...]  # of each part
    left_out: dict[str, list[Part]]  # by section; only of sections that leave something out
    names: bool  # whether there is room to name what is left out


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


def chosen(parts: Sequence[Part], sizes: Sequence[int], room: int) -> Chosen:
    """What fits into ``room`` bytes: everything, or headings first and then by weight.

    Of equal weight the earlier on the page stays. A mail without room for all headings ends
    before the first that does not fit; the frame's link to the page is there in any case.
    """
    is_rest = [part.role is Role.REST for part in parts]
    if sum(size for size, rest in zip(sizes, is_rest, strict=True) if not rest) <= room:
        return Chosen(tuple(not rest for rest in is_rest), {}, names=False)
    kept = _headings(parts, sizes, room)
    left = room - sum(
        size + (_NOTE if rest else 0)
        for size, rest, keep in zip(sizes, is_rest, kept, strict=True)
        if keep
    )
    sections = {part.section for part, keep in zip(parts, kept, strict=True) if keep}
    names = {index: _size_of_name(parts[index]) for index in range(len(parts))}
    with_names = sum(names.values()) <= left // 3
    left -= sum(names.values()) if with_names else 0
    for index in _by_weight(parts, sizes):
        if kept[index]:
            continue
        cost = sizes[index] - (names[index] if with_names else 0)
        if parts[index].section in sections and cost <= left:
            kept[index] = True
            left -= cost
    return _told(parts, kept, with_names)


def worth_making(parts: Sequence[Part], least: Sequence[int], room: int) -> list[bool]:
    """Which parts can be among the chosen, so that no other has to be made for its size.

    ``least`` is what each takes at the least. A quarter more is made than there is room for: what
    proves too long leaves its place to the next.
    """
    is_content = [part.role in (Role.ENTRY, Role.BLOCK) for part in parts]
    worth, left = [not one for one in is_content], room + room // 4
    for index in _by_weight(parts, least):
        worth[index] = least[index] <= left
        left -= least[index] if worth[index] else 0
    return worth


def _by_weight(parts: Sequence[Part], sizes: Sequence[int]) -> list[int]:
    """The places of entries and blocks, in the order in which they get room."""
    content = [i for i, part in enumerate(parts) if part.role in (Role.ENTRY, Role.BLOCK)]
    return sorted(content, key=lambda i: (-(parts[i].weight if sizes[i] <= _SMALL else 0), i))


def _headings(parts: Sequence[Part], sizes: Sequence[int], room: int) -> list[bool]:
    """The headings and the last rows of the first sections, as many as take half the room."""
    kept, left, is_open = [], room // 2, True
    for part, size in zip(parts, sizes, strict=True):
        if part.role in (Role.HEADING, Role.REST):
            if part.role is Role.HEADING:
                is_open = is_open and size <= left
            left -= size + _NOTE if is_open else 0
            kept.append(is_open)
        else:
            kept.append(False)
    return kept


def _told(parts: Sequence[Part], kept: list[bool], with_names: bool) -> Chosen:
    """The choice with the last rows it needs: the first section that is left out speaks for all
    of those after it."""
    speaks: dict[str, str] = {}
    first_out = ""
    for part, keep in zip(parts, kept, strict=True):
        if part.role is Role.HEADING:
            first_out = "" if keep else first_out or part.section
            speaks[part.section] = first_out or part.section
    left_out: dict[str, list[Part]] = {}
    for part, keep in zip(parts, kept, strict=True):
        if not keep and part.role is not Role.REST:
            left_out.setdefault(speaks[part.section], []).append(part)
    said = (
        part.section in left_out if part.role is Role.REST else keep
        for part, keep in zip(parts, kept, strict=True)
    )
    return Chosen(tuple(said), left_out, with_names)


def _size_of_name(part: Part) -> int:
    return len(escaped(part.name).encode()) + 4 if part.role is Role.ENTRY else 0

"""Marks that change at one indent: whether a finer mark begins a level of its own. Pure.

People change the mark without meaning anything by it: ``1. 甲`` / ``2）乙`` / ``3. 丙`` are three
items. A finer mark at the same indent is a level of its own where it begins to count again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Protocol

_NUMBER: Final = re.compile(r"(\d{1,3})\D*\Z")
_CHINESE: Final = re.compile(r"[一二三四五六七八九十]{1,3}")
_DIGITS: Final = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)}
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_AROUND: Final = re.compile(r"[\s()（）\[\]【】.、．]")
_BULLETS: Final = frozenset({70, 75})
_PERCENT: Final = re.compile(r"\d\s*[%％]")
_LAST_HEADING: Final = 6


class MarkedLine(Protocol):
    """What is asked of a line here (an ``OutlineLine``)."""

    indent: int
    mark: str
    rank: int
    text: str


@lru_cache(maxsize=1024)
def number_of(mark: str) -> int | None:
    """The number that a mark counts: 2 for 2）, 二、, ② and b.; none for a bullet."""
    bare = _AROUND.sub("", mark)
    if match := _NUMBER.search(bare):
        return int(match[1])
    if bare in _CIRCLED and bare:
        return _CIRCLED.index(bare) + 1
    if match := _CHINESE.search(bare):
        tens, ten, ones = match[0].rpartition("十")
        return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
    if len(bare) == 1 and bare.isascii() and bare.isalpha():
        return ord(bare.lower()) - ord("a") + 1
    return None


class SiblingMarks:
    """Tells for the lines of one list which finer marks continue the count of a coarser one."""

    def __init__(self, lines: Sequence[MarkedLine]) -> None:
        self._lines = lines
        self._last_number: dict[int, int] = {}  # by rank
        self._skips: dict[int, bool] = {}  # by the id of a numbered line
        self._places: dict[int, int] = {}  # by the id of a line

    def remember(self, line: MarkedLine) -> None:
        """Takes note of a line that was given its place."""
        if (number := number_of(line.mark)) is not None:
            self._last_number[line.rank] = number

    def are_siblings(self, open_item: MarkedLine, place: int) -> bool:
        """Whether the line at ``place`` stands beside ``open_item``, not below it."""
        line = self._lines[place]
        if abs(open_item.indent - line.indent) > 1 or open_item.rank <= _LAST_HEADING:
            return False
        if open_item.text.rstrip().endswith(("：", ":")):
            return False
        own, before = number_of(line.mark), number_of(open_item.mark)
        if own is not None and before is not None:
            return own == before + 1 and self._last_number.get(line.rank) != own - 1
        if own is None and before is not None:
            return self._takes_a_number(open_item, place)
        if own is None and self._has_indented(open_item):
            return True  # what stands below it is indented, and this line is not
        both_bullets = {open_item.rank, line.rank} <= _BULLETS
        return both_bullets and all(_PERCENT.search(item.text) for item in (open_item, line))

    def _has_indented(self, open_item: MarkedLine) -> bool:
        """Whether the line right after the open item is indented below it."""
        if not self._places:
            self._places = {id(line): place for place, line in enumerate(self._lines)}
        after = self._places.get(id(open_item), len(self._lines)) + 1
        below = next((line for line in self._lines[after : after + 2] if line.text), None)
        return below is not None and below.indent > open_item.indent + 1

    def _takes_a_number(self, open_item: MarkedLine, place: int) -> bool:
        """Whether the bullets after ``1.`` take the numbers up to the next one: 1. - 3."""
        key = id(open_item)
        if key not in self._skips:
            self._skips[key] = self._count_skips(open_item, place)
        return self._skips[key]

    def _count_skips(self, open_item: MarkedLine, place: int) -> bool:
        bullets = 0
        for line in self._lines[place:]:
            if abs(line.indent - open_item.indent) > 1 or not line.mark:
                continue
            if line.rank <= open_item.rank:
                number, before = number_of(line.mark), number_of(open_item.mark)
                is_next = line.rank == open_item.rank and number is not None and before is not None
                return is_next and number == (before or 0) + bullets + 1
            bullets += 1
        return False

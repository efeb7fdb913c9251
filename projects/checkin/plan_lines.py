"""A plan as lines of text, and the lines as a plan: each keeps its row and its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

# A position is a line of the imported page; from here on it is none: what was added here, in its
# order, at the end of where it belongs.
ADDED_FROM: Final = 1_000_000

# Behind every key that a row has.
_LAST_KEY: Final = 10**15
_MARK: Final = re.compile(r"\A(?:[-*•·]\s+|[（(]?\d{1,2}[.、)）]\s*(?!\d)|[①-⑳]\s*)")


def as_text(items: Iterable[str]) -> str:
    """One line an item; the further lines of an item are indented below it."""
    return "\n".join(item.replace("\n", "\n  ") for item in items)


def read(text: str, known_items: Iterable[str] = ()) -> list[str]:
    """The items that the lines mean, in their order.

    An indented line goes on with the item above. Numbers and bullets before a line are not its
    words, unless it is one of ``known_items``: those stay as they are.
    """
    items: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        if items and line.startswith(("  ", "\t")):
            below = line[1:] if line.startswith("\t") else line[2:]
            items[-1] += f"\n{below.rstrip()}"
        else:
            items.append(line.strip())
    as_they_are = set(known_items)
    return [item if item in as_they_are else _MARK.sub("", item, count=1) or item for item in items]


def matched(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new item the place of the old one that it is, or ``None``.

    The same words are the same item wherever they stand; what was changed between two of those is
    the item that stood there.
    """
    free: dict[str, list[int]] = {}
    for at, words in enumerate(old):
        free.setdefault(words, []).append(at)
    matches = [free[words].pop(0) if free.get(words) else None for words in new]
    left = {at for places in free.values() for at in places}
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag != "replace":
            continue
        before = [at for at in range(from_old, to_old) if at in left]
        after = [at for at in range(from_new, to_new) if matches[at] is None]
        for old_at, new_at in zip(before, after, strict=False):
            matches[new_at] = old_at
    return matches


def placed(order: Sequence[tuple[int, int] | None], taken: Collection[int] = ()) -> list[int]:
    """A position for each item of the order, so that they sort as they stand here.

    A kept item is its (position, key), a new one ``None``; its key will come after all others.
    Positions stay as they are where that is possible: on an imported page they are its lines.
    None of those that are ``taken`` is given.
    """
    kept_positions = [position for position, _ in filter(None, order)]
    for slots in (kept_positions, sorted(kept_positions)):
        filled = _filled(order, slots)
        keys = [item[1] if item else _LAST_KEY + at for at, item in enumerate(order)]
        rows = list(zip(filled, keys, strict=True))
        if all(a < b for a, b in pairwise(rows)) and not set(taken).intersection(filled):
            return filled
    return [ADDED_FROM + at for at in range(len(order))]


def _filled(order: Sequence[tuple[int, int] | None], slots: Sequence[int]) -> list[int]:
    """The kept items in the slots, in turn; a new one has the place of the item before it."""
    waiting = list(slots)
    last = _before(slots[0]) if slots else ADDED_FROM
    filled = []
    for item in order:
        if item is not None:
            last = waiting.pop(0)
        elif not waiting and slots and last >= ADDED_FROM:
            last += 1
        filled.append(last)
    return filled


def _before(position: int) -> int:
    """The line above; 0 and the first of those that were added here have none."""
    return position if position in (0, ADDED_FROM) else position - 1

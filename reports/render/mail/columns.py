"""Text for a window of fixed letters: a Chinese sign takes two columns, and lines break by rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

WIDTH: Final = 72
# What may begin no line, and what may end none.
_CLOSING: Final = "、，。．：；！？）」』》】〉…·%,.:;!?)]}"
_OPENING: Final = "（「『《【〈([{"
# A run of signs that are broken nowhere, with the blanks before it; or one wide sign.
_PIECE: Final = re.compile(
    r"[ \t]*(?:[^\s\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]+|\S)"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


# Mostly asked of a single sign.
@lru_cache(maxsize=8192)
def columns(text: str) -> int:
    """How many columns the text takes."""
    return len(text) if text.isascii() else sum(map(_of, text))


def _of(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def clean(text: str) -> str:
    """Without control characters, which a mail program may do anything with."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", "    "))


def wrapped(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """One paragraph in lines of at most ``width`` columns, after ``first`` and then ``rest``.

    An address stays whole, however long it is.
    """
    rest = first if rest is None else rest
    lines, line, taken, is_empty = [], first, columns(first), True
    for piece in _pieces(clean(text)):
        added = piece.lstrip() if is_empty else piece
        wide = columns(added)
        if is_empty or taken + wide <= width:
            line += added
        else:
            lines.append(line.rstrip())
            added = piece.lstrip()
            wide = columns(added)
            line, taken = rest + added, columns(rest)
        taken += wide
        is_empty = False
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What is broken nowhere: words, and signs together with the marks that belong to them."""
    held = ""
    for piece in _PIECE.findall(text):
        if held and piece[0] in _CLOSING:
            held += piece
            continue
        if held and held[-1] not in _OPENING:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def ruled(sign: str = "-") -> str:
    return sign * WIDTH


def spread(left: str, right: str, width: int = WIDTH) -> list[str]:
    """Both on one line, at its two ends; on two where they do not fit."""
    gap = width - columns(left) - columns(right)
    if not right:
        return [left]
    return [f"{left}{' ' * gap}{right}"] if gap >= 2 else [left, f"  {right}"]


def table(rows: list[list[str]]) -> list[str]:
    """Columns side by side; where they are too wide together, each row in lines of its own."""
    widths = [max(columns(row[n]) for row in rows) for n in range(len(rows[0]))]
    if sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        return [
            line for row in rows[1:] for line in wrapped("  ".join(filter(None, row)), "", "  ")
        ]
    return [
        "  ".join(
            cell + " " * (wide - columns(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]

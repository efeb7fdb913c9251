"""A text cut into lines and clauses, so that every word is judged by its own surroundings.

A clause ends at a comma, a full stop, a bracketed title or a colon; what stands before a colon
opens the clause after it (二手收银台：签中下单页预计6月25日上线). Readers look at no more than a
bounded window within a clause, which keeps them linear whatever the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from projects.prose import lazy

# A colon within a time of day (12:03) and a full stop within a number separate nothing, nor does
# the stop of an abbreviated month (Jul. 23).
# Looked at first at every place: which characters a separator begins with.
_SEPARATOR: Final = lazy.compile(
    r"(?=[\n\r。;!?…0-9.,:|\t 】【①-⑳])(?:"
    r"[\n\r]+|[。;!?…]+|(?<=[%)] )[2-9](?:\. |[)、])(?=[A-Za-z\u4e00-\u9fff])|"
    r"(?<=[A-Za-z0-9)%])(?<![A-Z][a-z][a-z])\.(?=[ \n]|\Z)|,"
    r"|(?<![0-9]):(?!//)|(?<=[0-9]):(?![0-5][0-9](?![0-9%月/.年]))|[|\t]+| {2,}| [•·] |"
    r"(?<![0-9]) / | / "
    r"(?![0-9])|[】【]|[0-9]\u20e3|[①-⑳])"
)
_LINE_END: Final = lazy.compile("\n")
_GROUPED: Final = lazy.compile(r"[0-9]{3}(?![0-9])")
# - 1. 2、 （3） # > ☐ and mixtures of them, at the start of a line.
_LIST_MARK: Final = lazy.compile(
    r"(?: {1,40}|[-+•·●○■□◆☐☑✓✔>#]{1,6}|\[[ xX]\]|[0-9]{1,3}[.)、](?![0-9])|"
    r"\([0-9一二三四五六七八九十]{1,3}\)"
    r"|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])|[①-⑳]|[0-9]\u20e3){1,8}"
)
_OPENING: Final = frozenset(":|\t】 /")

#: How far around a number a reader looks: within its clause, within its row.
WINDOW: Final = 60
ROW: Final = 160


@dataclass(slots=True)
class Clause:
    """A stretch of the text; ``opener`` and ``head`` are stretches too, (0, 0) when there is none.

    ``opener`` is what a colon right before the clause ends (整体进度：85%), ``head`` what opened
    the line (二手收银台：…，PC端7月初上线).
    """

    start: int
    end: int
    opener: tuple[int, int] = (0, 0)
    head: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Page:
    """A text that is being read: as it is, folded to the same length, and cut into clauses."""

    text: str
    folded: str
    clauses: Sequence[Clause]
    names: frozenset[str] = frozenset()  # that the caller knows, folded and in small letters

    @cached_property
    def _starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]

    def clause_at(self, position: int) -> Clause:
        """The clause that holds ``position``, or the last one before it."""
        return self.clauses[max(0, bisect_right(self._starts, position) - 1)]

    def line_start(self, position: int) -> int:
        """Where the line of ``position`` begins."""
        starts = self._line_starts
        return starts[bisect_right(starts, position) - 1] if len(starts) > 1 else 0

    @cached_property
    def _line_starts(self) -> list[int]:
        if "\n" not in self.folded:
            return [0]
        return [0, *(match.end() for match in _LINE_END.finditer(self.folded))]

    def line(self, position: int) -> tuple[int, int]:
        """Where the line of ``position`` begins and ends; no more than ``ROW`` to either side."""
        start = self.line_start(position)
        end = self.folded.find("\n", position, position + ROW)
        return max(start, position - ROW), end if end >= 0 else min(
            len(self.folded), position + ROW
        )

    def clause_before(self, position: int) -> Clause | None:
        """The clause before the one that holds ``position``."""
        place = max(0, bisect_right(self._starts, position) - 1)
        return self.clauses[place - 1] if place else None

    def clause_after(self, position: int) -> Clause | None:
        """The clause after the one that holds ``position``."""
        place = max(1, bisect_right(self._starts, position))
        return self.clauses[place] if place < len(self.clauses) else None

    def before(self, position: int, floor: int = 0) -> int:
        """Where the words before ``position`` begin: its clause, ``floor`` or the window."""
        return min(position, max(self.clause_at(position).start, floor, position - WINDOW))

    def after(self, position: int, clause: Clause, ceiling: int) -> int:
        """Where the words after ``position`` end: the clause, ``ceiling`` or the window."""
        return max(position, min(clause.end, ceiling, position + WINDOW))


def cut(text: str, folded: str, names: frozenset[str] = frozenset()) -> Page:
    """Cut ``text`` into clauses; ``folded`` is the same text folded, character for character."""
    clauses: list[Clause] = []
    head = opener = (0, 0)
    start = _after_list_mark(folded, 0)
    for separator in _SEPARATOR.finditer(folded):
        at = separator.start()
        if at < start or _is_within_number(text, folded, at):
            continue
        clauses.append(Clause(start, at, opener, head))
        sign = folded[at]
        start_of_next = separator.end()
        if sign in "\r\n":
            head = opener = (0, 0)
            start_of_next = _after_list_mark(folded, start_of_next)
        elif sign in _OPENING:
            # 云闪付广州：：计划… has an empty clause between its colons; the opener stays.
            opener = (max(start, at - WINDOW), at) if folded[start:at].strip() else opener
            head = opener if head == (0, 0) else head
        else:
            opener = (0, 0)
        start = start_of_next
    clauses.append(Clause(start, len(folded), opener, head))
    return Page(text, folded, clauses, names)


def _after_list_mark(folded: str, position: int) -> int:
    mark = _LIST_MARK.match(folded, position)
    return mark.end() if mark else position


def _is_within_number(text: str, folded: str, at: int) -> bool:
    """1,234 is one number; a full-width comma always separates."""
    return (
        folded[at] == ","
        and text[at] == ","
        and at > 0
        and folded[at - 1].isdigit()
        and _GROUPED.match(folded, at + 1) is not None
    )

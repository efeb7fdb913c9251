"""The words around an amount, as the rules and the model of roles look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from projects.prose.clauses import Page
from projects.prose.percents.amount import Amount
from projects.prose.percents.words import CONNECTED

#: The words between a label and its number are short; looking further back costs time.
_LONGEST_TAIL: Final = 24


@dataclass(frozen=True, slots=True)
class Around:
    """The words around an amount: all before it, those without connectors, and after it."""

    start: int
    before: str
    core: str
    after: str
    opener: str
    head_start: int
    head: str
    previous: str  # the clause before
    follows_progress: bool  # the line tells of progress already


def around_amount(page: Page, amount: Amount, floor: int, *, follows: bool) -> Around:
    """What stands around ``amount``; ``floor`` is where the amount before it ends."""
    clause = page.clause_at(amount.start)
    start = page.before(amount.start, floor)
    if start == clause.start and not page.folded[start : amount.start].strip(" (\"'"):
        start = max(clause.opener[0], floor) if clause.opener[1] else start
    before = page.folded[start : amount.start]
    tail = CONNECTED.search(before, max(0, len(before) - _LONGEST_TAIL))
    end = page.after(amount.end, page.clause_at(amount.end), len(page.folded))
    previous = page.clause_before(amount.start)
    return Around(
        start=start,
        before=before,
        core=before[: tail.start()] if tail else before,
        after=page.folded[amount.end : end],
        opener=page.folded[slice(*clause.opener)],
        head_start=clause.head[0],
        head=page.folded[slice(*clause.head)],
        previous=page.folded[previous.start : previous.end][-60:] if previous else "",
        follows_progress=follows,
    )

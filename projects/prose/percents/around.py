"""The words around an amount, as the rules and the model of roles look at them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from projects.prose import lazy
from projects.prose.cells import heading
from projects.prose.clauses import Page
from projects.prose.percents.amount import Amount
from projects.prose.percents.words import CONNECTED

#: The words between a label and its number are short; looking further back costs time.
_LONGEST_TAIL: Final = 24
#: Who does it, or how it stands, between a name and its amount: 变频器替代（老周负责）75%.
_REMARK: Final = lazy.compile(
    r"(?<=\S) ?\((?:[^()%]{0,12}(?:负责人?|牵头|主责|跟进|owner|lead)[^()%]{0,12}|[^()%]{0,6}中|"
    r"P[0-3]|延期|滞后|[有高中低]?风险|暂停|[本上]周|@[^()%]{1,12})\)? ?\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Around:
    """The words around an amount: all before it, those without connectors, and after it."""

    start: int
    before: str
    core: str
    after: str
    opener: str
    head_start: int
    head: str
    previous: str  # the clause before in the line
    follows_progress: bool  # the line tells of progress already


def around_amount(page: Page, amount: Amount, floor: int, *, follows: bool) -> Around:
    """What stands around ``amount``; ``floor`` is where the amount before it ends."""
    clause = page.clause_at(amount.start)
    start = page.before(amount.start, floor)
    if start == clause.start and not page.folded[start : amount.start].strip(" (\"'"):
        start = max(clause.opener[0], floor) if clause.opener[1] else start
    before = page.folded[start : amount.start]
    tail = CONNECTED.search(before, max(0, len(before) - _LONGEST_TAIL))
    core = before[: tail.start()] if tail else before
    remark = _REMARK.search(core)
    end = page.after(amount.end, page.clause_at(amount.end), len(page.folded))
    opener = page.folded[slice(*clause.opener)]
    if title := heading(page, amount.start):
        opener = f"{opener} {title}"
    previous = page.clause_before(amount.start)
    is_of_line = previous is not None and previous.start >= page.line_start(amount.start)
    return Around(
        start=start,
        before=before,
        core=core[: remark.start()] if remark else core,
        after=page.folded[amount.end : end],
        opener=opener,
        head_start=clause.head[0],
        head=page.folded[slice(*clause.head)],
        previous=page.folded[previous.start : previous.end][-60:]
        if previous and is_of_line
        else "",
        follows_progress=follows,
    )

"""What stands around a written date, and what that makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from projects.prose.clauses import Clause, Page
from projects.prose.dates.days import Written
from projects.prose.dates.words import TIME_OF_DAY
from projects.prose.mentions import DateKind, Rule


@dataclass(slots=True)
class Evidence:
    """What makes a written date a date of the work: its kind, its extent, what happens then."""

    kind: DateKind
    start: int
    end: int
    label: str = ""
    event_start: int = 0  # where the event after the date begins; 0 when there is none
    rule: Rule = Rule.UNCLEAR


@dataclass(slots=True)
class Surroundings:
    """The words before and after a written date within its clause."""

    page: Page
    clause: Clause
    written: Written
    before_start: int
    before: str
    after: str
    after_start: int
    is_timed: bool


def surroundings(
    page: Page, written: Written, floor: int, following: int | None, last: int
) -> Surroundings:
    """The words around a date; ``last`` is where the last of those ends that it is told with."""
    clause = page.clause_at(written.start)
    start = page.before(written.start, floor)
    timed = TIME_OF_DAY.match(page.folded, last, min(clause.end + 6, len(page.folded)))
    after_start = timed.end() if timed else last
    # A date may hold a comma (Jul 23, 2024), a time of day follows in the next clause.
    holds = clause if after_start <= clause.end else page.clause_at(after_start)
    end = page.after(after_start, holds, len(page.folded) if following is None else following)
    before = page.folded[start : written.start]
    if not before.strip(" (\"'") and clause.opener != (0, 0):
        start = max(clause.opener[0], clause.opener[1] - 40, floor)
        before = page.folded[start : written.start]
    return Surroundings(
        page, clause, written, start, before, page.folded[after_start:end], after_start, bool(timed)
    )

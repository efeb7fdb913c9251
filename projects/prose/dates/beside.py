"""What the clauses beside that of a date say of it, where its own says nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from projects.prose import lazy
from projects.prose.dates.around import Surroundings
from projects.prose.dates.words import WILL_BE_DONE
from projects.prose.mentions import Precision

#: English verbs and Chinese ones with what is done.
_ACT_BEHIND: Final = lazy.compile(
    r" ?: ?(?P<act>[\u4e00-\u9fff][^,。;:\n0-9]{2,16}|"
    r"(?!(?:the|a|an|our|no|all|public|bank|school|team|weekly|monthly|meet|call)(?![A-Za-z]))"
    r"[A-Za-z]{2,12} (?:the|a|an|our|all|both|new|out|over|up) [a-z][^,.;:\n0-9]{2,24})",
    re.IGNORECASE,
)
_THIS_WEEK: Final = lazy.compile("[本这]个?(?:周|星期|礼拜)")


def last_words(around: Surroundings) -> str:
    """The last words of the clause before the date's."""
    earlier = around.page.clause_before(around.written.start)
    return around.page.folded[earlier.start : earlier.end][-20:] if earlier else ""


def under_a_day(around: Surroundings, week: date) -> str:
    """Mar 23: swap the UPS: what a day to come, the first words of its line, is the heading of."""
    page, end = around.page, around.after_start + len(around.after)
    line = page.line_start(around.written.start)
    opens = not page.folded[line : around.written.start].strip(" -•·")
    is_ahead = around.written.day > week + timedelta(days=6)
    act = _ACT_BEHIND.match(page.folded, end, end + 40) if opens and is_ahead else None
    return act["act"] if act else ""


def will_be_done_after(around: Surroundings) -> str:
    """也就是 2 月底，能把通风做好: the next clause, where it says what will be done."""
    end = around.after_start + len(around.after)
    will = WILL_BE_DONE.match(around.page.folded, end, end + 20)
    return will[1] if will else around.after


def ends_its_line(around: Surroundings) -> bool:
    """Whether the date is all of its clause, the last of its line, and not the first."""
    page, start = around.page, around.page.line_start(around.written.start)
    rest = page.folded[around.after_start : around.after_start + 4].split("\n")[0]
    before = page.folded[max(start, around.written.start - 2) : around.written.start]
    is_last = not rest.strip(" 】).。;!")
    return is_last and before.rstrip().endswith((",", "【")) and not around.before.strip()


def is_aside(around: Surroundings) -> bool:
    """（已开通新增租约，存量租约本周内完成）: a remark on the week itself is no milestone."""
    start = around.page.line(around.written.start)[0]
    line = around.page.folded[start : around.written.start]
    is_week = around.written.precision is Precision.WEEK
    return (
        is_week
        and _THIS_WEEK.match(around.page.folded, around.written.start) is not None
        and (line.rfind("(") > line.rfind(")"))
    )

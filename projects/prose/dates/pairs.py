"""Two dates that belong together: a range, a day told twice, a move from one to the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from projects.prose.dates.days import Shape, Written

_RANGE: Final = re.compile(r" ?(?:-{1,2}|~{1,2}|至|到|to|and|through) ?")
_ARROW: Final = re.compile(r" ?(?:→|-{1,2}>|=>|>{2}) ?")
#: What is done to a date that moves, and by how much.
_MOVING: Final = (
    r"(?:延期|推迟|顺延|延后|延迟|推后|后推|后移|后延|宽限|放宽|变更?|调整?|修改|提前|前移|"
    r"改[期签]?|推|延|"
    r"拖|滑|挪|移|拉|顺)(?:了|后)?(?:[一二两三四五六七八九十0-9半]{1,3}个?(?:天|周|星期|月|"
    r"工作日))?"
)
_MOVE: Final = re.compile(
    rf"[^,。;:\n0-9]{{0,14}}?{_MOVING}(?:到|至|为|成|在) ?"
    r"| (?:slipped|slides|moved|postponed|delayed|pushed|extended|shifted|brought forward)"
    r"(?: back| out)? to ",
    re.IGNORECASE,
)
#: 由 1 月 20 日改 2 月 3 日: between the two, where 由 stands before the first.
_MOVE_FROM: Final = re.compile(rf" ?{_MOVING}(?:到|至|为|成|在)? ?")
_FROM: Final = re.compile(r"[由从自] ?\Z")
#: 11 月 25 日（原 11 月 18 日）提测
_ORIGINAL: Final = re.compile(
    r" ?\((?:原(?:定|计划|来|为|先|是)?|was|previously|originally)[ :为是]{0,2}", re.IGNORECASE
)
_MOVED_FROM: Final = re.compile(
    r"(?:延期|推迟|顺延|延后|调整|变更)(?:由|从|自) ?\Z"
    r"|(?:slip(?:s|ped|ping)?|slid(?:es?|ing)?|mov(?:e[ds]?|ing)|postponed|delayed|pushed|"
    r"rescheduled|brought "
    r"forward|pulled (?:in|forward)|extended|"
    r"shift(?:s|ed)?|changed|revised|goes|went)(?: back| out| up| in| forward)? from (?:the )?\Z",
    re.IGNORECASE,
)


_MOVES: Final = re.compile(
    r"(?:改期|延期|调整|变更|顺延|推迟|改到|rescheduled|moved|slipped|delayed)[: ]*\Z",
    re.IGNORECASE,
)


def one_date(folded: str, first: Written, second: Written) -> Written | None:
    """What both dates are together; ``None`` where they are two."""
    return _same_day(folded, first, second) or _joined(folded, first, second)


_BESIDE: Final = re.compile(r" ?[(,]? ?")
_RELATIVE: Final = re.compile(
    r"(?:上上|下下|[上本这下])?个?(?:周|星期|礼拜)|next|last|this|coming|on|by", re.IGNORECASE
)


def _same_day(folded: str, first: Written, second: Written) -> Written | None:
    """6月25日（周二） and 下周一（6月24日） are one date: the one that names month and day."""
    if not _BESIDE.fullmatch(folded, first.end, second.start):
        return None
    relative = [
        _RELATIVE.match(folded, written.start, written.end) is not None
        for written in (first, second)
    ]
    if relative == [False, True]:
        return replace(first, end=_closed(folded, second.end))
    if relative == [True, False]:
        return replace(second, start=first.start, end=_closed(folded, second.end))
    return None


def _closed(folded: str, end: int) -> int:
    return end + 1 if folded[end : end + 1] == ")" else end


def _joined(folded: str, first: Written, second: Written) -> Written | None:
    """Two dates that are one: a range, or a move from the first to the second."""
    if second.start - first.end > 30:
        return None
    between = folded[first.end : second.start]
    is_range = _RANGE.fullmatch(between) is not None
    if _ARROW.fullmatch(between):
        # 2.1 → 2.2 are versions more likely than days
        is_plain = second.shape is not Shape.DOTTED or min(first.day.day, second.day.day) > 9
        is_moved = is_plain and first.shape is second.shape is not Shape.COMPACT
        return replace(second, start=first.start, before=first.day, is_moved=is_moved)
    if _ORIGINAL.fullmatch(between) and folded[second.end : second.end + 1] == ")":
        return replace(first, end=second.end + 1, before=second.day)
    if _is_moved(folded, first, between):
        return replace(second, start=first.start, before=first.day, is_moved=True)
    if is_range and first.shape is second.shape and first.day <= second.day:
        return replace(second, start=first.start, is_range=True)
    return None


def _is_moved(folded: str, first: Written, between: str) -> bool:
    """Whether the words say so: 推迟到 between the dates, 由 or slipped from before the first."""
    begin = max(0, first.start - 24)
    if _FROM.search(folded, begin, first.start) and _MOVE_FROM.fullmatch(between):
        return True
    is_told = _MOVES.search(folded, begin, first.start) or _MOVED_FROM.search(
        folded, begin, first.start
    )
    is_range = _RANGE.fullmatch(between) is not None
    return _MOVE.fullmatch(between) is not None or (is_range and is_told is not None)


#: 方案 6/28，样机 7/12，小批 8/2
_LISTED: Final = re.compile(r" ?[,、;] ?[\u4e00-\u9fff]{2,6}[: ]{0,2}")
_FIRST_LISTED: Final = re.compile(r"[\u4e00-\u9fff]{2}[: ]{0,2}\Z")
_LEAST_LISTED: Final = 3


def days_of_a_list(folded: str, dates: Sequence[Written], week: date) -> set[int]:
    """The places of days that stand in a list, each behind a name and later than the one before."""
    listed: set[int] = set()
    run: list[int] = []
    for place, written in enumerate(dates):
        last = dates[run[-1]] if run else None
        is_day = written.shape is Shape.SLASHED and written.day >= week
        follows = last is not None and (
            last.day < written.day
            and last.day.day != written.day.day  # 3/9 and 5/9 are shares
            and _LISTED.fullmatch(folded, last.end, written.start) is not None
        )
        opens = _FIRST_LISTED.search(folded, max(0, written.start - 8), written.start) is not None
        run = [*run, place] if is_day and follows else [place] if is_day and opens else []
        if len(run) >= _LEAST_LISTED:
            listed.update(run)
    return listed

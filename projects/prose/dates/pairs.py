"""Two dates that belong together: a range, a day told twice, a move from one to the other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from projects.prose import lazy
from projects.prose.dates.days import Shape, Written

_RANGE: Final = lazy.compile(r" ?(?:-{1,2}|~{1,2}|至|到|to|through) ?")
_BETWEEN: Final = lazy.compile(r"(?<![A-Za-z])between (?:the )?\Z", re.IGNORECASE)
_ARROW: Final = lazy.compile(r" ?(?:→|-{1,2}>|=>|>{2}) ?")
#: What is done to a date that moves, and by how much.
_MOVING: Final = (
    r"(?:延期|推迟|顺延|延后|延迟|推后|后推|后移|后延|宽限|放宽|变更?|调整?|修改|提前|前移|"
    r"改[期签]?|推|延|"
    r"拖|滑|挪|移|拉|顺|压|换)(?:了|后)?(?:[一二两三四五六七八九十0-9半]{1,3}个?(?:天|周|星期|月|"
    r"工作日))?"
)
_MOVE: Final = lazy.compile(
    rf"[^,。;:\n0-9]{{0,14}}?{_MOVING}(?:到|至|为|成|在) ?"
    r"| (?:slipped|slides|slid|moved|postponed|delayed|pushed|extended|shifted|brought|pulled)"
    r"(?: back| out| in| forward| up)? to ",
    re.IGNORECASE,
)
#: 11.15 改 11.29: nothing else between the two.
_SHORT_MOVE: Final = lazy.compile(r" ?(?:改[约定期签]?|延|推|挪|调|顺延|推迟|延期|提前) ?")
#: 由 1 月 20 日改 2 月 3 日: between the two, where 由 stands before the first.
_MOVE_FROM: Final = lazy.compile(rf" ?{_MOVING}(?:到|至|为|成|在)? ?")
_FROM: Final = lazy.compile(r"[由从自] ?\Z")
#: 原 5/15 现 5/29
_WAS: Final = lazy.compile(r"(?<![草高平中复还])原(?:定|计划|本|来|先)?[ :为是在]{0,2}\Z")
_IS_NOW: Final = lazy.compile(
    r"[ ,;、/]{1,3}(?:[现新今][在定改为是计划预排延推到至: ]{0,5}|改[为到成]? ?)"
)
#: 不是 6 月 24 日，是 7 月 1 日
_NOT_THAT: Final = lazy.compile(r"(?:不是|并非|(?<![A-Za-z])not)(?: on)? ?\Z", re.IGNORECASE)
_BUT_THIS: Final = lazy.compile(r" ?[,;] ?(?:而?是|but)(?: on)? ?", re.IGNORECASE)
#: What only days do, and no counts: slipped from 5/8 to 6/8.
_SLIPS: Final = lazy.compile(
    r"推迟|延|改期|顺|拖|提前|slip|slid|postpone|delay|push|reschedul|brought|pulled", re.IGNORECASE
)
#: 11 月 25 日（原 11 月 18 日）提测
_ORIGINAL: Final = lazy.compile(
    r" ?\((?:原(?:定|计划|来|为|先|是)?|was|previously|originally)[ :为是]{0,2}", re.IGNORECASE
)
#: What is moved stands between the verb and its dates: slipped the go-live from May 4.
_MOVED_FROM: Final = lazy.compile(
    r"(?:延期|推迟|顺延|延后|调整|变更)(?:由|从|自) ?\Z"
    r"|(?:slip(?:s|ped|ping)?|slid(?:es?|ing)?|mov(?:e[ds]?|ing)|postponed|delayed|pushed|"
    r"rescheduled|brought "
    r"forward|pulled (?:in|forward)|extended|"
    r"shift(?:s|ed)?|changed|revised|goes|went)"
    r"(?: back| out| up| in| forward| (?:the|our|its) [a-z -]{2,24})? from (?:the )?\Z",
    re.IGNORECASE,
)


_MOVES: Final = lazy.compile(
    r"(?:改期|延期|调整|变更|顺延|推迟|改到|rescheduled|moved|slipped|delayed)[: ]*\Z",
    re.IGNORECASE,
)


def one_date(folded: str, first: Written, second: Written) -> Written | None:
    """What both dates are together; ``None`` where they are two."""
    return _same_day(folded, first, second) or _joined(folded, first, second)


_BESIDE: Final = lazy.compile(r" ?[(,]? ?")
_RELATIVE: Final = lazy.compile(
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
    between, begin = folded[first.end : second.start], max(0, first.start - 48)
    is_range = _RANGE.fullmatch(between) is not None or (
        between == " and " and _BETWEEN.search(folded, begin, first.start) is not None
    )
    if _ARROW.fullmatch(between):
        # 2.1 → 2.2 are versions more likely than days
        is_plain = second.shape is not Shape.DOTTED or min(first.day.day, second.day.day) > 9
        is_moved = is_plain and first.shape is second.shape is not Shape.COMPACT
        return replace(second, start=first.start, before=first.day, is_moved=is_moved)
    if _ORIGINAL.fullmatch(between) and folded[second.end : second.end + 1] == ")":
        return replace(first, end=second.end + 1, before=second.day)
    # from 2/8 to 6/8
    may_be_days = not _are_of_one_whole(first, second) or _SLIPS.search(folded, begin, second.start)
    if may_be_days and _is_moved(folded, first, between, begin):
        return replace(second, start=first.start, before=first.day, is_moved=True)
    if may_be_days and is_range and first.shape is second.shape and first.day <= second.day:
        return replace(second, start=first.start, is_range=True)
    return None


def _are_of_one_whole(first: Written, second: Written) -> bool:
    """Whether 2/8 and 6/8 may be two counts of eight things."""
    return (
        first.shape is second.shape is Shape.SLASHED
        and first.day.day == second.day.day
        and first.day.month < second.day.month <= second.day.day
    )


def _is_moved(folded: str, first: Written, between: str, begin: int) -> bool:
    """Whether the words say so: 推迟到 between the dates, 由 or slipped from before the first."""
    for second_is, first_is in ((_IS_NOW, _WAS), (_BUT_THIS, _NOT_THAT)):
        if second_is.fullmatch(between) and first_is.search(folded, begin, first.start):
            return True
    if _FROM.search(folded, begin, first.start) and _MOVE_FROM.fullmatch(between):
        return True
    if _SHORT_MOVE.fullmatch(between):
        return True
    is_told = _MOVES.search(folded, begin, first.start) or _MOVED_FROM.search(
        folded, begin, first.start
    )
    is_range = _RANGE.fullmatch(between) is not None
    return _MOVE.fullmatch(between) is not None or (is_range and is_told is not None)

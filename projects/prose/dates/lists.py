"""Days that only their list speaks for: 初验 6/18，终验 7/16, and 5/14、5/21、5/28."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from projects.prose import lazy
from projects.prose.dates.days import Shape, Written
from projects.prose.dates.words import SLASHED_THINGS
from projects.prose.mentions import Precision
from projects.prose.words import EVENT

_NAME: Final = (
    r"(?:(?![改延推拖挪])[\u4e00-\u9fff]{2,6}|"
    r"(?!now|mov|slip|push|delay|postpon|resched|revis|instead)[A-Za-z]{2,14}"
    r"(?: [A-Za-z]{3,14})?)[: ]{0,2}"
)
#: 方案 6/28，样机 7/12，小批 8/2
_NAMED: Final = lazy.compile(rf" ?(?:[,、;/和及]|,? and ) ?(?P<name>{_NAME})")
_BARE: Final = lazy.compile(r" ?(?:[,、/和及与&]|,? and ) ?")
_TOGETHER: Final = lazy.compile(r" ?(?:[、和及与&]|,? and) ?")
_HAPPENS: Final = lazy.compile(
    rf"(?:{EVENT}|(?<![A-Za-z])(?:alpha|beta|GA|RC|demo|freeze|go|review|draft|final)|"
    rf"[试考核审评会展验测标训演讲稿样产货线赛])[: ]*\Z",
    re.IGNORECASE,
)
_LEAST_LISTED: Final = 3
_LONGEST_NAME: Final = 16
_LONGEST_PAUSE: Final = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Lists:
    """The dates of a text with what they say of each other."""

    dates: Sequence[Written]
    days: frozenset[int]  # the places of those that their list alone makes days
    shares: frozenset[int]  # of those that their list makes counts
    last_of_its_kind: Sequence[int]  # 5月18日、5月25日各培训一场: for each the last of those

    @classmethod
    def of(cls, folded: str, dates: Sequence[Written], week: date) -> Lists:
        last = list(range(len(dates)))
        for place in reversed(range(len(dates) - 1)):
            if _is_told_with(folded, dates[place], dates[place + 1]):
                last[place] = last[place + 1]
        days, shares = _days(folded, dates, week), _shares(folded, dates)
        return cls(dates, frozenset(days), frozenset(shares), last)

    def is_with_the_last(self, place: int) -> bool:
        """Whether what is said of the date before is said of this one too."""
        return place > 0 and self.last_of_its_kind[place - 1] > place - 1


def _days(folded: str, dates: Sequence[Written], week: date) -> set[int]:
    """The places of days that stand in a list, each later than the one before.

    Two of them may be counts like any other pair (接口 5/12，页面 5/18): they are days where
    something happens on them, or where they can be no counts (6/2 is more than the whole).
    """
    listed: set[int] = set()
    for run in _runs(folded, dates, week):
        if len(run) >= _LEAST_LISTED or _are_days(folded, [dates[place] for place in run]):
            listed.update(run)
    return listed


def _runs(folded: str, dates: Sequence[Written], week: date) -> Iterator[list[int]]:
    """Runs of two or more slashed days, one after the other in time and in one list."""
    run: list[int] = []
    for place, written in enumerate(dates):
        is_day = written.shape is Shape.SLASHED and written.day >= week
        is_day = is_day and SLASHED_THINGS.match(folded, written.end) is None
        if is_day and run and _follows(folded, dates[run[-1]], written):
            run.append(place)
            continue
        if len(run) > 1:
            yield run
        run = [place] if is_day and not written.before else []
    if len(run) > 1:
        yield run


def _follows(folded: str, last: Written, written: Written) -> bool:
    return (
        last.day < written.day <= last.day + _LONGEST_PAUSE
        and last.day.day != written.day.day  # 3/9 and 5/9 are shares
        and any(form.fullmatch(folded, last.end, written.start) for form in (_NAMED, _BARE))
    )


def _are_days(folded: str, run: Sequence[Written]) -> bool:
    """Whether a pair is no pair of counts: 培训 6/2，考核 6/9, and 6/6、6/13 两个周末."""
    first, second = run
    if any(written.day.month >= written.day.day for written in run):
        return True
    if _BARE.fullmatch(folded, first.end, second.start):
        return first.day.month == second.day.month
    names = folded[max(0, first.start - _LONGEST_NAME) : first.start]
    return any(map(_HAPPENS.search, (names, folded[first.end : second.start])))


def _is_told_with(folded: str, first: Written, second: Written) -> bool:
    is_day = first.precision is second.precision is Precision.DAY
    return is_day and _TOGETHER.fullmatch(folded, first.end, second.start) is not None


def _shares(folded: str, dates: Sequence[Written]) -> set[int]:
    """The places of slashed numbers of one whole that do not rise: 巡检 5/9，整改 2/9."""
    shares: set[int] = set()
    for place, (first, second) in enumerate(pairwise(dates)):
        is_whole = (
            first.shape is second.shape is Shape.SLASHED
            and first.day.day == second.day.day >= first.day.month >= second.day.month
        )
        if is_whole and _NAMED.fullmatch(folded, first.end, second.start):
            shares.update((place, place + 1))
    return shares

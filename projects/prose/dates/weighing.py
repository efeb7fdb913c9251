"""The second opinion on each written date: a linear model on what stands around it.

The rules know words of plan and of what happens; of another trade's sentence they miss one day in
eight. The model has learnt from labelled sentences how days of the work are told and how others
are. A day that no rule knows is one of the work where the words around it are those of such days;
one that a rule takes for such a day is none where they speak clearly against it. ``dates.bin``
holds one byte for each hashed feature; tests/projects/prose/training makes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from projects.prose import lazy
from projects.prose.clauses import Clause, Page
from projects.prose.dates import ahead, moved, words
from projects.prose.dates.around import Surroundings, surroundings
from projects.prose.dates.days import Shape, Written
from projects.prose.dates.lists import Lists
from projects.prose.hashed import SCALE, bucket, pairs, tokens
from projects.prose.hashed import weights as weights_in
from projects.prose.mentions import Rule
from projects.prose.words import EVENT

DATES: Final = Path(__file__).with_name("dates.bin")

#: From here on a day that no rule knows is one of the work; a slashed one may be a count, a dotted
#: one a version.
_LEAST: Final = 0.75
_LEAST_UNCLEAR: Final = {Shape.SLASHED: 2.0, Shape.DOTTED: 1.25}
#: Below these a day is none, whatever the rule says: the fewer words it asks for, the sooner.
_LEAST_RULED: Final = {Rule.AHEAD: -0.5, Rule.EVENT: -1.0}
_LEAST_PLANNED: Final = -1.5
#: Nobody saw a sentence in which these were wrong.
SETTLED: Final = frozenset({Rule.MOVED, Rule.ROW})

_MASK: Final = "§"
_BLANK: Final = "\x00"  # the rest of a masked date
#: Up to how many days after its week's Monday a date lies: long ago, last week, next week …
_NEARNESS: Final = (-120, -30, -7, 0, 3, 7, 14, 31, 93)
_EVENT: Final = lazy.compile(EVENT, re.IGNORECASE)
_TOLD: Final = lazy.compile("[了过已]")
_NUMBERS: Final = lazy.compile("0(?: 0)*")


class _Words(NamedTuple):
    """The words around a date, without their places; every other date in them is masked."""

    before: str
    after: str
    nearest_before: str  # as far as the date before
    nearest_after: str  # as far as the next date
    previous: str  # the clause before, in the same line
    following: str
    opener: str
    signs: str  # what parts the clause from those beside it
    dates: int


class Weights:
    """How much the words around each date of a text speak for a date of the work."""

    def __init__(self, page: Page, lists: Lists, week: date) -> None:
        self._page, self._lists, self._week = page, lists, week
        self._masked = _masked(page.folded, lists.dates)

    def speak_for(self, place: int, rule: Rule | None) -> bool:
        """Whether the rule and the words together make the date one of the work."""
        shape = self._lists.dates[place].shape
        if rule is None and shape is Shape.COMPACT:
            return False  # 617 is a date only beside a word that says so
        if rule is None:
            return self.of(place) > _LEAST_UNCLEAR.get(shape, _LEAST)
        return self.of(place) > _LEAST_RULED.get(rule, _LEAST_PLANNED)

    def of(self, place: int) -> float:
        """Above 0: more like the dates of the work; below: like the others."""
        steps = weights()
        beside, near, of_date = self._of_place(place)
        of_words = weight_of_words(beside, near, self._lists.dates[place].shape)
        return (steps[0] + sum(steps[bucket(each)] for each in of_date) + of_words) / SCALE

    def features(self, place: int) -> list[int]:
        """The buckets of what stands around the date at ``place``, none of them 0."""
        beside, near, of_date = self._of_place(place)
        return [*map(bucket, of_date), *_of_words(beside, near, self._lists.dates[place].shape)]

    def _of_place(self, place: int) -> tuple[_Words, str, list[str]]:
        dates, last = self._lists.dates, self._lists.last_of_its_kind[place]
        written = dates[place]
        around = surroundings(self._page, written, 0, None, dates[last].end)
        near = f"k{sum((written.day - self._week).days >= limit for limit in _NEARNESS)}"
        of_date = _of_date(written, near, self._page.folded, is_timed=around.is_timed)
        return self._words(around, place, last), near, of_date

    def _words(self, around: Surroundings, place: int, last: int) -> _Words:
        page, dates, clause = self._page, self._lists.dates, around.clause
        start, end = around.written.start, around.after_start + len(around.after)
        floor = max(around.before_start, dates[place - 1].end if place else 0)
        ceiling = min(end, dates[last + 1].start) if last + 1 < len(dates) else end
        line = page.line(start)
        return _Words(
            self._cut(around.before_start, start),
            self._cut(around.after_start, end),
            page.folded[floor:start],
            page.folded[around.after_start : ceiling],
            self._beside(page.clause_before(start), line),
            self._beside(page.clause_after(start), line),
            page.folded[slice(*clause.opener)][-40:] + " " + page.folded[slice(*clause.head)][-40:],
            page.folded[max(0, clause.start - 1) : clause.start]
            + "_"
            + page.folded[clause.end : clause.end + 1],
            min(len(dates), 4),
        )

    def _beside(self, clause: Clause | None, line: tuple[int, int]) -> str:
        if clause is None or not line[0] <= clause.start < line[1]:
            return ""
        return self._cut(clause.start, min(clause.end, line[1]))

    def _cut(self, start: int, end: int) -> str:
        return self._masked[start:end].replace(_BLANK, "")


def _masked(folded: str, dates: Sequence[Written]) -> str:
    """The text with one sign for each date, at the same places."""
    ends = [0, *(written.end for written in dates)]
    starts = [*(written.start for written in dates), len(folded)]
    masks = (_MASK + _BLANK * (written.end - written.start - 1) for written in dates)
    between = (folded[end:start] for end, start in zip(ends, starts, strict=True))
    return "".join(chain.from_iterable(zip(between, [*masks, ""], strict=True)))


def _of_date(written: Written, near: str, folded: str, *, is_timed: bool) -> list[str]:
    shape, precision = written.shape.name, written.precision.name
    return [
        shape,
        precision,
        near,
        shape + near,
        precision + near,
        f"range{written.is_range}{near}",
        f"limit{written.is_limit}",
        f"moved{written.is_moved}",
        f"year{written.has_year}",
        f"timed{is_timed}",
        f"timed{is_timed}{near}",
        _form(folded[written.start : written.end]),
    ]


@lru_cache(maxsize=1024)
def _form(written: str) -> str:
    """How the date is written: 0 月 0 日."""
    return "form" + _NUMBERS.sub("0", " ".join(tokens(written)))[:14]


@lru_cache(maxsize=2048)
def weight_of_words(beside: _Words, near: str, shape: Shape) -> int:
    """Remembered: from week to week the days change, and the words around them stay."""
    plain, weight, crossed = _of_words_alone(beside)
    return weight + sum(map(weights().__getitem__, _crossed(crossed, near, shape) - plain))


def _of_words(beside: _Words, near: str, shape: Shape) -> frozenset[int]:
    plain, _, crossed = _of_words_alone(beside)
    return plain | _crossed(crossed, near, shape)


def _crossed(features: Sequence[str], near: str, shape: Shape) -> set[int]:
    """What says more together with how near the day is, and how it is written."""
    return {bucket(with_it + feature) for with_it in (near, shape.name) for feature in features}


@lru_cache(maxsize=2048)
def _of_words_alone(beside: _Words) -> tuple[frozenset[int], int, tuple[str, ...]]:
    """The buckets of the words, what they weigh, and the features to be crossed."""
    before, after = tokens(beside.before)[-14:], tokens(beside.after)[:12]
    following = tokens(beside.following)[:10]
    signs = _signs(beside)
    names = [f"b{place}{token}" for place, token in enumerate(before[:-4:-1])]
    names += [f"a{place}{token}" for place, token in enumerate(after[:4])]
    names += ["w" + token for token in before]
    names += ["x" + token for token in after]
    names += pairs("ww", before) + pairs("xx", after)
    names += pairs("p", tokens(beside.previous)[-10:]) + pairs("n", following)
    names += pairs("o", tokens(beside.opener)[-12:]) + pairs("signs", signs)
    first, last = f"first{not before}", f"last{not after}"
    names += [
        "B2" + " ".join(before[-2:]),
        "B3" + " ".join(before[-3:]),
        "A2" + " ".join(after[:2]),
        "A3" + " ".join(after[:3]),
        "N2" + "".join(following[:2]),
        "between" + beside.signs,
        f"dates{beside.dates}",
        first,
        last,
    ]
    crossed = ["y" + token for token in after[:6]] + ["v" + token for token in before[-4:]]
    crossed += [first + last, *signs]
    plain = frozenset(map(bucket, names + signs))
    return plain, sum(map(weights().__getitem__, plain)), tuple(crossed)


#: Patterns of the rules, by the words that they are looked for in.
_SEARCHED: Final = {
    "before": (
        words.PLAN_BESIDE,
        words.ANY_PLAN,
        words.LIMIT_BESIDE,
        words.PAST,
        words.AT_BESIDE,
        words.MOMENT_BESIDE,
        words.NUMBERED,
        words.ENDS,
        words.IF,
        words.FROZEN,
        words.HAPPENED,
        ahead.NOT_BEFORE,
        ahead.WAS_DONE,
        ahead.ACTUAL,
        moved.GIVEN_UP_BEFORE,
        moved.ORIGINALLY,
    ),
    "last": (_EVENT, _TOLD, words.NEGATED),
    "next": (_EVENT, _TOLD, ahead.DONE_MARK),
    "after": (words.DONE_BY, words.RATE_AFTER),
    "around": (ahead.HAPPENS_ANYWAY, ahead.THINGS),
    "previous": (_EVENT, ahead.ENDS_IN_WORK, ahead.DELAYED),
    "following": (_EVENT,),
}
#: Those that stand right after the date.
_MATCHED: Final = (
    words.EVENT_BESIDE,
    words.EVENT_WITHIN,
    words.BEFORE_IT,
    words.UNIT_AFTER,
    words.DATA,
    words.SPANS,
    words.GATHERED,
    words.SLASHED_THINGS,
    words.MUST,
    words.AFTERWARDS,
    words.COUNTED_SO_FAR,
    words.SINCE_THEN,
    ahead.WILL,
    ahead.NOT_AFTER,
    ahead.RESULT,
    ahead.ACT,
    ahead.SHORT_ACT,
    ahead.LABEL,
    ahead.RESULTS,
    ahead.FINISHED,
    ahead.VALUE_AFTER,
    moved.GIVEN_UP_AFTER,
)


def _signs(beside: _Words) -> list[str]:
    """Which patterns of the rules the words around a date match, always in one order."""
    before, after = beside.nearest_before, beside.nearest_after
    texts = {
        "before": before,
        "last": before[-12:],
        "next": after[:14],
        "after": after,
        "around": before[-20:] + after[:16],
        "previous": beside.previous[-20:],
        "following": beside.following[:12],
    }
    matched = [
        f"{where}{at}"
        for where, patterns in _SEARCHED.items()
        if (text := texts[where])
        for at, pattern in enumerate(patterns)
        if pattern.search(text)
    ]
    following = after + "," + beside.following[:28] if beside.following else after
    return matched + [f"then{at}" for at, sign in enumerate(_MATCHED) if sign.match(following)]


def weights() -> list[int]:
    """The weights, the bias first, in steps of their byte."""
    return weights_in(DATES)

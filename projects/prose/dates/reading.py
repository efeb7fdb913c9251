"""Which written dates are dates of the work: promised, kept or begun; and of what.

A date says so by the words around it: a word of plan before it (预计7月23日), what happens on it
(7月初上线), the name of a moment (上线时间：7月23日) or a limit (8月31日前). The less plainly a
number is a date (617, 11.30), the closer that word must stand. A date without any such word is
history or belongs to some data (10月份累计转账), and is left alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from projects.prose import lazy
from projects.prose.cells import row_name
from projects.prose.clauses import Page
from projects.prose.dates import moved
from projects.prose.dates.around import Evidence, Surroundings, surroundings
from projects.prose.dates.days import Shape, Written
from projects.prose.dates.evidence import (
    evidence_of,
    is_beside_done,
    is_refused,
    listed_day,
    worded,
)
from projects.prose.dates.forms import written_dates
from projects.prose.dates.lists import Lists
from projects.prose.dates.rows import HEADS_OTHER, column_of, kind_in_column
from projects.prose.dates.weighing import SETTLED, Weights
from projects.prose.dates.words import START
from projects.prose.mentions import DateKind, DateMention, Precision, Rule
from projects.prose.words import is_no_name, name_in, opens_a_subject

_PLAIN: Final = (Shape.NAMED, Shape.MONTH)
#: A promise this far back means the next year: 预计7月上线 said in January.
_LONG_AGO: Final = timedelta(days=120)


def read_dates(page: Page, week: date) -> tuple[list[DateMention], list[tuple[int, int]]]:
    """The dates of the work in the order of the text, and the stretches that dates stand in.

    A plan that was replaced (原定6月20日，延期至6月27日) is the ``before`` of the new one; one that
    was cancelled or missed is no date of the work.
    """
    if not (all_written := written_dates(page.folded, week)):
        return [], []
    mentions: list[DateMention] = []
    stretches: list[tuple[int, int]] = []
    replaced: DateMention | None = None  # the last date that the next one may replace
    floor = 0
    opinion = _Opinion(page, Lists.of(page.folded, all_written, week), week)
    for place, written in enumerate(all_written):
        following = all_written[place + 1].start if place + 1 < len(all_written) else None
        if replaced is not None and moved.is_remark_on(page, replaced, written.start):
            if mentions and mentions[-1] is replaced:
                mentions[-1] = replace(replaced, before=written.day)
            stretches.append((written.start, written.end))
            floor, replaced = written.end, None
            continue
        around, evidence = opinion.of(place, floor)
        if evidence is None:
            # A version or a count (1.2版本) is part of a name, a plain date is not.
            floor = written.end if written.shape in _PLAIN else floor
            continue
        mention = _mention(around, evidence, floor, week)
        stretches.append((written.start, written.end))
        floor = evidence.end
        if replaced is not None and moved.replaces(page, replaced, mention):
            mention = moved.moved_on(replaced, mention)
            mentions = [earlier for earlier in mentions if earlier is not replaced]
        replaced = mention if mention.kind is DateKind.DUE else None
        if not moved.is_given_up(page, mention, following):
            mentions.append(mention)
    return [mention for mention in mentions if not opinion.is_doubted(mention)], sorted(
        [*stretches, *opinion.stretches]
    )


class _Opinion:
    """What the rules say of each date of a text, and what its words say beside them."""

    def __init__(self, page: Page, lists: Lists, week: date) -> None:
        self._page, self._lists, self._week = page, lists, week
        self._weights = Weights(page, lists, week)
        self._last: Evidence | None = None  # what made the date before this one a date of the work
        self._doubted: set[int] = set()
        self.stretches: list[tuple[int, int]] = []  # of dates that are none of the work

    def of(self, place: int, floor: int) -> tuple[Surroundings, Evidence | None]:
        """The words around a date, and what they, the list it stands in or its row say of it."""
        lists = self._lists
        written, last = lists.dates[place], lists.last_of_its_kind[place]
        following = lists.dates[last + 1].start if last + 1 < len(lists.dates) else None
        around = surroundings(self._page, written, floor, following, lists.dates[last].end)
        evidence = None if place in lists.shares else self._weighed(around, place)
        if evidence is not None and last > place:
            evidence = replace(evidence, end=written.end, event_start=0)
        if evidence is None and self._last is not None and lists.is_with_the_last(place):
            evidence = replace(self._last, start=written.start, end=written.end)
        self._last = evidence
        return around, evidence

    def is_doubted(self, mention: DateMention) -> bool:
        """Whether the words speak against it; what another date was moved to is never doubted."""
        return mention.before is None and mention.start in self._doubted

    def _weighed(self, around: Surroundings, place: int) -> Evidence | None:
        """The evidence of the rules, or that of the words where they outweigh the rules."""
        heads = column_of(self._page, around.written)
        if heads is not None:
            return self._in_column(around.written, heads)
        refused = is_refused(around, self._week)
        evidence = None if refused else evidence_of(around, self._week)
        if evidence is None and place in self._lists.days:
            evidence = listed_day(around.written)
        if evidence is None:
            is_of_work = not refused and self._weights.speak_for(place, None)
            return worded(around, self._week) if is_of_work else None
        begins = evidence.kind is DateKind.START or START.match(evidence.label)
        is_old = "原" in around.before[-4:] and not around.after.strip()
        if begins or is_old or evidence.rule in SETTLED:
            return evidence  # what begins and what was replaced were not learnt
        if self._weights.speak_for(place, evidence.rule):
            return evidence
        is_past = around.written.day < self._week
        if around.written.shape is Shape.SLASHED and (is_past or is_beside_done(around)):
            return None  # it may be a count: 巡检跑完 4/12
        self._doubted.add(evidence.start)
        return evidence

    def _in_column(self, written: Written, heads: re.Pattern[str]) -> Evidence | None:
        if heads is HEADS_OTHER:
            self.stretches.append((written.start, written.end))  # no count either
            return None
        kind = kind_in_column(self._page, written, heads, self._week)
        return Evidence(kind, written.start, written.end, rule=Rule.ROW)


def _mention(around: Surroundings, evidence: Evidence, floor: int, week: date) -> DateMention:
    page, written = around.page, around.written
    return DateMention(
        start=evidence.start,
        end=evidence.end,
        text=page.text[evidence.start : evidence.end],
        date=promised(written, week) if evidence.kind is DateKind.DUE else written.day,
        precision=written.precision,
        kind=evidence.kind,
        label=evidence.label,
        subject=_subject(around, evidence, floor),
        before=written.before,
        rule=evidence.rule,
    )


def promised(written: Written, week: date) -> date:
    """The date, moved to the next year where a promise without a year would lie long ago."""
    if written.has_year or written.day >= week - _LONG_AGO:
        return written.day
    year, month, day = written.day.year + 1, written.day.month, written.day.day
    if (written.day + timedelta(days=1)).day == 1 and written.precision is not Precision.DAY:
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, day) if (month, day) != (2, 29) else written.day


def _subject(around: Surroundings, evidence: Evidence, floor: int) -> str:
    """What the date is of: before it, between it and what happens, after that, or the opener."""
    page, clause = around.page, around.clause
    if evidence.rule is Rule.ROW and (name := _plain_name(page, *row_name(page, evidence.start))):
        return name
    start = max(page.clause_at(evidence.start).start, floor, evidence.start - 60)
    candidates = [(start, evidence.start)]
    if evidence.event_start:
        acted_on = _OBJECT.match(page.folded, evidence.end, max(clause.end, evidence.end))
        after_event = acted_on.end() if acted_on else evidence.end
        candidates += [(around.after_start, evidence.event_start), (evidence.end, after_event)]
    for first, last in candidates:
        if name := _plain_name(page, first, last):
            return name
    for first, last in (page.clause_at(evidence.start).opener, clause.head):
        if last > first and last <= evidence.start and opens_a_subject(page.folded[first:last]):
            return name_in(page.text, page.folded, first, last)
    return ""


#: 5月30日前履约初审 is about 履约, 前端提测 about 前端.
_BEFORE: Final = lazy.compile(r"\A前(?![端台置期后沿])(?:把|必须|务必|力争|争取)?")
_OBJECT: Final = lazy.compile(r"(?:(?![0-9]{1,2} ?[月/.])[^,。;、()\n]){1,24}")
_WORDS_OF_TIME: Final = lazy.compile(
    r"因.*|由于.*|有.*|存在.*|.*(?:slipped|moved|postponed|delayed|pushed) from|为了.*|(?:自|"
    r"从|于|在|[之以]?前|后|左右|内|正式|全部|完整|顺利|整体|同步|"
    r"完成|[的之]?(?:计划|安排|时间)?不变|照旧|为准|需要?|可以?|会|能|上午|下午|晚|we|it|will)+ ?",
    re.IGNORECASE,
)


def _plain_name(page: Page, start: int, end: int) -> str:
    name = _BEFORE.sub("", name_in(page.text, page.folded, start, end))
    return "" if _WORDS_OF_TIME.fullmatch(name) or is_no_name(name) else name

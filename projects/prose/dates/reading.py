"""Which written dates are dates of the work: promised, kept or begun; and of what.

A date says so by the words around it: a word of plan before it (预计7月23日), what happens on it
(7月初上线), the name of a moment (上线时间：7月23日) or a limit (8月31日前). The less plainly a
number is a date (617, 11.30), the closer that word must stand. A date without any such word is
history or belongs to some data (10月份累计转账), and is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from projects.prose.clauses import Clause, Page
from projects.prose.dates import moved
from projects.prose.dates.days import Shape
from projects.prose.dates.forms import Written, written_dates
from projects.prose.dates.words import (
    ANY_PLAN,
    AT_BESIDE,
    BEFORE_IT,
    BEGINS,
    COUNT_AFTER,
    COUNTED_AFTER,
    COUNTED_SO_FAR,
    DATA,
    DONE_BY,
    EVENT_BESIDE,
    EVENT_NAMED,
    EVENT_WITHIN,
    LIMIT_BESIDE,
    MOMENT_BESIDE,
    NEGATED,
    NUMBERED,
    PAST,
    PLAN_BESIDE,
    START,
    TIME_OF_DAY,
    UNIT_AFTER,
)
from projects.prose.mentions import DateKind, DateMention, Precision
from projects.prose.words import is_no_name, last_match, name_in, opens_a_subject

_PLAIN: Final = (Shape.NAMED, Shape.MONTH)
#: How many days may lie between the first and the last day that is meant.
_LENGTH: Final = {
    Precision.DAY: 0,
    Precision.WEEK: 6,
    Precision.PART: 9,
    Precision.MONTH: 30,
    Precision.QUARTER: 91,
}
#: A promise this far back means the next year: 预计7月上线 said in January.
_LONG_AGO: Final = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What makes a written date a date of the work: its kind, its extent, what happens then."""

    kind: DateKind
    start: int
    end: int
    label: str = ""
    event_start: int = 0  # where the event after the date begins; 0 when there is none


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The words before and after a written date within its clause."""

    page: Page
    clause: Clause
    written: Written
    before_start: int
    before: str
    after: str
    after_start: int
    is_timed: bool


def read_dates(page: Page, week: date) -> tuple[list[DateMention], list[tuple[int, int]]]:
    """The dates of the work in the order of the text, and the stretches that dates stand in.

    A plan that was replaced (原定6月20日，延期至6月27日) is the ``before`` of the new one; one that
    was cancelled or missed is no date of the work.
    """
    all_written = written_dates(page.folded, week)
    mentions: list[DateMention] = []
    stretches: list[tuple[int, int]] = []
    replaced: DateMention | None = None  # the last date that the next one may replace
    floor = 0
    for place, written in enumerate(all_written):
        following = all_written[place + 1].start if place + 1 < len(all_written) else None
        around = _surroundings(page, written, floor, following)
        evidence = _evidence(around, week)
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
    return mentions, stretches


def _surroundings(page: Page, written: Written, floor: int, following: int | None) -> _Surroundings:
    clause = page.clause_at(written.start)
    start = page.before(written.start, floor)
    timed = TIME_OF_DAY.match(page.folded, written.end, min(clause.end + 6, len(page.folded)))
    after_start = timed.end() if timed else written.end
    # A date may hold a comma (Jul 23, 2024), a time of day follows in the next clause.
    last = clause if after_start <= clause.end else page.clause_at(after_start)
    end = page.after(after_start, last, len(page.folded) if following is None else following)
    before = page.folded[start : written.start]
    if not before.strip(" (\"'") and clause.opener != (0, 0):
        start = max(clause.opener[0], clause.opener[1] - 40, floor)
        before = page.folded[start : written.start]
    return _Surroundings(
        page, clause, written, start, before, page.folded[after_start:end], after_start, bool(timed)
    )


def _evidence(around: _Surroundings, week: date) -> _Evidence | None:
    if _is_no_date(around):
        return None
    plan = _plan_before(around)
    moment = _moment_before(around)
    has_cue = plan or moment or AT_BESIDE.search(around.before)
    if around.is_timed and not has_cue:
        return None  # 6/18 12:03 is when something happened, not when it is due
    event = None if moment else _event_after(around, has_plan=plan is not None)
    limit = BEFORE_IT.match(around.after)
    is_of_work = plan or moment or event or limit or around.written.is_moved or _is_cell(around)
    if not is_of_work:
        return None
    if _is_as_of(around, event):
        return None
    return _weighed(around, week, (plan, moment, event, limit))


type _Signs = tuple[
    re.Match[str] | None, re.Match[str] | None, re.Match[str] | None, re.Match[str] | None
]


def _weighed(around: _Surroundings, week: date, signs: _Signs) -> _Evidence | None:
    plan, moment, event, limit = signs
    written = around.written
    start, end = written.start, max(written.end, around.after_start if around.is_timed else 0)
    label, event_start = "", 0
    if moment is not None:
        start, label = around.before_start + moment.start(), moment["event"]
    if plan is not None and written.start - (around.before_start + plan.start()) <= 16:
        start = min(start, around.before_start + plan.start())
    beside = AT_BESIDE.search(around.before)
    if beside and plan is None and moment is None:
        start = around.before_start + beside.start()
    if limit is not None:
        end = around.after_start + limit.end()
    if event is not None:
        end = around.after_start + event.end("event")
        event_start = around.after_start + event.start("event")
        label = event["event"]
    if not label and plan is not None:
        named = last_match(EVENT_NAMED, around.before[-24:])
        label = named["event"] if named else ""
    kind = _kind(around, week, signs)
    return _Evidence(kind, start, end, _label(label), event_start)


def _is_cell(around: _Surroundings) -> bool:
    """A date alone in a cell of a row that tells how far something is: 退款\t80%\t6月28日."""
    page, clause = around.page, around.clause
    cell = page.folded[clause.start : clause.end].strip()
    if clause.head == (0, 0) or len(cell) > 12 or around.written.shape is Shape.COMPACT:
        return False
    if cell != page.folded[around.written.start : around.written.end]:
        return False
    row_start = page.folded.rfind("\n", 0, clause.start) + 1
    row = page.folded[max(row_start, clause.start - 120) : clause.end + 60].split("\n")[0]
    return ("\t" in row or "|" in row) and "%" in row


def _is_no_date(around: _Surroundings) -> bool:
    """What the shape leaves open and the words next to it settle: counts, versions, data."""
    shape, before, after = around.written.shape, around.before, around.after
    if around.written.is_moved and shape in (Shape.NAMED, Shape.SLASHED):
        return False
    if shape in (Shape.COMPACT, Shape.DOTTED):
        return bool(UNIT_AFTER.match(after) or NUMBERED.search(before))
    if shape is Shape.SLASHED:
        return bool(re.match(r" ?(?:[个项条笔次家户套]|小时|[=≈%])", after))
    return bool(DATA.match(after)) and not PLAN_BESIDE.search(before)


def _plan_before(around: _Surroundings) -> re.Match[str] | None:
    """The word of plan that governs the date: the last one, unless a word of the past is later."""
    beside = PLAN_BESIDE.search(around.before)
    if beside is not None:
        return beside
    if around.written.shape in (Shape.COMPACT, Shape.DOTTED, Shape.MONTH):
        return None
    last = last_match(ANY_PLAN, around.before)
    past = PAST.search(around.before, last.end()) if last else None
    return None if past else last


def _moment_before(around: _Surroundings) -> re.Match[str] | None:
    """上线时间：7月23日, 提测 6/25: what happens stands before the date."""
    match = MOMENT_BESIDE.search(around.before)
    if match is None or match["moment"]:
        return match
    follows = around.after.strip(" )\"'」左右前后")
    if follows and not re.match(r"[(、/;+&]|前|之前", follows):
        return None
    # 完成 203 and 完成 8/18 count what was done.
    counts = around.written.shape in (Shape.COMPACT, Shape.SLASHED)
    is_done = re.search(r"完成|完\Z", match["event"]) is not None
    return None if counts and is_done else match


def _event_after(around: _Surroundings, *, has_plan: bool) -> re.Match[str] | None:
    """What happens on the date: right after it or, for a plain date, a few words later."""
    shape = around.written.shape
    if shape is Shape.DOTTED and not has_plan and not _has_two_digit_day(around):
        return None  # 贝易转1.1上线 is a version
    beside = EVENT_BESIDE.match(around.after)
    if shape is Shape.MONTH and not has_plan and (beside is None or _is_vague(around, beside)):
        return None
    looks_further = has_plan or shape in (Shape.NAMED, Shape.SLASHED)
    if beside is not None or looks_further or LIMIT_BESIDE.search(around.before):
        return beside or EVENT_WITHIN.match(around.after)
    follows_at = shape is Shape.COMPACT and AT_BESIDE.search(around.before)
    return EVENT_WITHIN.match(around.after) if follows_at else None


def _is_vague(around: _Surroundings, event: re.Match[str]) -> bool:
    """6月完成 3 家 counts what was done in a month, and "May launch" may be no month at all."""
    is_english = around.page.folded[around.written.end - 1].isascii()
    is_quarter = around.written.precision is Precision.QUARTER
    return COUNT_AFTER.match(around.after, event.end()) is not None or (
        is_english and not is_quarter
    )


def _has_two_digit_day(around: _Surroundings) -> bool:
    written = around.page.folded[around.written.start : around.written.end]
    return re.search(r"[1-9][0-9]\Z", written) is not None and not re.search(
        r"[A-Za-z] ?\Z", around.before
    )


def _is_as_of(around: _Surroundings, event: re.Match[str] | None) -> bool:
    """截至6/18，异常资金全部追回: the day of a count, not a date of the work."""
    limit = LIMIT_BESIDE.search(around.before)
    if limit is None or "日期" in limit[0] or "时间" in limit[0]:
        return False
    following = around.page.folded[around.after_start : around.after_start + 16]
    if COUNTED_SO_FAR.match(following):
        return True
    return (event is None and "截至" in limit[0]) or bool(COUNTED_AFTER.search(around.after))


def _kind(around: _Surroundings, week: date, signs: _Signs) -> DateKind:
    plan, moment, event, limit = signs
    day, sunday = around.written.day, week + timedelta(days=6)
    happening = event["event"] if event else ""
    is_limit = LIMIT_BESIDE.search(around.before) is not None
    if around.written.is_moved or (plan is not None and not is_limit):
        begins = BEGINS.match(happening) is not None and not around.written.is_moved
        return DateKind.START if begins else DateKind.DUE
    if is_limit:
        return DateKind.DONE if day <= sunday and DONE_BY.search(around.after) else DateKind.DUE
    is_whole_week = around.written.precision is Precision.WEEK and day >= sunday
    is_ahead = is_whole_week and not PAST.search(around.before)  # 本周内完成
    if limit is not None or is_ahead or NEGATED.search(around.before[-8:]):
        return DateKind.DUE
    if START.match(happening):
        return DateKind.START
    is_past = bool(
        PAST.search(around.before)
        or AT_BESIDE.search(around.before)
        or DONE_BY.search(around.after[: event.end() + 2] if event else "")
        or (moment and moment["event"].lower().endswith("ed"))  # released on Feb 5
    )
    has_begun = day - timedelta(days=_LENGTH[around.written.precision]) < sunday
    if (day <= sunday and is_past) or (has_begun and around.after.lstrip().startswith("已")):
        return DateKind.DONE
    return DateKind.DONE if day < week else DateKind.DUE


def _label(event: str) -> str:
    """What happens, without a 完成 beside it: 完成验收 and 验收完成 are both 验收."""
    bare = event.replace("完成", "").strip(" 、和及与并+/&")
    return bare or event.strip()


def _mention(around: _Surroundings, evidence: _Evidence, floor: int, week: date) -> DateMention:
    page, written = around.page, around.written
    return DateMention(
        start=evidence.start,
        end=evidence.end,
        text=page.text[evidence.start : evidence.end],
        date=_promised(around, evidence.kind, week),
        precision=written.precision,
        kind=evidence.kind,
        label=evidence.label,
        subject=_subject(around, evidence, floor),
        before=written.before,
    )


def _promised(around: _Surroundings, kind: DateKind, week: date) -> date:
    """The date, moved to the next year where a promise without a year would lie long ago."""
    written = around.written
    if kind is not DateKind.DUE or written.has_year or written.day >= week - _LONG_AGO:
        return written.day
    year, month, day = written.day.year + 1, written.day.month, written.day.day
    if (written.day + timedelta(days=1)).day == 1 and written.precision is not Precision.DAY:
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, day) if (month, day) != (2, 29) else written.day


def _subject(around: _Surroundings, evidence: _Evidence, floor: int) -> str:
    """What the date is of: before it, between it and what happens, after that, or the opener."""
    page, clause = around.page, around.clause
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


_OBJECT: Final = re.compile(r"(?:(?![0-9]{1,2} ?[月/.])[^,。;、()\n]){1,24}")
_WORDS_OF_TIME: Final = re.compile(
    r"因.*|由于.*|有.*|存在.*|.*(?:slipped|moved|postponed|delayed|pushed) from|为了.*|(?:自|"
    r"从|于|在|[之以]?前|后|左右|内|正式|全部|完整|顺利|整体|同步|"
    r"完成|需要?|可以?|会|能|上午|下午|晚|we|it|will)+ ?",
    re.IGNORECASE,
)


def _plain_name(page: Page, start: int, end: int) -> str:
    name = name_in(page.text, page.folded, start, end)
    return "" if _WORDS_OF_TIME.fullmatch(name) or is_no_name(name) else name

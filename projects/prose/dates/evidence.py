"""What makes a written date a date of the work: the words around it, and which kind it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from projects.prose import lazy
from projects.prose.dates.ahead import is_due_alone, kind_ahead, label_ahead, speaks_against
from projects.prose.dates.around import Evidence, Surroundings
from projects.prose.dates.beside import (
    ends_its_line,
    is_aside,
    last_words,
    under_a_day,
    will_be_done_after,
)
from projects.prose.dates.days import Shape, Written
from projects.prose.dates.rows import is_date_cell, is_of_done_work
from projects.prose.dates.words import (
    AFTERWARDS,
    ANY_PLAN,
    APPOINTED,
    AT_BESIDE,
    BEFORE_IT,
    BEGINS,
    BRACKET_BEFORE,
    COUNT_AFTER,
    COUNTED_AFTER,
    COUNTED_SO_FAR,
    DATA,
    DONE_BY,
    ENDS,
    EVENT_BESIDE,
    EVENT_NAMED,
    EVENT_WITHIN,
    FROZEN,
    GATHERED,
    GRANTED,
    HAPPENED,
    HAPPENS_AND_DATA,
    HELD,
    IF,
    LIMIT_BESIDE,
    MOMENT_BESIDE,
    MUST,
    NEGATED,
    NUMBERED,
    OF_DATA,
    PAST,
    PLAN_BESIDE,
    RATE_AFTER,
    RUNS_SINCE,
    SINCE_THEN,
    SLASHED_THINGS,
    SPANS,
    START,
    UNIT_AFTER,
    label_of,
)
from projects.prose.mentions import DateKind, Precision, Rule
from projects.prose.words import LASTS, last_match

#: How many days may lie between the first and the last day that is meant.
_LENGTH: Final = {
    Precision.DAY: 0,
    Precision.WEEK: 6,
    Precision.PART: 9,
    Precision.MONTH: 30,
    Precision.QUARTER: 91,
}
_BEGINS: Final = lazy.compile(r"(?<![A-Za-z])(?:begins?|starts?)(?: on)? \Z", re.IGNORECASE)
#: A slashed date further back is hardly one.
_FAR: Final = timedelta(days=30)
_FAR_AHEAD: Final = timedelta(days=100)
#: Within these days, a day that may be a share of some work is a day.
_SOON: Final = timedelta(days=21)
_ARRANGED: Final = ("约了", "定了", "订了", "排了", "请了")  # 11 月 26 日约了机构进场测
_ON_ARRIVAL: Final = lazy.compile(r"(?:到货|收货|交货|发货|开票|收[到票])后? ?\Z")  # 到货一周内付
_UNTIL: Final = lazy.compile(r"(?<![A-Za-z])(?<!need )(?<!needs )until \Z", re.IGNORECASE)
_DONE_ALONE: Final = lazy.compile(r" ?[已均都]?完成(?=[ ,。;)\n]|\Z)")
#: A day of one digit after a full stop is one of the next weeks, or a version.
_NEAR: Final = timedelta(days=50)


def is_refused(around: Surroundings, week: date) -> bool:
    """Whether its shape and the words next to it say that it is no date of the work."""
    return _is_no_date(around, week) or _is_far(around, week)


def worded(around: Surroundings, week: date) -> Evidence | None:
    """What is said of a date that no rule knows, and that the words around it speak for."""
    plan, moment = _plan_before(around), _moment_before(around)
    event = None if moment else _event_after(around, week, has_plan=plan is not None)
    is_count = around.written.shape is Shape.MONTH and COUNTED_AFTER.search(around.after)
    if plan is None and (is_aside(around) or _UNTIL.search(around.before)):
        return None  # crane booked until Friday
    if is_count or _is_as_of(around, event):
        return None
    if not (around.before + around.after).strip() and speaks_against(last_words(around), ""):
        return None  # 端午假期，7 月 1 日
    weighed = _weighed(around, week, (plan, moment, event, BEFORE_IT.match(around.after)))
    return replace(weighed, rule=Rule.WORDS)


def evidence_of(around: Surroundings, week: date) -> Evidence | None:
    """What makes a date that is not refused one of the work, by the rules."""
    plan = _plan_before(around)
    moment = _moment_before(around)
    has_cue = plan or moment or AT_BESIDE.search(around.before)
    if around.is_timed and not has_cue and not _is_appointed(around, week):
        return None  # 6/18 12:03 is when something happened, not when it is due
    is_span = around.written.precision in (Precision.MONTH, Precision.QUARTER)
    has_plan = plan is not None or (is_span and MUST.match(around.after) is not None)
    event = None if moment else _event_after(around, week, has_plan=has_plan)
    limit = BEFORE_IT.match(around.after)
    is_of_work = (
        plan
        or moment
        or event
        or limit
        or around.written.is_moved
        or is_date_cell(around.page, around.written)
    )
    if plan is None and is_aside(around):
        return None
    if not is_of_work:
        return _ahead(around, week)
    if _is_as_of(around, event):
        return None
    return _weighed(around, week, (plan, moment, event, limit))


def is_beside_done(around: Surroundings) -> bool:
    """Whether a word of what is done stands right before or after the date."""
    return DONE_BY.search(f"{around.before[-4:]},{around.after[:4]}") is not None


def listed_day(written: Written) -> Evidence:
    """A day that only the list it stands in speaks for."""
    return Evidence(DateKind.DUE, written.start, written.end, rule=Rule.MOMENT)


def _is_appointed(around: Surroundings, week: date) -> bool:
    """9 月 17 日 14:00 联合验收: a plain day from the middle of the week on, and what happens."""
    written = around.written
    is_ahead = written.shape is Shape.NAMED and written.day >= week + timedelta(days=2)
    return is_ahead and EVENT_WITHIN.match(around.after) is not None


def _ahead(around: Surroundings, week: date) -> Evidence | None:
    earlier = last_words(around)
    after = around.after
    if not after.strip(" 吧"):
        after = under_a_day(around, week) or will_be_done_after(around)
    kind = kind_ahead(around.written, around.before, after, week, earlier)
    if kind is None and ends_its_line(around) and is_due_alone(around.written, earlier, week):
        kind = DateKind.DUE
    if kind is None or _is_as_of(around, None):
        return None
    label, length = label_ahead(around.after)
    start, end = around.written.start, around.after_start + length if label else around.written.end
    event_start = end - len(label) if label else 0
    return Evidence(kind, start, end, label, event_start, Rule.AHEAD)


def _is_far(around: Surroundings, week: date) -> bool:
    """1/2 号线 in June: a slashed date this far back is a fraction unless it is planned or past.

    So is one as far ahead beside work of many pieces: 配电柜改造 8/9 in March.
    """
    is_old = week - around.written.day > _FAR
    is_count = around.written.day - week > _FAR_AHEAD and LASTS.search(around.before)
    return (
        bool(is_old or is_count)
        and around.written.shape is Shape.SLASHED
        and not (PLAN_BESIDE.search(around.before) or AT_BESIDE.search(around.before))
    )


type _Signs = tuple[
    re.Match[str] | None, re.Match[str] | None, re.Match[str] | None, re.Match[str] | None
]


def _weighed(around: Surroundings, week: date, signs: _Signs) -> Evidence:
    plan, moment, event, limit = signs
    written = around.written
    start, end = written.start, max(written.end, around.after_start if around.is_timed else 0)
    label, event_start = "", 0
    if moment is not None:
        start, label = around.before_start + moment.start(), moment["event"] or ""
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
    return Evidence(kind, start, end, label_of(label), event_start, _rule(around, signs))


def _rule(around: Surroundings, signs: _Signs) -> Rule:
    if around.written.is_moved:
        return Rule.MOVED
    rules = (Rule.PLAN, Rule.MOMENT, Rule.EVENT, Rule.LIMIT)
    return next((rule for rule, sign in zip(rules, signs, strict=True) if sign), Rule.ROW)


def _is_no_date(around: Surroundings, week: date) -> bool:
    """What the shape leaves open and the words next to it settle: counts, versions, data."""
    shape, before, after = around.written.shape, around.before, around.after
    if any(pattern.search(before) for pattern in (IF, ENDS, HELD)) or _passes(around):
        return True
    if _ON_ARRIVAL.search(before) and around.page.folded[around.written.end - 1] == "内":
        return True
    if around.written.is_moved and shape in (Shape.NAMED, Shape.SLASHED):
        return False
    if shape in (Shape.COMPACT, Shape.DOTTED):
        return bool(UNIT_AFTER.match(after) or NUMBERED.search(before))
    if shape is Shape.SLASHED:
        return SLASHED_THINGS.match(after) is not None or _is_share_done(around, week)
    is_day = around.written.precision is Precision.DAY
    is_of_data = DATA.match(after) is not None and not PLAN_BESIDE.search(before)
    is_of_data = is_of_data and not (is_day and HAPPENS_AND_DATA.match(after))
    return is_of_data or RATE_AFTER.search(after) is not None


def _is_share_done(around: Surroundings, week: date) -> bool:
    """4/5 完成 counts four of five, unless the day is near or a word of plan stands before it."""
    month, day = around.written.day.month, around.written.day.day
    is_share = month < day <= 12 and _DONE_ALONE.match(around.after) is not None
    is_near = week <= around.written.day < week + _SOON
    return is_share and not is_near and not PLAN_BESIDE.search(around.before)


def _passes(around: Surroundings) -> bool:
    """Whether something only goes on or is held then, or comes after the date."""
    is_span = around.written.is_range and bool(
        SPANS.match(around.after) or FROZEN.search(around.before)
    )
    is_held = GATHERED.match(around.after) and not APPOINTED.search(around.before)
    return is_span or bool(is_held or AFTERWARDS.match(around.after))


def _plan_before(around: Surroundings) -> re.Match[str] | None:
    """The word of plan that governs the date: the last one, unless a word of the past is later."""
    beside = PLAN_BESIDE.search(around.before)
    if beside is not None:
        return beside
    if around.written.shape in (Shape.COMPACT, Shape.DOTTED, Shape.MONTH):
        return None
    last = last_match(ANY_PLAN, around.before)
    past = PAST.search(around.before, last.end()) if last else None
    return None if past else last


def _moment_before(around: Surroundings) -> re.Match[str] | None:
    """上线时间：7月23日, 提测 6/25: what happens stands before the date."""
    match = MOMENT_BESIDE.search(around.before)
    if match is None or match["moment"] or match["other"]:
        return match
    follows = around.after.strip(" )\"'」左右前后")
    is_limit = BRACKET_BEFORE.match(around.after)  # 上线（12.20）前还要过一轮压测
    if follows and not is_limit and not re.match(r"[(、/;+&]|前|之前", follows):
        return None
    if around.written.shape is Shape.MONTH and GRANTED.search(match[0]):
        return None  # a bonus approved for Q3
    # 完成 203 and 完成 8/18 count what was done.
    counts = around.written.shape in (Shape.COMPACT, Shape.SLASHED)
    is_done = re.search(r"完成|完\Z", match["event"]) is not None
    return None if counts and is_done else match


def _event_after(around: Surroundings, week: date, *, has_plan: bool) -> re.Match[str] | None:
    """What happens on the date: right after it or, for a plain date, a few words later."""
    shape = around.written.shape
    if shape is Shape.DOTTED and not (
        has_plan
        or _has_two_digit_day(around)
        or _opens_a_report(around)
        or _opens_a_plan(around, week)
    ):
        return None  # 贝易转1.1上线 is a version
    beside = EVENT_BESIDE.match(around.after)
    if shape is Shape.MONTH and not has_plan and (beside is None or _is_vague(around, beside)):
        return None
    looks_further = has_plan or shape in (Shape.NAMED, Shape.SLASHED)
    if beside is not None or looks_further or LIMIT_BESIDE.search(around.before):
        return beside or EVENT_WITHIN.match(around.after)
    follows_at = shape is Shape.COMPACT and AT_BESIDE.search(around.before)
    return EVENT_WITHIN.match(around.after) if follows_at else None


def _is_vague(around: Surroundings, event: re.Match[str]) -> bool:
    """6月完成 3 家 counts what was done in a month, and "May launch" may be no month at all."""
    is_english = around.page.folded[around.written.end - 1].isascii()
    is_quarter = around.written.precision is Precision.QUARTER
    return COUNT_AFTER.match(around.after, event.end()) is not None or (
        is_english and not is_quarter
    )


def _opens_a_report(around: Surroundings) -> bool:
    """3.4 完成了首批设备进场, at the head of its clause."""
    done_after = r" ?(?:已|完成了|[\u4e00-\u9fff]{1,4}(?:完毕|完成|了))"
    return not around.before.strip() and re.match(done_after, around.after) is not None


def _opens_a_plan(around: Surroundings, week: date) -> bool:
    """7.5 交稿, at the head of its clause and in the weeks to come."""
    is_near = week <= around.written.day <= week + _NEAR
    return is_near and not around.before.strip() and EVENT_BESIDE.match(around.after) is not None


def _has_two_digit_day(around: Surroundings) -> bool:
    written = around.page.folded[around.written.start : around.written.end]
    return re.search(r"[1-9][0-9]\Z", written) is not None and not re.search(
        r"[A-Za-z] ?\Z", around.before
    )


def _is_as_of(around: Surroundings, event: re.Match[str] | None) -> bool:
    """截至6/18，异常资金全部追回: the day of a count, not a date of the work."""
    limit = LIMIT_BESIDE.search(around.before)
    if limit is None or "日期" in limit[0] or "时间" in limit[0]:
        return False
    following = around.page.folded[around.after_start : around.after_start + 16]
    if COUNTED_SO_FAR.match(following):
        return True
    if event is None and re.match(r" ?,[^,。;]{0,12}[0-9]", following):
        return True
    is_of_data = "截至" in limit[0] or OF_DATA.search(around.before[: limit.start()])
    return (event is None and bool(is_of_data)) or bool(COUNTED_AFTER.search(around.after))


def _kind(around: Surroundings, week: date, signs: _Signs) -> DateKind:
    plan, moment, event, limit = signs
    day, sunday = around.written.day, week + timedelta(days=6)
    happening = event["event"] if event else ((moment["event"] or "") if moment else "")
    is_opening = moment is not None and moment["moment"] and happening in ("开工", "进场")
    is_limit = LIMIT_BESIDE.search(around.before) is not None
    if around.written.is_moved or (plan is not None and not is_limit):
        begins = (is_opening or BEGINS.match(happening)) and not around.written.is_moved
        return DateKind.START if begins else DateKind.DUE
    if is_limit:
        return DateKind.DONE if day <= sunday and DONE_BY.search(around.after) else DateKind.DUE
    is_whole_week = around.written.precision is Precision.WEEK and day >= sunday
    is_ahead = is_whole_week and not PAST.search(around.before)  # 本周内完成
    is_missed = NEGATED.search(around.before[-8:]) or NEGATED.match(around.after.lstrip())
    if limit is not None or is_ahead or is_missed:
        return DateKind.DUE
    begins = _BEGINS.search(around.before) is not None  # the freeze begins Mar 27
    if is_opening or begins or START.match(happening) or SINCE_THEN.match(around.after):
        return DateKind.START
    is_past = bool(
        PAST.search(around.before)
        or AT_BESIDE.search(around.before)
        or _is_told_done(around, event, day >= week + timedelta(days=3))
        or (moment and (moment["event"] or "").lower().endswith("ed"))  # released on Feb 5
        or HAPPENED.search(around.before)
        or (event and RUNS_SINCE.match(around.page.folded, around.after_start + event.end()))
        or (not any(signs) and is_of_done_work(around.page, around.written))  # a cell beside 100%
    )
    has_begun = day - timedelta(days=_LENGTH[around.written.precision]) < sunday
    if (day <= sunday and is_past) or (has_begun and around.after.lstrip().startswith("已")):
        return DateKind.DONE
    return DateKind.DONE if day < week else DateKind.DUE


def _is_told_done(around: Surroundings, event: re.Match[str] | None, is_late: bool) -> bool:
    """11 月 19 日切换完成 is done; 21 日评审完, at the end of the week, is still to come."""
    if around.after.lstrip().startswith(_ARRANGED):
        return False
    words = around.after[: event.end() + 2] if event else ""
    if not is_late and words.lstrip().startswith(("正式", "顺利")):
        return True
    marks = [match[0] for match in DONE_BY.finditer(words)]
    return bool(marks) and not (is_late and marks == ["完"])

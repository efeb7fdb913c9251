"""Percentages: which are progress, and of what; the others are handed on as measured numbers.

The words nearest to the number decide. Words of progress (进度, 完成, a stage that it stands alone
after) make it progress: 识别率优化完成80%. A measured name (率, 占比, CPU) makes it a reading:
整体成功率99%. Beside any other name it is progress of that name when it stands alone there:
短信网关 60%. Targets, plans, steps of a release (灰度 5%), changes (提升28%) and shares of people
or money (20%的商户) are never progress.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from projects.prose.clauses import Page
from projects.prose.mentions import DateMention, Percent
from projects.prose.percents.amounts import DONE_TO, Amount, Form, amounts
from projects.prose.percents.judged import Judged, Sense
from projects.prose.percents.names import named
from projects.prose.percents.words import (
    AFTER_DONE,
    AFTER_STEP,
    ALONE,
    CHANGED,
    CONNECTED,
    EARLIER,
    LINK,
    MEASURED,
    NO_WORK,
    NOW,
    PLANNED,
    PLANNED_OPENER,
    PROGRESS,
    PROGRESS_OPENER,
    READ,
    SHARE_AFTER,
    STAGE,
    STEP,
    TARGET,
    WHOLE,
    WORK,
)

#: The words between a label and its number are short; looking further back costs time.
_LONGEST_TAIL: Final = 24
#: How far apart a value and the one before it may stand.
_LONGEST_LINK: Final = 24
_DONE_TO: Final = re.compile(DONE_TO, re.IGNORECASE)
#: Things that an amount is of, and what was done to them.
_OF_THINGS: Final = re.compile(
    r" ?(?:of )?(?:the |our |all )?(?P<name>[A-Za-z][A-Za-z -]{1,30}?) (?:is |are |was |were |"
    r"have been |has been )?"
    r"(?:now |already )?(?P<done>[a-z]+)(?![A-Za-z])|"
    r"的?(?P<things>[\u4e00-\u9fff]{1,8}?)(?P<done_cn>已?完成|已.{1,4})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Around:
    """The words around an amount: all before it, those without connectors, and after it."""

    start: int
    before: str
    core: str
    after: str
    opener: str
    head_start: int
    head: str


def judged_percents(
    page: Page, dates: Sequence[DateMention], stretches: Sequence[tuple[int, int]]
) -> list[Judged]:
    """Every amount with its sense; ``stretches`` are those that ``dates`` were read in."""
    judged: list[Judged] = []
    floor = 0
    for amount in amounts(page, stretches, LINK):
        percent = _judge(page, amount, floor)
        if percent is not None and judged and _continues_a_series(page, judged[-1], percent):
            percent = replace(percent, sense=Sense.READING)
        if percent is not None:
            judged.append(percent)
            floor = amount.end
    judged = _without_shares(page, _without_parts(page, _with_earlier(page, judged)))
    return named(page, judged, dates)


def _continues_a_series(page: Page, last: Judged, percent: Judged) -> bool:
    """识别率：身份证为97%，护照为86%: names alone after a measured number are measured, too."""
    if last.sense is not Sense.READING or percent.sense is not Sense.PROGRESS:
        return False
    is_named_only = percent.words[0] == percent.words[1] and percent.figure.form is Form.PERCENT
    between = page.folded[last.figure.end : percent.figure.start]
    is_work = WORK.search(page.folded[percent.name_start : percent.words[0]]) is not None
    is_now = NOW.fullmatch(between.strip(" ,;、")) is not None
    return (
        is_named_only and not is_work and not is_now and "\n" not in between and "。" not in between
    )


def progress(page: Page, judged: Sequence[Judged]) -> Iterator[Percent]:
    """The mentions of those that are progress."""
    for percent in judged:
        if percent.sense is not Sense.PROGRESS:
            continue
        amount = percent.figure
        numerator, denominator = amount.fraction or (None, None)
        yield Percent(
            start=amount.start,
            end=amount.end,
            text=page.text[amount.start : amount.end],
            value=amount.value,
            label=page.folded[slice(*percent.words)].strip(),
            subject=percent.name,
            before=amount.before,
            numerator=numerator,
            denominator=denominator,
        )


def _judge(page: Page, amount: Amount, floor: int) -> Judged | None:
    around = _around(page, amount, floor)
    words = _progress_words(around, amount.end)
    sense = _sense(page, amount, around, words)
    if amount.form is not Form.PERCENT and sense is not Sense.PROGRESS:
        return None
    core_end = around.start + len(around.core)
    if words is None and sense is Sense.PROGRESS:
        words = (core_end, core_end)
    return Judged(amount, sense, around.start, words or (around.start, core_end))


def _around(page: Page, amount: Amount, floor: int) -> _Around:
    clause = page.clause_at(amount.start)
    start = page.before(amount.start, floor)
    if start == clause.start and not page.folded[start : amount.start].strip(" (\"'"):
        start = max(clause.opener[0], floor) if clause.opener[1] else start
    before = page.folded[start : amount.start]
    tail = CONNECTED.search(before, max(0, len(before) - _LONGEST_TAIL))
    end = page.after(amount.end, page.clause_at(amount.end), len(page.folded))
    return _Around(
        start=start,
        before=before,
        core=before[: tail.start()] if tail else before,
        after=page.folded[amount.end : end],
        opener=page.folded[slice(*clause.opener)],
        head_start=clause.head[0],
        head=page.folded[slice(*clause.head)],
    )


def _progress_words(around: _Around, end: int) -> tuple[int, int] | None:
    """Where the words stand that make the number progress, if any do."""
    for pattern in (PROGRESS, WHOLE, STAGE):
        match = pattern.search(around.core)
        if match and (pattern is PROGRESS or ALONE.match(around.after)):
            return around.start + match.start(), around.start + match.end()
    if done := AFTER_DONE.match(around.after):
        first, last = done.span("word" if done["word"] else "latin")
        return end + first, end + last
    opener = PROGRESS_OPENER.search(around.head)
    if opener and not READ.search(around.core):
        return around.head_start + opener.start(), around.head_start + opener.end()
    return None


def _sense(page: Page, amount: Amount, around: _Around, words: tuple[int, int] | None) -> Sense:
    if amount.values > 2 or STEP.search(around.core) or AFTER_STEP.match(around.after):
        return Sense.STEP
    if TARGET.search(around.before) or _is_opened_by_a_plan(around):
        return Sense.TARGET
    if not 0 <= amount.value <= 100:
        return Sense.READING
    if words is None:
        is_progress = _is_beside_work(page, amount, around)
    elif amount.form is Form.FRACTION and words[0] < around.start:
        is_progress = amount.has_unit  # 进度：工行 6/25 is more likely a date that says too little
    else:
        is_progress = amount.before is not None or not CHANGED.search(around.before)
    if not is_progress:
        return Sense.TARGET if around.before.rstrip().endswith(tuple("≥≤><")) else Sense.READING
    return Sense.TARGET if PLANNED.search(around.before) else Sense.PROGRESS


def _is_opened_by_a_plan(around: _Around) -> bool:
    return any(PLANNED_OPENER.search(words) for words in (around.opener, around.head))


def _is_beside_work(page: Page, amount: Amount, around: _Around) -> bool:
    """Without words of progress: whether the amount stands alone beside the name of some work."""
    if amount.form is Form.COUNT:
        return not READ.search(around.core)
    if amount.before is None and CHANGED.search(around.before):
        return False
    if amount.form is not Form.PERCENT and _is_done_part(around):
        return True
    if SHARE_AFTER.match(around.after) or _is_measured(around):
        return False
    return _is_of_work(page, amount, around, is_work=WORK.search(around.core) is not None)


def _is_of_work(page: Page, amount: Amount, around: _Around, *, is_work: bool) -> bool:
    """``is_work``: the words before the amount end in a name of work."""
    if amount.is_remainder:
        return is_work or not around.core.strip()
    if amount.form is Form.WORDS and not amount.is_vague:
        return is_work
    if not ALONE.match(around.after) or MEASURED.match(around.after.lstrip(" )")):
        return False
    if amount.form is Form.FRACTION:
        return _is_no_date(amount, around, is_work=is_work)
    return is_work or _is_beside_a_name(page, amount, around)


def _is_beside_a_name(page: Page, amount: Amount, around: _Around) -> bool:
    """短信网关 60%, [40%] 商户标签平台; or 目前80%, of what its line spoke of before."""
    if amount.fraction and _DONE_TO.search(around.core[-12:]):
        return True
    if _opens_the_line_in_brackets(around):
        return True
    core = around.core.strip(" ([<-·•")
    if not core or NOW.fullmatch(core):
        return not amount.is_vague and _is_said_of_work(page, amount, around)
    return NO_WORK.search(core) is None


def _is_no_date(amount: Amount, around: _Around, *, is_work: bool) -> bool:
    """Whether a bare fraction is one: 贴标 6,500/10,000, 累计 12/20; but 评审 5/8 may be a day."""
    if not around.core.strip() and not around.before.strip():
        return False
    part, whole = amount.fraction or (0, 0)
    may_be_date = 1 <= part <= 12 and 1 <= whole <= 31
    is_counted = re.search(r"累计|共|合计|总计|已", around.before[-8:]) is not None
    if may_be_date or (part, whole) == (7, 24):
        return is_counted
    return is_counted or is_work or NO_WORK.search(around.core.strip()) is None


def _is_done_part(around: _Around) -> bool:
    """跑完 3/9, 12 of 20 stores converted, one third of the wiring is done."""
    if _is_measured(around):
        return False
    if _DONE_TO.search(around.before[-12:]):
        return True
    after = _OF_THINGS.match(around.after)
    if after is not None and MEASURED.search(after["name"] or after["things"] or ""):
        return False
    return after is not None and (
        after["done_cn"] is not None or _DONE_TO.match(after["done"] or "") is not None
    )


def _opens_the_line_in_brackets(around: _Around) -> bool:
    """[40%] 商户标签平台."""
    return (
        around.before.strip() in ("[", "(")
        and re.match(r" ?[\])] ?\S{2}", around.after) is not None
    )


def _is_measured(around: _Around) -> bool:
    """Whether the name beside the amount, or what opened the line, is something measured."""
    if WORK.search(around.core):
        return False
    return any(
        READ.search(words.rstrip()) or MEASURED.search(words)
        for words in (around.core, around.opener, around.head)
    )


def _is_said_of_work(page: Page, amount: Amount, around: _Around) -> bool:
    """目前80%, alone in its clause: progress unless what stands before it in the line is "
    "measured."""
    before = page.clause_before(amount.start)
    if before is None or "\n" in page.folded[before.end : amount.start]:
        rest = around.after.strip(" )]")
        return bool(around.before.strip(" ([")) or amount.before is not None or not rest
    words = page.folded[before.start : before.end][-60:]
    if READ.search(words) or MEASURED.search(words) or STEP.search(words.rstrip(" 0123456789%")):
        return WORK.search(words) is not None
    return bool(around.before.strip(" ([")) or not around.after.strip(" )]")


def _with_earlier(page: Page, judged: list[Judged]) -> list[Judged]:
    """上周70%，本周80% and 80%（上周70%）: the value before belongs to the progress beside it."""
    result: list[Judged] = []
    earlier: Judged | None = None
    for percent in judged:
        is_earlier = EARLIER.search(page.folded[percent.name_start : percent.figure.start])
        if is_earlier and percent.figure.before is None:
            if result and _is_remark_on(page, result[-1], percent):
                result[-1] = _preceded(result[-1], percent)
            else:
                earlier = percent
            continue
        is_next = earlier and percent.figure.start - earlier.figure.end <= _LONGEST_LINK
        if earlier and is_next and earlier.sense is Sense.PROGRESS:
            words = percent.words if percent.sense is Sense.PROGRESS else earlier.words
            now = replace(earlier, figure=percent.figure, words=words)
            result.append(_preceded(now, earlier))
        else:
            result.append(percent)
        earlier = None
    return result


def _is_remark_on(page: Page, progress: Judged, remark: Judged) -> bool:
    end, start = progress.figure.end, remark.figure.start
    return (
        progress.sense is Sense.PROGRESS
        and start - end <= _LONGEST_LINK
        and "(" in page.folded[end:start]
    )


def _preceded(percent: Judged, earlier: Judged) -> Judged:
    return replace(percent, figure=replace(percent.figure, before=earlier.figure.value))


def _without_parts(page: Page, judged: list[Judged]) -> list[Judged]:
    """Without what only repeats vaguely what a neighbour says exactly: 已换 900 家，进度过半."""

    def is_repeated(percent: Judged) -> bool:
        return any(
            other is not percent
            and other.sense is Sense.PROGRESS
            and "\n" not in page.folded[percent.figure.end : other.figure.start]
            and "\n" not in page.folded[other.figure.end : percent.figure.start]
            for other in judged
        )

    return [percent for percent in judged if not (percent.figure.is_vague and is_repeated(percent))]


def _without_shares(page: Page, judged: list[Judged]) -> list[Judged]:
    """男生 60%，女生 40%: amounts beside mere names that make up the whole are its shares."""
    rows: dict[int, list[int]] = {}
    for place, percent in enumerate(judged):
        is_named_only = percent.words[0] == percent.words[1] and percent.figure.form is Form.PERCENT
        before = page.folded[percent.name_start : percent.figure.start]
        if (
            percent.sense is Sense.PROGRESS
            and is_named_only
            and not WORK.search(before.rstrip(" :("))
        ):
            rows.setdefault(page.line_start(percent.figure.start), []).append(place)
    for places in rows.values():
        if len(places) > 1 and sum(judged[place].figure.value for place in places) == 100:
            for place in places:
                judged[place] = replace(judged[place], sense=Sense.READING)
    return judged

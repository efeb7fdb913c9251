"""Measured numbers with their names: 入金有效成功率 99.996%, 累计金额超过1.66亿元, 退款98组.

A number is a reading when words before it name what was measured; one without a name (5个商户)
only counts something in passing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.mentions import ReadingMention
from projects.prose.percents.judged import Judged, Sense
from projects.prose.percents.words import CHANGED, CONNECTED, LINK, TARGET
from projects.prose.units import NUMBER, UNIT, number
from projects.prose.words import is_no_name, name_in

_QUANTITY: Final = lazy.compile(
    rf"(?=[0-9¥$])(?:(?<![0-9A-Za-z.\-_/第])[¥$]?(?P<number>{NUMBER}) ?{UNIT}(?![0-9%])"
    # A bare number stands after the name of an amount: 事故数：3
    rf"|(?:(?<=[数量额值度长])|(?<=[数量额值度长时][:为是达])|(?<=[数量额值度长时]: "
    rf"))(?P<bare>{NUMBER})"
    r"(?=[ ]*(?:[,。;!)\n|]|\Z)))"
)
_NOTE: Final = lazy.compile(
    r"(?:累计|合计|总计|共计|共)?(?P<note>超过|超|突破|(?<![签预合节续履解违契])约|大约|近|接近|"
    r"将近|不到|不足|至少|达到|达|新增|增加|减少|下降|提升|提高|"
    r"增长|上涨|上升|降低|环比|同比|较上周)+(?:了|为|:| )*\Z"
)
#: The words between a name and its number are short; looking further back costs time.
_LONGEST_TAIL: Final = 24
_MEASURE: Final = lazy.compile(
    r"(?:率|占比|比例|数|量|额|耗时|时长|次数|成本|收入|性|度|rate|count|total)\Z"
)
_ALONE: Final = lazy.compile(r" ?(?:左右|以上|多)? ?(?:\Z|[,。;!()\n\r|\t→、+])")
_NO_NAME: Final = lazy.compile(
    r"第?[一二三四五六七八九十首]批|环比|同比|较.*|比.*|(?:完成|支持|共|有|第|近|前|后|每|各|"
    r"按|仅|其|含|包括|预计|计划|目标|约|至少|超过|上线|新|涉及|沉淀|大概|以及|等)?|"
    r"[还仅只尚仍]?剩余?下?|[还尚]?余下?|[还尚]有|其[中余]|还?[差缺]|未完成|"
    r"[0-9a-zA-Z]|.*[0-9]月"
)


def read_readings(
    page: Page, judged: Sequence[Judged], dates: Sequence[tuple[int, int]]
) -> list[ReadingMention]:
    """The measured numbers in text order, with the percentages that are not progress."""
    taken = {at for percent in judged for at in range(percent.figure.start, percent.figure.end)}
    taken.update(at for start, end in dates for at in range(start, end))
    shares = (reading for percent in judged if (reading := _share(page, percent)))
    readings = (*shares, *_quantities(page, taken))
    return sorted(readings, key=lambda reading: reading.start)


def _share(page: Page, percent: Judged) -> ReadingMention | None:
    if percent.sense is Sense.PROGRESS or percent.figure.values > 2:
        return None
    figure = percent.figure
    start = percent.name_start
    for counted in _QUANTITY.finditer(page.folded, start, figure.start):
        start = counted.end()  # 已执行120条（40%）: the share of a count has no name of its own
    before = page.folded[start : figure.start]
    name = _name(page, start, figure.start)
    if not name:
        return None
    return ReadingMention(
        start=figure.start,
        end=figure.end,
        text=page.text[figure.start : figure.end],
        name=name,
        value=figure.value,
        unit="%",
        note=_note(before),
        before=figure.before,
        is_target=percent.sense is Sense.TARGET,
        rule=percent.rule,
    )


@dataclass(slots=True)
class _Counted:
    """A number with its unit, before anyone knows what was counted."""

    start: int
    end: int
    value: Decimal
    unit: str
    before: Decimal | None = None


def _quantities(page: Page, taken: set[int]) -> Iterator[ReadingMention]:
    floor = 0
    for counted in _chained(page.folded, _counted(page.folded, taken)):
        start = page.before(counted.start, floor)
        floor = counted.end
        stands_alone = _ALONE.match(page.folded, counted.end) is not None
        name = _name(page, start, counted.start, stands_alone=stands_alone)
        if not name:
            continue
        before = page.folded[start : counted.start]
        yield ReadingMention(
            start=counted.start,
            end=counted.end,
            text=page.text[counted.start : counted.end],
            name=name,
            value=counted.value,
            unit=counted.unit,
            note=_note(before),
            before=counted.before,
            is_target=TARGET.search(before) is not None,
        )


def _counted(folded: str, taken: set[int]) -> Iterator[_Counted]:
    for match in _QUANTITY.finditer(folded):
        if match.start() not in taken:
            value = number(match["number"] or match["bare"])
            yield _Counted(match.start(), match.end(), value, match["unit"] or "")


def _chained(folded: str, all_counted: Iterator[_Counted]) -> Iterator[_Counted]:
    """从1200笔降到800笔 is one number with the value before."""
    first: _Counted | None = None
    for counted in all_counted:
        if first is not None and counted.unit == first.unit:
            between = folded[first.end : min(counted.start, first.end + 40)]
            if counted.start - first.end <= 40 and LINK.fullmatch(between):
                first = replace(first, end=counted.end, value=counted.value, before=first.value)
                continue
        if first is not None:
            yield first
        first = counted
    if first is not None:
        yield first


def _name(page: Page, start: int, end: int, *, stands_alone: bool = True) -> str:
    """The words before a number that say what was measured; empty when they name nothing."""
    clause = page.clause_at(end)
    own = _bare_name(page, start, end)
    if _MEASURE.search(own):
        return own
    for first, last in (clause.opener, clause.head):
        opener = _bare_name(page, max(first, last - 40), last)
        if not own and first < start and (first, last) == clause.opener:
            return opener if stands_alone else ""
        if own and _MEASURE.search(opener) and last <= start:
            return own + opener  # 分类准确率：身份证为99.94%
    return own


def _bare_name(page: Page, start: int, end: int) -> str:
    if start >= end:
        return ""
    for pattern in (CONNECTED, CHANGED):
        tail = pattern.search(page.folded, max(start, end - _LONGEST_TAIL), end)
        end = tail.start() if tail else end
    name = name_in(page.text, page.folded, start, end)
    return "" if is_no_name(name) or _NO_NAME.fullmatch(name) else name


def _note(before: str) -> str:
    match = _NOTE.search(before)
    return match["note"] if match else ""

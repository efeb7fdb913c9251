"""Percentages: which are progress, and of what; the others are handed on as measured numbers.

A percentage is progress only if the words say so: 进度, 进展, 完成, 开发, 整体, a stage word that
it stands alone after (联调 60%), or "85% complete". The word nearest to the number decides, so that
识别率优化完成80% is progress and 整体成功率99% is not. Targets, steps of a release (灰度 5%) and
changes (提升28%) are never progress.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from projects.prose.clauses import Page
from projects.prose.mentions import Percent
from projects.prose.percentwords import (
    AFTER_DONE,
    AFTER_STEP,
    ALONE,
    CHANGED,
    CONNECTED,
    EARLIER,
    LINK,
    PLANNED,
    PROGRESS,
    PROGRESS_OPENER,
    READ,
    STAGE,
    STEP,
    TARGET,
    WHOLE,
)
from projects.prose.units import chinese_number
from projects.prose.words import is_no_name, name_in, opens_a_subject

_FRACTION: Final = r"(?P<{0}>[0-9]{{1,6}}) ?/ ?(?P<{1}>[0-9]{{1,6}})"
_NUMBER: Final = r"(?P<{}>-?[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)"
_ANY: Final = re.compile(
    r"(?=[-0-9百])(?<![0-9./%])(?:"
    + _FRACTION.format("num", "den")
    + r" ?(?:个|项|条)?(?: ?(?:=|≈|\(|,|约|即|约为) ?){1,2}"
    + _NUMBER.format("equal")
    + " ?%"
    + "|"
    + _NUMBER.format("value")
    + r" ?%(?: ?\( ?"
    + _FRACTION.format("num_after", "den_after")
    + r"(?: ?[个项条])? ?\))?"
    + "|"
    + _FRACTION.format("num_bare", "den_bare")
    + r"(?![0-9/%.])(?P<unit> ?[个项条])?"
    + r"|(?P<num_of>[0-9]{1,6}) (?:out )?of (?:the )?(?P<den_of>[0-9]{1,6})(?![0-9.%])"
    + r"|百分之 ?(?:(?P<chinese_value>[0-9]{1,3}(?:\.[0-9]{1,4})?)"
    + r"|(?P<chinese>百|[一二三四五六七八九十]{1,3}))"
    + r")"
)
# 85%20 and E5%85%B3 are URL codes, %d and 100%% printf formats.
_CODE_AFTER: Final = re.compile(
    r"[0-9A-F][0-9A-Fa-f](?![0-9A-Za-z])|[0-9A-Fa-f]{2}%|%|[dsfgxi](?![A-Za-z])"
)
#: The words between a label and its number are short; looking further back costs time.
_LONGEST_TAIL: Final = 24
#: How far apart the two values of a change may stand.
_LONGEST_LINK: Final = 24
_TWO_PLACES: Final = Decimal("0.01")


class Sense(Enum):
    PROGRESS = auto()
    READING = auto()
    TARGET = auto()
    STEP = auto()  # a share of users or traffic that a release has reached


@dataclass(frozen=True, slots=True)
class Figure:
    """A percentage (or bare fraction) in the text, before anyone knows what it says."""

    start: int
    end: int
    value: Decimal
    before: Decimal | None = None
    fraction: tuple[int, int] | None = None
    is_bare_fraction: bool = False
    has_unit: bool = False
    values: int = 1  # in a chain: 5% → 20% → 50% holds three


@dataclass(frozen=True, slots=True)
class Judged:
    """A percentage with its sense; ``words`` is where its label stands."""

    figure: Figure
    sense: Sense
    name_start: int  # where the words before the number begin
    words: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Around:
    """The words around a percentage: all before it, those without connectors, and after it."""

    start: int
    before: str
    core: str
    after: str
    head_start: int
    head: str


def judged_percents(page: Page, dates: Sequence[tuple[int, int]]) -> list[Judged]:
    """Every percentage with its sense; ``dates`` are the stretches that dates were read in."""
    judged: list[Judged] = []
    floor = 0
    for figure in _chained(page.folded, _figures(page.folded, dates)):
        percent = _judge(page, figure, floor)
        if percent is not None:
            judged.append(percent)
            floor = figure.end
    return _with_earlier(page, judged)


def progress(page: Page, judged: Sequence[Judged]) -> Iterator[Percent]:
    """The mentions of those that are progress."""
    for percent in judged:
        if percent.sense is not Sense.PROGRESS:
            continue
        figure = percent.figure
        numerator, denominator = figure.fraction or (None, None)
        yield Percent(
            start=figure.start,
            end=figure.end,
            text=page.text[figure.start : figure.end],
            value=figure.value,
            label=page.folded[slice(*percent.words)].strip(),
            subject=_subject(page, percent),
            before=figure.before,
            numerator=numerator,
            denominator=denominator,
        )


def _figures(folded: str, dates: Sequence[tuple[int, int]]) -> Iterator[Figure]:
    taken = {place for start, end in dates for place in range(start, end)}
    for match in _ANY.finditer(folded):
        start, end = match.span()
        if _CODE_AFTER.match(folded, end) and folded[end - 1] == "%":
            continue
        if match["num_bare"] and start in taken:
            continue
        value = _value(folded, match)
        if value is not None:
            fraction = _fraction(match)
            bare = match["num_bare"] is not None or match["num_of"] is not None
            yield Figure(start, end, value, None, fraction, bare, bool(match["unit"]))


def _value(folded: str, match: re.Match[str]) -> Decimal | None:
    written = match["equal"] or match["value"] or match["chinese_value"]
    if written:
        # 进度-85% and 70%-80% join with a dash; a minus has nothing of a number before it.
        if written.startswith("-") and folded.endswith(("-", "%"), 0, match.start()):
            written = written[1:]
        return Decimal(written)
    if match["chinese"]:
        number = 100 if match["chinese"] == "百" else chinese_number(match["chinese"])
        return None if number is None else Decimal(number)
    fraction = _fraction(match)
    if fraction is None:
        return None
    return (Decimal(100) * fraction[0] / fraction[1]).quantize(_TWO_PLACES)


def _fraction(match: re.Match[str]) -> tuple[int, int] | None:
    for ending in ("", "_after", "_bare", "_of"):
        if match["num" + ending] is not None:
            part, whole = int(match["num" + ending]), int(match["den" + ending])
            return (part, whole) if whole > 0 and part <= whole else None
    return None


def _chained(folded: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    """Percentages joined by 到 or an arrow become one, with the value before."""
    chain: Figure | None = None
    for figure in figures:
        if chain is not None and _is_linked(folded, chain.end, figure.start):
            values = chain.values + 1
            chain = replace(figure, start=chain.start, before=chain.value, values=values)
            continue
        if chain is not None:
            yield chain
        chain = figure
    if chain is not None:
        yield chain


def _is_linked(folded: str, end: int, start: int) -> bool:
    return start - end <= _LONGEST_LINK and LINK.fullmatch(folded, end, start) is not None


def _judge(page: Page, figure: Figure, floor: int) -> Judged | None:
    around = _around(page, figure, floor)
    words = _progress_words(around, figure.end)
    sense = _sense(figure, around, words)
    if figure.is_bare_fraction and sense is not Sense.PROGRESS:
        return None
    core_end = around.start + len(around.core)
    return Judged(figure, sense, around.start, words or (around.start, core_end))


def _around(page: Page, figure: Figure, floor: int) -> _Around:
    clause = page.clause_at(figure.start)
    start = page.before(figure.start, floor)
    if start == clause.start and not page.folded[start : figure.start].strip(" (\"'"):
        start = max(clause.opener[0], floor) if clause.opener[1] else start
    before = page.folded[start : figure.start]
    tail = CONNECTED.search(before, max(0, len(before) - _LONGEST_TAIL))
    end = page.after(figure.end, page.clause_at(figure.end), len(page.folded))
    return _Around(
        start=start,
        before=before,
        core=before[: tail.start()] if tail else before,
        after=page.folded[figure.end : end],
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


def _sense(figure: Figure, around: _Around, words: tuple[int, int] | None) -> Sense:
    if figure.values > 2 or STEP.search(around.core) or AFTER_STEP.match(around.after):
        return Sense.STEP
    if TARGET.search(around.before):
        return Sense.TARGET
    if words is None:
        # Nothing but 70% → 80%: what else should have changed so.
        is_progress = figure.before is not None and not (around.core + around.after).strip()
    elif figure.is_bare_fraction and words[0] < around.start:
        # 进度：工行 6/25 is more likely a date that says too little
        is_progress = figure.has_unit
    else:
        is_progress = figure.before is not None or not CHANGED.search(around.before)
    if not is_progress or not 0 <= figure.value <= 100:
        return Sense.READING
    return Sense.TARGET if PLANNED.search(around.before) else Sense.PROGRESS


def _with_earlier(page: Page, judged: list[Judged]) -> list[Judged]:
    """上周70%，本周80% and 80%（上周70%）: the value before belongs to the progress beside it."""
    result: list[Judged] = []
    earlier: Judged | None = None
    for percent in judged:
        if EARLIER.search(page.folded[percent.name_start : percent.figure.start]):
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


def _subject(page: Page, percent: Judged) -> str:
    """What stands before the label; else what opened the clause or the line."""
    clause = page.clause_at(percent.figure.start)
    label = percent.words[0]
    end = label if percent.name_start <= label < percent.figure.start else percent.figure.start
    name = name_in(page.text, page.folded, percent.name_start, end)
    if name and not is_no_name(name):
        return name
    for first, last in (clause.opener, clause.head):
        stop = label if first <= label < last else last
        if opens_a_subject(page.folded[first:stop]):
            return name_in(page.text, page.folded, first, stop)
    return ""

"""Percentages: which are progress, and of what; all others are handed on as measured numbers.

A percentage is progress only if the words say so: 进度, 进展, 完成, 开发, 整体, a stage word that it
stands alone after (联调 60%), or "85% complete". The word nearest to the number decides, so that
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
    + r"|百分之 ?(?:(?P<chinese_value>[0-9]{1,3}(?:\.[0-9]{1,4})?)|(?P<chinese>百|[一二三四五六七八九十]{1,3}))"
    + r")"
)
# 85%20 and E5%85%B3 are URL codes, %d and 100%% printf formats.
_CODE_AFTER: Final = re.compile(
    r"[0-9A-F][0-9A-Fa-f](?![0-9A-Za-z])|[0-9A-Fa-f]{2}%|%|[dsfgxi](?![A-Za-z])"
)
#: The words between a label and its number are short; looking further back costs time.
_LONGEST_TAIL: Final = 24
_TWO_PLACES: Final = Decimal("0.01")


class Sense(Enum):
    PROGRESS = auto()
    READING = auto()
    TARGET = auto()
    STEP = auto()  # a share of users or traffic that a release has reached


@dataclass(frozen=True, slots=True)
class Found:
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
    """A percentage with its sense; ``words`` is where its label begins and ends."""

    found: Found
    sense: Sense
    name_start: int
    words: tuple[int, int] = (0, 0)


def judged_percents(page: Page, dates: Sequence[tuple[int, int]]) -> list[Judged]:
    """Every percentage of the text with its sense; ``dates`` are the stretches dates were read in."""
    judged: list[Judged] = []
    floor = 0
    for found in _chained(page.folded, list(_found(page.folded, dates))):
        one = _judge(page, found, floor)
        if one is not None:
            judged.append(one)
            floor = found.end
    return _with_earlier(page, judged)


def progress(page: Page, judged: Sequence[Judged]) -> Iterator[Percent]:
    """The mentions of those that are progress."""
    for one in judged:
        if one.sense is not Sense.PROGRESS:
            continue
        found = one.found
        numerator, denominator = found.fraction or (None, None)
        yield Percent(
            start=found.start,
            end=found.end,
            text=page.text[found.start : found.end],
            value=found.value,
            label=page.folded[slice(*one.words)].strip(),
            subject=_subject(page, one),
            before=found.before,
            numerator=numerator,
            denominator=denominator,
        )


def _found(folded: str, dates: Sequence[tuple[int, int]]) -> Iterator[Found]:
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
            yield Found(start, end, value, None, fraction, bare, bool(match["unit"]))


def _value(folded: str, match: re.Match[str]) -> Decimal | None:
    written = match["equal"] or match["value"] or match["chinese_value"]
    if written:
        # 进度-85% and 70%-80% join with a dash; a minus has nothing of a number before it.
        if written.startswith("-") and folded[: match.start()].endswith(("-", "%")):
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


def _chained(folded: str, all_found: Sequence[Found]) -> Iterator[Found]:
    """Percentages joined by 到 or an arrow become one, with the value before."""
    chain: Found | None = None
    for found in all_found:
        if chain is None:
            chain = found
            continue
        between = folded[chain.end : min(found.start, chain.end + 40)]
        if found.start - chain.end <= 40 and LINK.fullmatch(between):
            chain = Found(
                chain.start,
                found.end,
                found.value,
                chain.value,
                found.fraction,
                found.is_bare_fraction,
                values=chain.values + 1,
            )
            continue
        yield chain
        chain = found
    if chain is not None:
        yield chain


def _judge(page: Page, found: Found, floor: int) -> Judged | None:
    start = page.before(found.start, floor)
    before = page.folded[start : found.start]
    clause = page.clause_at(found.start)
    if not before.strip(" (\"'*") and clause.opener != (0, 0) and start == clause.start:
        start = max(clause.opener[0], clause.opener[1] - 40, floor)
        before = page.folded[start : found.start]
    after = page.folded[
        found.end : page.after(found.end, page.clause_at(found.end), len(page.folded))
    ]
    tail = CONNECTED.search(before, max(0, len(before) - _LONGEST_TAIL))
    core = before[: tail.start()] if tail else before
    word = _progress_word(core, after, page.folded[slice(*clause.head)])
    sense = _sense(found, before, core, after, word)
    if found.is_bare_fraction and sense is not Sense.PROGRESS:
        return None
    if word is None:
        return Judged(found, sense, start, (start, start + len(core)))
    return Judged(found, sense, start, _placed(word, start, found.end, clause.head[0]))


type _Word = tuple[str, int, int]  # which text it stands in, and where there


def _placed(word: _Word, before: int, after: int, head: int) -> tuple[int, int]:
    offset = {"before": before, "after": after, "head": head}[word[0]]
    return offset + word[1], offset + word[2]


def _progress_word(core: str, after: str, head: str) -> _Word | None:
    """The word that makes the number progress, if any does."""
    for pattern in (PROGRESS, WHOLE, STAGE):
        found = pattern.search(core)
        if found and (pattern is PROGRESS or ALONE.match(after)):
            return "before", found.start(), found.end()
    done = AFTER_DONE.match(after)
    if done:
        word = "word" if done["word"] else "latin"
        return "after", done.start(word), done.end(word)
    opener = PROGRESS_OPENER.search(head)
    if opener and not READ.search(core):
        return "head", opener.start(), opener.end()
    return None


def _sense(found: Found, before: str, core: str, after: str, word: _Word | None) -> Sense:
    if found.values > 2 or STEP.search(core) or AFTER_STEP.match(after):
        return Sense.STEP
    if TARGET.search(before):
        return Sense.TARGET
    is_change = found.before is None and CHANGED.search(before) is not None
    is_possible = 0 <= found.value <= 100
    if word is None or not is_possible or is_change:
        is_all = found.before is not None and not core.strip() and not after.strip()
        return Sense.PROGRESS if is_all and is_possible else Sense.READING
    if found.is_bare_fraction and not (word[0] != "head" or found.has_unit):
        return Sense.READING
    return Sense.TARGET if PLANNED.search(before) else Sense.PROGRESS


def _with_earlier(page: Page, judged: list[Judged]) -> list[Judged]:
    """上周70%，本周80%: the earlier value belongs to the progress next to it."""
    result: list[Judged] = []
    earlier: Judged | None = None
    for one in judged:
        before = page.folded[one.name_start : one.found.start]
        if EARLIER.search(before):
            last = result[-1] if result else None
            if (
                last
                and last.sense is Sense.PROGRESS
                and "(" in page.folded[last.found.end : one.found.start]
            ):
                result[-1] = _preceded(last, one)
            else:
                earlier = one
            continue
        if (
            earlier
            and one.found.start - earlier.found.end <= 20
            and earlier.sense is Sense.PROGRESS
        ):
            words = one.words if one.sense is Sense.PROGRESS else earlier.words
            one = Judged(one.found, Sense.PROGRESS, earlier.name_start, words)
            one = _preceded(one, earlier)
        earlier = None
        result.append(one)
    return result


def _preceded(one: Judged, earlier: Judged) -> Judged:
    found = replace(one.found, before=earlier.found.value)
    return replace(one, found=found)


def _subject(page: Page, one: Judged) -> str:
    """What stands before the label; else what opened the clause or the line."""
    clause = page.clause_at(one.found.start)
    first, last = one.words
    end = first if first < one.found.start and first >= one.name_start else one.found.start
    name = name_in(page.text, page.folded, one.name_start, end)
    if name and not is_no_name(name):
        return name
    for start, end in (clause.opener, clause.head):
        end = min(end, first) if start <= first < end else end
        if not is_no_name(page.folded[start:end]) and (
            name := name_in(page.text, page.folded, start, end)
        ):
            return name_in(page.text, page.folded, start, end)
    return ""

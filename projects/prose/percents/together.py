"""What amounts of one text say of each other: values before, repetitions, series and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from projects.prose.clauses import Page
from projects.prose.mentions import Rule
from projects.prose.percents.amount import Form
from projects.prose.percents.judged import Judged, Sense
from projects.prose.percents.words import EARLIER, EARLIER_AFTER, NOW, PARTS, WORK

#: How far apart a value and the one before it may stand.
_LONGEST_LINK: Final = 24


def together(page: Page, judged: Sequence[Judged]) -> list[Judged]:
    """``judged`` with the senses that the neighbours of each give it."""
    result: list[Judged] = []
    for percent in judged:
        last = result[-1] if result else None
        is_measured = last is not None and _continues_a_series(page, last, percent)
        result.append(
            replace(percent, sense=Sense.READING, rule=Rule.MEASURED) if is_measured else percent
        )
    return _without_shares(page, _without_parts(page, _with_earlier(page, result)))


def _continues_a_series(page: Page, last: Judged, percent: Judged) -> bool:
    """识别率：身份证为97%，护照为86%: names alone after a measured number are measured, too."""
    if last.sense is not Sense.READING or percent.sense is not Sense.PROGRESS:
        return False
    is_named_only = percent.words[0] == percent.words[1] and percent.figure.form is Form.PERCENT
    between = page.folded[last.figure.end : percent.figure.start]
    is_work = WORK.search(page.folded[percent.name_start : percent.words[0]]) is not None
    if between.strip(" ") in ("~", "-", "--", "至", "到"):
        return True  # 调薪 5%~8%
    if last.rule is not Rule.MEASURED:
        return False
    is_now = NOW.fullmatch(between.strip(" ,;、")) is not None
    return (
        is_named_only and not is_work and not is_now and "\n" not in between and "。" not in between
    )


def _with_earlier(page: Page, judged: list[Judged]) -> list[Judged]:
    """上周70%，本周80% and 80%（上周70%）: the value before belongs to the progress beside it."""
    result: list[Judged] = []
    earlier: Judged | None = None
    for percent in judged:
        is_earlier = EARLIER.search(page.folded[percent.name_start : percent.figure.start])
        is_earlier = is_earlier or EARLIER_AFTER.match(page.folded, percent.figure.end)
        if is_earlier and percent.figure.before is None:
            if result and _is_remark_on(page, result[-1], percent):
                result[-1] = _preceded(result[-1], percent)
            else:
                earlier = percent
            continue
        is_next = earlier and percent.figure.start - earlier.figure.end <= _LONGEST_LINK
        if earlier and is_next and earlier.sense is Sense.PROGRESS:
            is_labelled = percent.sense is Sense.PROGRESS and percent.rule is not Rule.ALONE
            words = percent.words if is_labelled else earlier.words
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
            and percent.rule is Rule.NAME
        ):
            rows.setdefault(page.line_start(percent.figure.start), []).append(place)
    for start, places in rows.items():
        words = page.folded[start : judged[places[-1]].figure.start]
        if (
            len(places) > 1
            and PARTS.search(words)
            and sum(judged[place].figure.value for place in places) == 100
        ):
            for place in places:
                judged[place] = replace(judged[place], sense=Sense.READING, rule=Rule.SHARE)
    return judged

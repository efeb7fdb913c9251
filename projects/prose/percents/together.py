"""What amounts of one text say of each other: values before, repetitions, series and shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.mentions import Rule
from projects.prose.percents.amount import Form
from projects.prose.percents.judged import Judged, Sense
from projects.prose.percents.kinds import bare_name, is_work_name
from projects.prose.percents.words import (
    EARLIER,
    EARLIER_AFTER,
    MEASURED,
    NOW,
    PARTS,
    PLANNED,
    READ,
    SAYS_NOTHING,
    WORK,
)

_AIMED: Final = lazy.compile(
    r"目标|计划|应(?:该|当)?完成|(?<![A-Za-z])(?:plan|target|goal)", re.IGNORECASE
)
_ADDED: Final = lazy.compile(
    r"(?:[本这当]周|[今当本][日天月]|this week)[^,。;]{0,4}(?:完成|做|推进|新增|增加|done|"
    r"added)?了?[约 ]*\Z",
    re.IGNORECASE,
)
_IN_ALL: Final = lazy.compile(
    r"\)?[ ,;、(]{1,3}(?:累计|总计|合计|总共|共计|in total|total|overall)", re.IGNORECASE
)
_REACHED: Final = lazy.compile(
    r"\)?[ ,;、/(]{1,3}(?:但|而|可|不过)?(?:现在?|目前|当前|实际|实|结果|已|but|now|actual|reality|"
    r"we are|we're|currently)",
    re.IGNORECASE,
)
_LISTED: Final = lazy.compile(r" ?[、,/] ?(?:and |then |再到|再|和|及)?", re.IGNORECASE)
#: How far from it an exact amount may lie that 过半, 大半 or 八成 is said beside.
_VAGUE: Final = 30
_ABOUT: Final = 10
#: Words between two forms of one fact: what was done, and nothing of another thing.
_AGAIN: Final = lazy.compile(
    r"[^,。;:(0-9\n]{0,28}[,;(:]? ?(?:约|大约|大概|估计|[\u4e00-\u9fff]{2}率|即|也就是|差不多|"
    r"整体|总体|目前|现|已|到|达|为|"
    r"进度|完成度?|完成率|累计|合计|占比|[超接]?[过近]|"
    r"about|around|roughly|or|i\.e\.|now|some|=|≈|:| )*",
    re.IGNORECASE,
)
#: Words between an amount and a rest of the same thing.
_NOTHING: Final = lazy.compile(
    r"[ ,;、()/]*(?:但|也就是|即|and|with|so)?[ ,]*(?:还|仍|尚|仅|只)?[ ,]*", re.IGNORECASE
)
_ROUND: Final = 5
#: Below it the words speak so clearly against progress that no neighbour outweighs them.
_DOUBTED: Final = -2.0
#: Above it they speak hardly for either.
_UNSURE: Final = -1.0
_WHOLE: Final = 100
#: What opens a line of the shares of a whole.
_MADE_OF: Final = lazy.compile(
    r"(?:构成|组成|分布|分配|分账|分成|来源|比例|配比|占比|用途|成分|去向|客源|股权)(?:情况)? ?\Z|"
    r"(?<![A-Za-z])(?:mix|split|breakdown|composition|allocation|use|distribution|shares?) ?\Z",
    re.IGNORECASE,
)
_ROUND_A_NAME: Final = " ,、;:/()[]-"
_OF_A_NAME: Final = frozenset(
    {Rule.NAME, Rule.WORK, Rule.STAGE, Rule.WORDS, Rule.MEASURED, Rule.UNCLEAR}
)
_ITEM_ENDS: Final = lazy.compile(
    r" ?\)? ?(?:[,、;/。.\n①-⑳]|\Z)|(?: (?:[a-z]{3,12}ed|lit|built|laid|hung|"
    r"sewn|sown|dug|poured|written|drawn|wired|done))?"
    r"(?=[,;.\n]|\Z)|"
    r" (?=[\u4e00-\u9fff]{2,10} ?[0-9])"
)
#: How far apart a value and the one before it may stand.
_LONGEST_LINK: Final = 32


def together(page: Page, judged: Sequence[Judged]) -> list[Judged]:
    """``judged`` with the senses that the neighbours of each give it."""
    if not judged:
        return []
    judged = _with_siblings(page, judged)
    result: list[Judged] = []
    for percent in judged:
        last = result[-1] if result else None
        is_measured = last is not None and _continues_a_series(page, last, percent)
        result.append(
            replace(percent, sense=Sense.READING, rule=Rule.MEASURED) if is_measured else percent
        )
    result = _without_said_twice(page, _with_targets(page, _without_additions(page, result)))
    return _without_shares(page, _without_parts(page, _with_earlier(page, result)))


def _with_siblings(page: Page, judged: Sequence[Judged]) -> Sequence[Judged]:
    """停车系统：月租 90%，访客 55%，电子发票 25%: of parts of one work, one tells of all."""
    if len(judged) < 2:
        return judged
    rows: dict[int, list[int]] = {}
    for place, percent in enumerate(judged):
        rows.setdefault(page.line_start(percent.figure.start), []).append(place)
    result = list(judged)
    for of_row in rows.values():
        places = [place for place in of_row if not _is_rate(page, judged[place])]
        row = [judged[place] for place in places]
        if len(row) > 1 and (_is_list_of_parts(page, row) or _is_list_of_names(page, row)):
            for place in places:
                if judged[place].sense is not Sense.PROGRESS:
                    result[place] = _as_named(judged[place])
    return result


def _is_rate(page: Page, percent: Judged) -> bool:
    """护栏检测：外业 90%，内业 30%，合格率 98%: a rate beside parts says nothing of them."""
    name = page.folded[percent.name_start : percent.figure.start]
    return percent.rule is Rule.MEASURED and READ.search(name.rstrip()) is not None


def _as_named(percent: Judged) -> Judged:
    """It as progress of the name before it, which is no label."""
    end = percent.words[1]
    return replace(percent, sense=Sense.PROGRESS, rule=Rule.NAME, words=(end, end))


def _is_list_of_parts(page: Page, row: Sequence[Judged]) -> bool:
    """Whether a name of work opens the line, and most of its round values are progress."""
    is_list = all(_is_bare_item(page, percent) and _is_round_part(page, percent) for percent in row)
    return is_list and sum(map(_is_likely, row)) * 2 >= len(row)


def _is_likely(percent: Judged) -> bool:
    is_unsure = percent.rule is Rule.WORDS and percent.weight > _UNSURE
    return is_unsure or percent.sense is Sense.PROGRESS


def _is_list_of_names(page: Page, row: Sequence[Judged]) -> bool:
    """小麦追肥 20%，油菜追肥 45%: whether only the words doubt some of a list, and not all."""
    return (
        all(_is_bare_item(page, percent) for percent in row)
        and any(percent.sense is Sense.PROGRESS for percent in row)
        and all(percent.sense is Sense.PROGRESS or _is_little_doubted(percent) for percent in row)
    )


def _is_little_doubted(percent: Judged) -> bool:
    return percent.rule is Rule.WORDS and percent.weight > _DOUBTED


def _is_bare_item(page: Page, percent: Judged) -> bool:
    """Whether it is a value behind a mere name, and nothing is said of it."""
    figure = percent.figure
    name = page.folded[percent.name_start : figure.start].strip(_ROUND_A_NAME)
    return (
        figure.form is Form.PERCENT
        and figure.before is None
        and percent.rule in _OF_A_NAME
        and bool(name)
        and not any(other.search(name) for other in (MEASURED, PLANNED))
        and not READ.search(name)
        and _ITEM_ENDS.match(page.folded, figure.end) is not None
    )


def _is_round_part(page: Page, percent: Judged) -> bool:
    figure = percent.figure
    head = page.folded[slice(*page.clause_at(figure.start).head)].strip()
    is_work = WORK.search(head) or is_work_name(bare_name(head))
    return figure.value % _ROUND == 0 and bool(is_work)


def _without_additions(page: Page, judged: list[Judged]) -> list[Judged]:
    """本周完成 5%，累计完成 35%: what the week added is no progress beside the total."""
    result: list[Judged] = []
    for percent, following in zip_longest(judged, judged[1:]):
        before = page.folded[percent.name_start : percent.figure.start]
        is_addition = (
            following is not None
            and percent.sense is Sense.PROGRESS
            and _ADDED.search(before) is not None
            and following.figure.start - percent.figure.end <= _LONGEST_LINK
            and _IN_ALL.match(page.folded, percent.figure.end) is not None
        )
        result.append(
            replace(percent, sense=Sense.READING, rule=Rule.CHANGE) if is_addition else percent
        )
    return result


def _with_targets(page: Page, judged: list[Judged]) -> list[Judged]:
    """目标完成 85%，现在 60%: what was aimed at is no progress beside what was reached."""
    result: list[Judged] = []
    for percent, following in zip_longest(judged, judged[1:]):
        before = page.folded[percent.name_start : percent.figure.start]
        is_aimed = (
            following is not None
            and percent.sense is Sense.PROGRESS
            and following.sense is Sense.PROGRESS
            and following.figure.start - percent.figure.end <= _LONGEST_LINK
            and _AIMED.search(before) is not None
            and _REACHED.match(page.folded, percent.figure.end, following.figure.start)
        )
        result.append(
            replace(percent, sense=Sense.TARGET, rule=Rule.TARGET) if is_aimed else percent
        )
    return result


def _without_said_twice(page: Page, judged: list[Judged]) -> list[Judged]:
    """完成 70%，还剩 30%; 实际 70%，差 5%: a rest without a name is what the line told already."""
    result: list[Judged] = []
    for percent in judged:
        last = result[-1] if result else None
        is_told = last is not None and last.sense in (Sense.PROGRESS, Sense.TARGET)
        between = page.folded[last.figure.end : percent.figure.start] if last else ""
        if percent.figure.is_remainder and is_told and _NOTHING.fullmatch(between):
            continue
        if last is not None and _is_same_again(last, percent, between):
            result[-1] = _the_exact(last, percent)
            continue
        result.append(percent)
    return result


def _is_same_again(last: Judged, percent: Judged, between: str) -> bool:
    """机柜上架过半，55%; 36/48 台改造完毕，进度 75%: one fact in two forms."""
    first, second = last.figure, percent.figure
    is_other_form = first.form is not second.form or first.is_vague
    if not (last.sense is percent.sense is Sense.PROGRESS and is_other_form):
        return False
    near = _VAGUE if first.is_vague else _ABOUT if Form.WORDS in (first.form, second.form) else 1
    is_near = abs(first.value - second.value) < near
    return is_near and _AGAIN.fullmatch(between) is not None


def _the_exact(last: Judged, percent: Judged) -> Judged:
    """The progress of ``last``, with the exact one of both values."""
    if last.figure.form is not Form.WORDS:
        return last
    start = last.figure.start
    return replace(last, figure=replace(percent.figure, start=start))


def _continues_a_series(page: Page, last: Judged, percent: Judged) -> bool:
    """识别率：身份证为97%，护照为86%: names alone after a measured number are measured, too."""
    if percent.sense is not Sense.PROGRESS or last.sense not in (Sense.READING, Sense.STEP):
        return False
    is_named_only = percent.words[0] == percent.words[1] and percent.figure.form is Form.PERCENT
    between = page.folded[last.figure.end : percent.figure.start]
    name = page.folded[percent.name_start : percent.words[0]].strip(" ,、;")
    is_guessed = percent.rule is Rule.WORDS  # against the rules, and so against a mere likeness
    is_work = WORK.search(name) is not None or (not is_guessed and is_work_name(bare_name(name)))
    if between.strip(" ") in ("~", "-", "--", "至", "到"):
        return True  # 调薪 5%~8%
    if _LISTED.fullmatch(between) and percent.figure.before is None:
        return True  # 按 5%、20%、50% 三档
    if last.rule is not Rule.MEASURED:
        return False
    is_now = NOW.fullmatch(between.strip(" ,;、")) is not None
    is_mere_name = is_named_only and (is_guessed or percent.rule is Rule.NAME) and not is_work
    return is_mere_name and not is_now and "\n" not in between and "。" not in between


def _with_earlier(page: Page, judged: list[Judged]) -> list[Judged]:
    """上周70%，本周80% and 80%（上周70%）: the value before belongs to the progress beside it."""
    result: list[Judged] = []
    earlier: Judged | None = None
    for percent in judged:
        is_earlier = EARLIER.search(page.folded[percent.name_start : percent.figure.start])
        if percent.figure.form is Form.COUNT and page.folded[percent.figure.start - 1] == "的":
            is_earlier = None  # 原来的 12 个展项做完 9 个
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
            label = page.folded[slice(*percent.words)]
            is_labelled = is_labelled and bool(label) and not NOW.fullmatch(label)
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
    """Without what only repeats vaguely what a neighbour says exactly: 已换 900 家，进度过半.

    管网普查过半 beside another amount is of a thing of its own.
    """

    def is_repeated(percent: Judged) -> bool:
        return any(
            other is not percent
            and other.sense is Sense.PROGRESS
            and "\n" not in page.folded[percent.figure.end : other.figure.start]
            and "\n" not in page.folded[other.figure.end : percent.figure.start]
            for other in judged
        )

    def names_its_own(percent: Judged) -> bool:
        words = page.folded[percent.name_start : percent.figure.start].strip(" ,、")
        return not (SAYS_NOTHING.fullmatch(words) or NOW.fullmatch(words))

    return [
        percent
        for percent in judged
        if names_its_own(percent) or not (percent.figure.is_vague and is_repeated(percent))
    ]


def _wholes(page: Page, judged: Sequence[Judged]) -> Iterator[list[int]]:
    """经费构成：设备 55%，人员 45%: the places of amounts that make up what opens their line."""
    if len(judged) < 2:
        return
    rows: dict[int, list[int]] = {}
    for place, percent in enumerate(judged):
        rows.setdefault(page.line_start(percent.figure.start), []).append(place)
    for places in rows.values():
        head = page.clause_at(judged[places[-1]].figure.start).head
        is_whole = sum(judged[place].figure.value for place in places) == _WHOLE
        if len(places) > 1 and is_whole and _MADE_OF.search(page.folded[slice(*head)]):
            yield places


def _is_rest_of_one(page: Page, first: Judged, second: Judged) -> bool:
    """The training set is 80% and the test set 20% of the data: both are shares of it."""
    is_share = second.sense is Sense.READING and second.rule is Rule.SHARE
    is_named = first.sense is Sense.PROGRESS and first.rule is Rule.NAME
    between = page.folded[first.figure.end : second.figure.start]
    is_near = len(between) <= _LONGEST_LINK and "\n" not in between
    return is_share and is_named and is_near and first.figure.value + second.figure.value == _WHOLE


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
    for place, (first, second) in enumerate(pairwise(judged)):
        if _is_rest_of_one(page, first, second):
            judged[place] = replace(first, sense=Sense.READING, rule=Rule.SHARE)
    for places in _wholes(page, judged):
        for place in places:
            judged[place] = replace(judged[place], sense=Sense.READING, rule=Rule.SHARE)
    for start, places in rows.items():
        words = page.folded[start : judged[places[-1]].figure.start]
        if (
            len(places) > 1
            and PARTS.search(words)
            and sum(judged[place].figure.value for place in places) == _WHOLE
        ):
            for place in places:
                judged[place] = replace(judged[place], sense=Sense.READING, rule=Rule.SHARE)
    return judged

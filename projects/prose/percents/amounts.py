"""Amounts of work as people write them: 85%, 百分之七十, 14/44, 八成, 三分之二, 30 个已改 12 个.

Every share of a whole that stands in the text, with what it comes to in percent. Amounts that are
one fact are joined (18/24，完成75%; 70% → 80%). Whether an amount is progress is for ``percents``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.dates.days import nearest
from projects.prose.percents.amount import (
    ENGLISH,
    NUMBER,
    Amount,
    Form,
    integer,
    remaining,
    share,
)
from projects.prose.percents.counts import counts
from projects.prose.percents.words import ARROW, LINK
from projects.prose.units import chinese_number
from projects.prose.words import LATIN_END, LATIN_START


def _fraction_of(part: str, whole: str) -> str:
    return rf"(?P<{part}>{NUMBER}) ?/ ?(?P<{whole}>{NUMBER})"


_DECIMAL: Final = r"(?P<{}>-?[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)"
_SIGN: Final = r" ?(?:%(?!RH|rh|vol|VOL|wt|LEL)|(?:per ?cent|pct)(?![A-Za-z]))"
_THINGS: Final = (
    " "
    "?(?:工位|点位|节点|机位|展位|[个项条家台套份张笔户人次例篇页支座辆组批款门栋间处块店城件集章节课期层根副箱盒瓶吨枚只"
    "头口趟班场轮版题道名位"
    "本册卷部架艘幅站点段桩柜车省市县区镇村校院所亩米单页关]|公里|千米|平方?米|小时|课时)"
)
_TENS: Final = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ANY: Final = lazy.compile(
    r"(?=[-0-9百otfsenOTFSEN])(?<![0-9./%])(?:"
    + _fraction_of("num", "den")
    + rf"(?:{_THINGS})?(?: ?(?:=|≈|\(|,|约|即|约为) ?){{1,2}}"
    + _DECIMAL.format("equal")
    + _SIGN
    + "|"
    + _DECIMAL.format("value")
    + _SIGN
    + r"(?: ?\( ?"
    + _fraction_of("num_after", "den_after")
    + rf"(?:{_THINGS})? ?\))?"
    + "|"
    + r"(?P<num_fine>[0-9]{1,4}\.[0-9]{1,2}) ?/ ?(?P<den_fine>[0-9]{1,4}(?:\.[0-9]{1,2})?)"
    r"(?= ?(?:公里|千米|吨|亩|平米|平方|km|MW|kW))"
    + "|"
    + r"(?P<num_scaled>[0-9]{1,4}(?:\.[0-9]{1,2})?) ?(?P<scale>[万亿千]) ?/ "
    r"?(?P<den_scaled>[0-9]{1,4}(?:\.[0-9]{1,2})?) ?(?P=scale)"
    + "|"
    + _fraction_of("num_bare", "den_bare")
    + rf"(?![0-9/%.])(?P<unit>{_THINGS}| [a-z]{{2,}}s(?![A-Za-z]))?"
    + rf"|(?P<num_of>{NUMBER}|{LATIN_START}(?:{'|'.join(ENGLISH)})) (?:(?:done |complete |finished "
    rf")?(?:out )?of|[a-z-]{{2,14}}s out of) (?:the |our |"
    rf"all )?(?:total |planned |required )?"
    + rf"(?P<den_of>{NUMBER}|(?:{'|'.join(ENGLISH[1:])})(?= ))(?![0-9.%])"
    + rf"|{LATIN_START}(?P<spelled>(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(ENGLISH[:9])}))?) "
    rf"per ?cent(?![A-Za-z])"
    + r"|百分之 ?(?:(?P<chinese_value>[0-9]{1,3}(?:\.[0-9]{1,4})?)"
    + r"|(?P<chinese>百|[一二三四五六七八九十]{1,3})(?:点(?P<chinese_part>[一二三四五六七八九]))?)"
    + r")",
    re.IGNORECASE,
)
#: What every share in digits and every one in words hold: quickly looked for, and often not there.
_MAY_BE_A_SHARE: Final = lazy.compile("[%/]|百分之|[Oo][Ff]|[Pp](?:[Ee][Rr]|[Cc][Tt])")
_MAY_BE_WORDED: Final = lazy.compile("[成半]|分[之百]|[A-Za-z]{4}")
# 85%20 and E5%85%B3 are URL codes, %d and 100%% printf formats.
_CODE_AFTER: Final = lazy.compile(
    r"[0-9A-F][0-9A-Fa-f](?![0-9A-Za-z])|[0-9A-Fa-f]{2}%|%|[dsfgxi](?![A-Za-z])"
)
_TENTHS: Final = (
    r"(?<![第每零])"
    r"(?P<about>[三四五六七八](?=[四五六七八九] "
    r"?成))?(?P<tenths>[一二三四五六七八九十两1-9])(?<![0-9.][1-9]) ?成(?P<half_tenth>半|"
    r"[一二三四五六七八九](?![个家条项点是]))?"
    r"(?![功为本立员熟交果长分效品都像型份色因天不]|就(?![能可停差行到完]))"
)
_CHINESE_PARTS: Final = (
    r"(?<![百千万])(?P<parts_of>[二两三四五六七八九十]) ?分之 ?(?P<parts>[一二两三四五六七八九])"
    r"|(?P<half>一半|过了?半|近半|半数|大半|百分百)(?![径价年天])"
)
_ENGLISH_PARTS: Final = (
    rf"{LATIN_START}(?P<english>(?:one|a|two|three|four|five|six|seven|eight|nine)[ -]"
    rf"(?:thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)|half[ -]?way|half)"
    rf"(?!-(?:empty|full|price|hour|term|time|life|marathon|board|baked|hearted))"
    rf"{LATIN_END}(?<! in half)(?<! by half)(?! (?:year|day|an? |of (?:20|H)))"
)
_WORDS: Final = lazy.compile(rf"(?:{_TENTHS}|{_CHINESE_PARTS}|{_ENGLISH_PARTS})", re.IGNORECASE)
_ENGLISH_COUNT: Final = {"a": 1} | {word: place for place, word in enumerate(ENGLISH, 1)}
_ENGLISH_WHOLE: Final = {
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}

_INCHES: Final = lazy.compile(" ?(?:inch|英寸|寸|mm|cm|pt|cup)")
_HOURS: Final = lazy.compile("小时|hours|shifts")
#: How far apart the two values of a change, or two forms of one fact, may stand.
_LONGEST_LINK: Final = 24
_SAME_FACT: Final = lazy.compile(
    r" ?[A-Za-z]{2,12} ?\(| \(|[个项条家台套份张笔户人次例篇页支座]?[ ,;(=≈:]{0,3}(?:即|约|约为|"
    r"完成率?|完成度|进度|整体|也就是|"
    r"占比|合计|or|i\.e\.)?[ :为约,(]{0,3}"
)
#: 开发 5/9，测试 2/9
_ALIKE: Final = lazy.compile(
    r" ?[,、;/] ?(?:[\u4e00-\u9fff]{2,8}|[A-Za-z][A-Za-z ]{2,20})[: ]{0,2}"
)
#: 题库录入 62 -> 71%, from 40 to 55%: the value before, without its sign.
_BARE_BEFORE: Final = lazy.compile(
    rf"(?<![0-9A-Za-z./%:-])(?P<value>[0-9]{{1,3}}(?:\.[0-9])?) {{0,3}}(?:{ARROW}) {{0,3}}\Z"
    rf"|(?:[由从]|{LATIN_START}(?:from|went|up|moved)) ?(?P<value_from>[0-9]{{1,3}}(?:\.[0-9])?)"
    r"(?=[^0-9])(?P<link>[^0-9%,。;()\n]{1,9})\Z",
    re.IGNORECASE,
)
#: 65%, up from 50%: the value before follows.
_UP_FROM: Final = lazy.compile(
    r" ?[,(]? ?(?:(?:up|down|rising|climbing) )?from |[,(]? ?(?:由|从)(?:上周|上期|此前)?的?",
    re.IGNORECASE,
)
#: A day further from the week is written as a fraction more likely than as a date.
#: All that ``_day_of`` can be asked of, and some more.
_MAY_BE_A_DAY: Final = lazy.compile(
    r"(?<![0-9])0*(?:1[0-2]|[0-9]) ?/ ?0*(?:3[01]|[12]?[0-9])(?![0-9])|[万亿千] ?/|of",
    re.IGNORECASE,
)
_NEAR: Final = timedelta(days=100)
_PAST: Final = timedelta(days=30)


def amounts(page: Page, taken: Sequence[tuple[int, int]], week: date | None) -> list[Amount]:
    """All amounts in the order of the text.

    ``taken`` are the stretches that dates were read in.
    """
    dates = {place for start, end in taken for place in range(start, end)}
    counted = list(counts(page.folded))
    within = {place for amount in counted for place in range(amount.start, amount.end)}
    written = [
        amount
        for amount in (*_numbers(page.folded, dates, week), *_worded(page.folded))
        if amount.start not in within
    ]
    ordered = sorted((*counted, *written), key=lambda amount: amount.start)
    _mark_counts_like_days(page.folded, ordered)
    return list(_chained(page.folded, _one_fact(page.folded, ordered)))


def _mark_counts_like_days(folded: str, ordered: Sequence[Amount]) -> None:
    """问卷 7/12，访谈 4/10: beside a share that can be no day of these weeks, nor can the other."""
    for first, second in pairwise(ordered):
        if not (first.form is second.form is Form.FRACTION and first.fraction and second.fraction):
            continue
        is_told_alike = first.is_far or second.is_far or first.fraction[1] == second.fraction[1]
        if is_told_alike and _ALIKE.fullmatch(folded, first.end, second.start):
            first.is_far = second.is_far = True


def _numbers(folded: str, dates: set[int], week: date | None) -> Iterator[Amount]:
    if not _MAY_BE_A_SHARE.search(folded):
        return
    for match in _ANY.finditer(folded):
        start, end = match.span()
        if _CODE_AFTER.match(folded, end) and folded[end - 1] == "%":
            continue
        if match["num_bare"] and (start in dates or _is_of_time(folded, match)):
            continue
        value = _value(folded, match)
        if value is None:
            continue
        is_bare = any(
            match[name] is not None for name in ("num_bare", "num_of", "num_scaled", "num_fine")
        )
        form = Form.FRACTION if is_bare else Form.PERCENT
        fraction = _fraction(match)
        day = _day_of(fraction, week) if form is Form.FRACTION else None
        amount = Amount(
            start,
            end,
            value,
            form,
            fraction=fraction,
            has_unit=bool(match["unit"]),
            is_far=form is Form.FRACTION and day is None,
            is_past=week is not None and day is not None and day < week,
        )
        yield remaining(folded, amount)


def _is_of_time(folded: str, match: re.Match[str]) -> bool:
    """12/24 小时, the third of five (第 3/5 期): no share of some work."""
    is_of_hours = match["den_bare"] in ("12", "16", "24") and _HOURS.search(match[0])
    is_measure = _INCHES.match(folded, match.end()) is not None
    return bool(is_of_hours) or is_measure or folded.endswith(("第", "第 "), 0, match.start())


def asks_for_week(folded: str) -> bool:
    """Whether the text may hold a bare fraction that is a day of some week: 8/20, 3 of 9."""
    has_sign = "/" in folded or "of" in folded.lower()  # without one of them there is no match
    return has_sign and _MAY_BE_A_DAY.search(folded) is not None


def _day_of(fraction: tuple[int, int] | None, week: date | None) -> date | None:
    """The day not far from the week that the two numbers may be: its month and its day.

    Without a week the text holds no such fraction (``asks_for_week``).
    """
    if week is None or fraction is None or fraction[0] > 12 or fraction[1] > 31:
        return None
    day = nearest(None, *fraction, week)
    return day if day is not None and -_PAST < day - week < _NEAR else None


def _value(folded: str, match: re.Match[str]) -> Decimal | None:
    written = match["equal"] or match["value"] or match["chinese_value"]
    if written:
        # 进度-85% and 70%-80% join with a dash; a minus has nothing of a number before it.
        if written.startswith("-") and folded.endswith(("-", "%"), 0, match.start()):
            written = written[1:]
        return Decimal(written)
    if match["spelled"]:
        tens, *ones = re.split("[ -]", match["spelled"].lower())
        return Decimal(10 * (_TENS.index(tens) + 1) + (integer(ones[0]) if ones else 0))
    if match["chinese"]:
        number = 100 if match["chinese"] == "百" else chinese_number(match["chinese"])
        part = chinese_number(match["chinese_part"] or "零") or 0
        return None if number is None else number + Decimal(part) / 10
    fraction = _fraction(match)
    return None if fraction is None else share(*fraction)


def _fraction(match: re.Match[str]) -> tuple[int, int] | None:
    for ending in ("_scaled", "_fine"):
        if match["num" + ending]:
            part, whole = (int(Decimal(match[name + ending]) * 100) for name in ("num", "den"))
            return (part, whole) if 0 < part <= whole else None
    for ending in ("", "_after", "_bare", "_of"):
        if match["num" + ending] is not None:
            part, whole = integer(match["num" + ending]), integer(match["den" + ending])
            return (part, whole) if whole > 0 and part <= whole else None
    return None


def _worded(folded: str) -> Iterator[Amount]:
    if not _MAY_BE_WORDED.search(folded):
        return
    for match in _WORDS.finditer(folded):
        value, is_vague = _worded_value(match), match["half"] not in (None, "百分百")
        if value is not None:
            amount = Amount(match.start(), match.end(), value, Form.WORDS, is_vague=is_vague)
            yield remaining(folded, amount)


def _worded_value(match: re.Match[str]) -> Decimal | None:
    if match["tenths"]:
        tenths = chinese_number(match["tenths"])
        half = match["half_tenth"]
        ones = 5 if half == "半" else chinese_number(half or "零") or 0
        ones = -5 if match["about"] else ones  # 七八成
        return None if tenths is None else Decimal(10 * tenths + ones)
    if match["parts_of"]:
        whole, part = chinese_number(match["parts_of"]), chinese_number(match["parts"])
        return share(part, whole) if whole and part and part < whole else None
    if match["half"]:
        return Decimal(100 if match["half"] == "百分百" else 50)
    words = match["english"].lower().replace("-", " ").split()
    whole = _ENGLISH_WHOLE.get(words[-1].removesuffix("s"), 2)
    part = _ENGLISH_COUNT.get(words[0], 1)
    return share(part, whole) if part < whole else None


def _one_fact(folded: str, ordered: Iterable[Amount]) -> Iterator[Amount]:
    """18/24，完成75% and 8 个中的 6 个，75%: the same share twice is one amount."""
    last: Amount | None = None
    for amount in ordered:
        if last is not None and amount.start < last.end:
            continue  # written in two forms at one place
        if last is not None and _is_same_fact(folded, last, amount):
            exact = amount if amount.form is Form.PERCENT else last
            last = replace(
                exact,
                start=last.start if last.form is not Form.PERCENT else exact.start,
                end=amount.end,
                fraction=last.fraction or amount.fraction,
                thing=last.thing if last.thing != (0, 0) else amount.thing,
                form=Form.PERCENT if exact.form is Form.PERCENT else last.form,
            )
            continue
        if last is not None:
            yield last
        last = amount
    if last is not None:
        yield last


def _is_same_fact(folded: str, first: Amount, second: Amount) -> bool:
    is_fraction = first.fraction is not None or second.fraction is not None
    return (
        is_fraction
        and first.form is not second.form
        and second.start - first.end <= _LONGEST_LINK
        and abs(first.value - second.value) < 1
        and _SAME_FACT.fullmatch(folded, first.end, second.start) is not None
    )


def _is_of_one_whole(first: Amount, second: Amount) -> bool:
    if first.fraction is None or second.fraction is None:
        return False
    return first.fraction[1] == second.fraction[1]


def _with_bare_before(folded: str, amount: Amount) -> Amount:
    """48→54% is one amount, with the value before."""
    if amount.form is not Form.PERCENT or amount.fraction is not None:
        return amount
    match = _BARE_BEFORE.search(folded, max(0, amount.start - _LONGEST_LINK), amount.start)
    if match is None or (match["link"] and not LINK.fullmatch(match["link"])):
        return amount
    value = "value" if match["value"] else "value_from"
    return replace(amount, start=match.start(value), before=Decimal(match[value]))


def _chained(folded: str, ordered: Iterable[Amount]) -> Iterator[Amount]:
    """Amounts joined by 到 or an arrow become one, with the value before."""
    chain: Amount | None = None
    for amount in map(partial(_with_bare_before, folded), ordered):
        is_step = (
            folded[max(0, chain.start - 1) : chain.start] in tuple("+↑↓▲▼") if chain else False
        )
        if (
            chain is not None
            and not is_step
            and (
                amount.start - chain.end <= _LONGEST_LINK
                and LINK.fullmatch(folded, chain.end, amount.start)
            )
        ):
            # 由 2/9 增至 6/9: two shares of one whole are no dates
            is_far = amount.is_far or _is_of_one_whole(chain, amount)
            chain = replace(
                amount,
                start=chain.start,
                before=chain.value,
                values=chain.values + 1,
                is_far=is_far,
            )
            continue
        if chain is not None and _UP_FROM.fullmatch(folded, chain.end, amount.start):
            chain = replace(chain, end=amount.end, before=amount.value)
            continue
        if chain is not None:
            yield chain
        chain = amount
    if chain is not None:
        yield chain

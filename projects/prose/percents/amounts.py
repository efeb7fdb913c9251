"""Amounts of work as people write them: 85%, 百分之七十, 14/44, 八成, 三分之二, 30 个已改 12 个.

Every share of a whole that stands in the text, with what it comes to in percent. Amounts that are
one fact are joined (18/24，完成75%; 70% → 80%). Whether an amount is progress is for ``percents``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from projects.prose.clauses import Page
from projects.prose.units import chinese_number
from projects.prose.words import LATIN_END, LATIN_START, any_of


class Form(Enum):
    """How an amount is written: the less plainly, the more the words around it must say so."""

    PERCENT = auto()  # 85%, 百分之八十五, 85 percent, 14/44=31.8%
    FRACTION = auto()  # 14/44, 14 of 44
    COUNT = auto()  # 30 个已改 12 个
    WORDS = auto()  # 八成, 过半, 三分之二, two thirds


@dataclass(frozen=True, slots=True)
class Amount:
    """A share of a whole in the text, before anyone knows of what."""

    start: int
    end: int
    value: Decimal  # in percent
    form: Form = Form.PERCENT
    before: Decimal | None = None  # 70% → 80% holds 70
    fraction: tuple[int, int] | None = None
    has_unit: bool = False
    values: int = 1  # in a chain: 5% → 20% → 50% holds three
    is_remainder: bool = False  # 还剩两成: ``value`` is what is done
    is_vague: bool = False  # 过半: another amount beside it says it exactly
    thing: tuple[int, int] = (0, 0)  # COUNT: where the name of the counted things stands


_NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,6}"


def _fraction_of(part: str, whole: str) -> str:
    return rf"(?P<{part}>{_NUMBER}) ?/ ?(?P<{whole}>{_NUMBER})"


_DECIMAL: Final = r"(?P<{}>-?[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)"
_SIGN: Final = r" ?(?:%|(?:per ?cent|pct)(?![A-Za-z]))"
_THINGS: Final = r" ?[个项条家台套份张笔户人次例篇页支]"
_ANY: Final = re.compile(
    r"(?=[-0-9百])(?<![0-9./%])(?:"
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
    + _fraction_of("num_bare", "den_bare")
    + rf"(?![0-9/%.])(?P<unit>{_THINGS})?"
    + rf"|(?P<num_of>{_NUMBER}) (?:out )?of (?:the )?(?:total )?(?P<den_of>{_NUMBER})(?![0-9.%])"
    + r"|百分之 ?(?:(?P<chinese_value>[0-9]{1,3}(?:\.[0-9]{1,4})?)"
    + r"|(?P<chinese>百|[一二三四五六七八九十]{1,3}))"
    + r")",
    re.IGNORECASE,
)
# 85%20 and E5%85%B3 are URL codes, %d and 100%% printf formats.
_CODE_AFTER: Final = re.compile(
    r"[0-9A-F][0-9A-Fa-f](?![0-9A-Za-z])|[0-9A-Fa-f]{2}%|%|[dsfgxi](?![A-Za-z])"
)
_TENTHS: Final = (
    r"(?<![组形完达生构变促集合落养造赞年现既收速提分不])"
    r"(?P<tenths>[一二三四五六七八九十两1-9])(?<![0-9.][1-9]) ?成(?P<half_tenth>半)?"
    r"(?![功为本立员熟交果长分效品都像型就份色因天])"
)
_CHINESE_PARTS: Final = (
    r"(?<![百千万])(?P<parts_of>[二两三四五六七八九十]) ?分之 ?(?P<parts>[一二两三四五六七八九])"
    r"|(?P<half>(?:完成|做|走|推进|进行)?(?:了|过|到|到了|超|超过)?一半|过了?半|近半|百分百)(?![径价年天])"
)
_ENGLISH_PARTS: Final = (
    rf"{LATIN_START}(?P<english>(?:(?:one|a|two|three|four) )?(?:thirds?|quarters?|fifths?)"
    rf"|half[ -]?way|half){LATIN_END}(?! (?:year|day|an? |of (?:20|H)))"
)
_WORDS: Final = re.compile(rf"(?:{_TENTHS}|{_CHINESE_PARTS}|{_ENGLISH_PARTS})", re.IGNORECASE)
_ENGLISH_COUNT: Final = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4}
_ENGLISH_WHOLE: Final = {"third": 3, "quarter": 4, "fifth": 5}

#: Words of something that was done to counted things: 已改, 跑完, 上线, 通过.
DONE_TO: Final = (
    r"已经?(?!知|有|发现|报|反馈)|[做改换迁跑测签发装切修写录铺验审补配调接建买拆搬]"
    r"(?:[完好过掉毕]了?|了)|"
    + any_of(
        "完成 搞定 通过 上线 接入 交付 落地 处理 关闭 解决 验收 联调 提测 迁移 改造 切换 整改 修复 "
        "核对 清理 部署 开通 适配 对接 替换 升级 回收 入库 归档 执行 审核 转测 投产 安装 更换 "
        "就绪 走访 收回 收到 签约 签署 修好 交接 培训 发放 入驻 调试 评审 审批 盘点"
    )
    + rf"|{LATIN_START}(?:done|completed?|finished|migrated|passed|closed|fixed|shipped|converted|"
    rf"replaced|moved|ported|delivered|live|ready|through|merged|reviewed|signed|installed|"
    rf"written|drafted|built|filled|tested|approved|handed over|trained|onboarded|deployed|"
    rf"launched|rolled out|validated|translated|recorded|published|wired|printed)"
    rf"{LATIN_END}"
)
_DONE_TO: Final = re.compile(DONE_TO, re.IGNORECASE)
_TROUBLE: Final = re.compile(r"异常|问题|报错|缺陷|故障|告警|投诉|隐患")
_NOT_DONE: Final = re.compile(
    r"未|没|待(?!遇)|失败|取消|不[能会可]|暂停|涉及|新增|增加"
    rf"|{LATIN_START}(?:not|failed|open|blocked|new){LATIN_END}",
    re.IGNORECASE,
)
_UNITS: Final = (
    r"个|项|条|家|台|套|份|张|笔|户|人|次|例|篇|页|支|座|辆|组|批|款|门|栋|间|处|块|店|城"
)
_LEFT: Final = re.compile(
    r"(?:还剩下?|剩余|剩下|仅剩|只剩|剩|尚余|余下|还差|仅差|只差|差)(?:约|大约|大概|最后|不到|了|的|"
    r"|:| )*\Z|"
    rf"{LATIN_START}remaining:? ?\Z",
    re.IGNORECASE,
)
_LEFT_AFTER: Final = re.compile(
    r" ?(?:的?(?:工作量?|内容|用例|接口|任务|页面|数据)?(?:还|尚|仍)?[未没](?:完成|做|改|迁|测|"
    r"跑|开始|动)"
    r"|(?:is |are |still )?(?:left|remaining|to go|outstanding)(?![A-Za-z]))",
    re.IGNORECASE,
)
_TOTAL_FIRST: Final = re.compile(
    rf"(?<![0-9.])(?P<total>{_NUMBER}) ?(?P<unit>{_UNITS})(?P<thing>[^,。;:0-9\n()]{{0,12}}?)"
    rf"(?P<between>[,(]? ?[^,。;:0-9\n()]{{0,10}}?)(?<![0-9.第])(?P<part>{_NUMBER}) ?(?P=unit)"
    rf"(?P<after>[^,。;:0-9\n()]{{0,6}})"
)
_PART_FIRST: Final = re.compile(
    rf"(?<![0-9.])(?P<part>{_NUMBER}) ?(?P<unit>{_UNITS})(?P<thing>[^,。;:0-9\n()]{{0,8}}?)"
    rf"[,(/]? ?(?:一共|总共|总计|总数|合计|全部|共|总)(?:有|计|是|为|:| )*(?P<total>{_NUMBER})"
    rf"(?: ?(?P=unit))?(?![0-9.%])"
)
#: How far apart the two values of a change, or two forms of one fact, may stand.
_LONGEST_LINK: Final = 24
_SAME_FACT: Final = re.compile(
    r" ?[A-Za-z]{2,12} ?\(|[个项条家台套份张笔户人次例篇页支座]?[ ,;(=≈:]{0,3}(?:即|约|约为|"
    r"完成率?|完成度|进度|整体|也就是|"
    r"占比|合计|or|i\.e\.)?[ :为约,(]{0,3}"
)
_TWO_PLACES: Final = Decimal("0.01")


def amounts(page: Page, taken: Sequence[tuple[int, int]], link: re.Pattern[str]) -> list[Amount]:
    """All amounts in the order of the text.

    ``taken`` are the stretches that dates were read in; ``link`` joins the values of a change.
    """
    dates = {place for start, end in taken for place in range(start, end)}
    counted = _counts(page.folded)
    within = {place for amount in counted for place in range(amount.start, amount.end)}
    written = [
        amount
        for amount in (*_numbers(page.folded, dates), *_worded(page.folded))
        if amount.start not in within
    ]
    ordered = sorted((*counted, *written), key=lambda amount: amount.start)
    return list(_chained(page.folded, _one_fact(page.folded, ordered), link))


def _numbers(folded: str, dates: set[int]) -> Iterator[Amount]:
    for match in _ANY.finditer(folded):
        start, end = match.span()
        if _CODE_AFTER.match(folded, end) and folded[end - 1] == "%":
            continue
        if match["num_bare"] and start in dates:
            continue
        value = _value(folded, match)
        if value is None:
            continue
        is_bare = match["num_bare"] is not None or match["num_of"] is not None
        form = Form.FRACTION if is_bare else Form.PERCENT
        yield _remaining(
            folded,
            Amount(
                start, end, value, form, fraction=_fraction(match), has_unit=bool(match["unit"])
            ),
        )


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
    return None if fraction is None else _share(*fraction)


def _fraction(match: re.Match[str]) -> tuple[int, int] | None:
    for ending in ("", "_after", "_bare", "_of"):
        if match["num" + ending] is not None:
            part, whole = _integer(match["num" + ending]), _integer(match["den" + ending])
            return (part, whole) if whole > 0 and part <= whole else None
    return None


def _integer(written: str) -> int:
    return int(written.replace(",", ""))


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(100) * part / whole).quantize(_TWO_PLACES)


def _worded(folded: str) -> Iterator[Amount]:
    for match in _WORDS.finditer(folded):
        value, is_vague = _worded_value(match), match["half"] not in (None, "百分百")
        if value is not None:
            amount = Amount(match.start(), match.end(), value, Form.WORDS, is_vague=is_vague)
            yield _remaining(folded, amount)


def _worded_value(match: re.Match[str]) -> Decimal | None:
    if match["tenths"]:
        tenths = chinese_number(match["tenths"])
        return None if tenths is None else Decimal(10 * tenths + (5 if match["half_tenth"] else 0))
    if match["parts_of"]:
        whole, part = chinese_number(match["parts_of"]), chinese_number(match["parts"])
        return _share(part, whole) if whole and part and part < whole else None
    if match["half"]:
        return Decimal(100 if match["half"] == "百分百" else 50)
    words = match["english"].lower().split()
    whole = _ENGLISH_WHOLE.get(words[-1].removesuffix("s"), 2)
    part = _ENGLISH_COUNT.get(words[0], 1)
    return _share(part, whole) if part < whole else None


def _remaining(folded: str, amount: Amount) -> Amount:
    """还剩两成 and 20% left say what is not done."""
    is_left = _LEFT.search(folded, max(0, amount.start - 10), amount.start)
    if (is_left or _LEFT_AFTER.match(folded, amount.end)) and amount.value <= 100:
        start = is_left.start() if is_left else amount.start
        left = Decimal(100) - amount.value
        return replace(amount, start=start, value=left, fraction=None, is_remainder=True)
    return amount


def _counts(folded: str) -> list[Amount]:
    """Two numbers of the same things, of which one is the whole: 接口 30 个已改 12 个."""
    counts: list[Amount] = []
    for pattern in (_TOTAL_FIRST, _PART_FIRST):
        at = 0
        while match := pattern.search(folded, at):
            amount = _count(folded, match)
            if amount is not None:
                counts.append(amount)
            at = match.end() if amount is not None else match.end("unit")
    return counts


def _count(folded: str, match: re.Match[str]) -> Amount | None:
    part, whole = _integer(match["part"]), _integer(match["total"])
    total_first = match.re is _TOTAL_FIRST
    between = match["thing"] + (match["between"] if total_first else "")
    before = folded[max(0, match.start() - 10) : match.start()]
    after = match["after"] if total_first else folded[match.end() : match.end() + 6]
    if part > whole or whole < 2:
        return None
    is_left = total_first and _LEFT.search(between) is not None
    says_done = _DONE_TO.search(between)
    if _NOT_DONE.search(between) or (_TROUBLE.search(between) and not says_done):
        return None
    is_within = total_first and re.search(r"中的?\Z|里的?\Z", between.strip()) is not None
    says_done = says_done or (_DONE_TO.search(before) if is_within or not total_first else None)
    says_done = says_done or (_DONE_TO.match(after) if not _NOT_DONE.search(after) else None)
    if not (says_done or is_left) or _NOT_DONE.match(after):
        return None
    if total_first and not is_within and _names_other_things(match["thing"], after):
        return None
    first = match.start("part" if not total_first else "total")
    end = match.start("after") if total_first else match.end()
    done = whole - part if is_left else part
    thing = (match.start("thing"), match.end("between" if total_first else "thing"))
    return Amount(
        first,
        end,
        _share(done, whole),
        Form.COUNT,
        fraction=(done, whole),
        has_unit=True,
        thing=thing,
    )


def _names_other_things(thing: str, after: str) -> bool:
    """12 个人完成 6 个需求 counts two kinds of things."""
    noun = re.match(r"[\u4e00-\u9fffA-Za-z]{2,}", after.strip())
    if noun is None or _DONE_TO.match(noun[0]):
        return False
    return not thing.strip().startswith(noun[0][:2])


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


def _chained(folded: str, ordered: Iterable[Amount], link: re.Pattern[str]) -> Iterator[Amount]:
    """Amounts joined by 到 or an arrow become one, with the value before."""
    chain: Amount | None = None
    for amount in ordered:
        if chain is not None and (
            amount.start - chain.end <= _LONGEST_LINK
            and link.fullmatch(folded, chain.end, amount.start)
        ):
            values = chain.values + 1
            chain = replace(amount, start=chain.start, before=chain.value, values=values)
            continue
        if chain is not None:
            yield chain
        chain = amount
    if chain is not None:
        yield chain

"""Counts of done things: two numbers of the same things, of which one is the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from projects.prose import lazy
from projects.prose.percents.amount import (
    DONE,
    DONE_TO,
    JUST_DONE,
    LEFT,
    LEFT_AFTER,
    NUMBER,
    QUANTITY,
    SPELLED,
    UNITS,
    Amount,
    Form,
    quantity,
    share,
    whole_numbers,
)
from projects.prose.percents.kinds import likeness
from projects.prose.words import LATIN_END, LATIN_START

_WORDS: Final = r"[^,。;:0-9\n()]"
_BEFORE: Final = r"(?<![0-9.第一二三四五六七八九十百])"
#: 接口 30 个已改 12 个, 九个标段有六个开了工, 词条 3200 条（已译 2400）
_WHOLE_FIRST: Final = lazy.compile(
    rf"{_BEFORE}(?P<whole>{SPELLED}) ?(?P<unit>{UNITS})"
    rf"(?P<between>{_WORDS}{{0,14}}?(?:[,(]{_WORDS}{{0,10}}?)?)"
    rf"(?:(?<![0-9.第])|(?<=到第)|(?<=到第 ))(?P<part>{SPELLED})(?!,[0-9]{{3}}) ?"
    rf"(?:(?P=unit)|(?:(?<=[0-9])|(?<=[0-9] ))(?=[),;。\n]|\Z))(?P<after>{_WORDS}{{0,6}})"
)
#: 整改完成 22 项（共 25 项）, 探伤已做 9 组，全线共 36 组
_PART_FIRST: Final = lazy.compile(
    rf"(?:{_BEFORE}|(?<=到第)|(?<=到第 ))(?P<part>{QUANTITY}) "
    rf"?(?P<unit>{UNITS})(?P<between>{_WORDS}{{0,8}}?)[,(/]? ?"
    r"(?:全[线程段省市区县网院校行厂司馆站]共|一共|总共|总计|总数|总量|总长|全长|总面积|总里程|总任务|发放|下发|发出|应收|合计|全部|全量|"
    r"共|总|目标|任务|编制|定员|定额|计划|应[\u4e00-\u9fff]?|"
    r"满额|合同)(?:数|量)?(?:有|计|是|为|要|:| )*"
    rf"(?P<whole>{QUANTITY})(?: ?(?P=unit))?(?![0-9.%])"
)
#: 看过 16 份，还有 4 份没看
_PART_AND_REST: Final = lazy.compile(
    rf"{_BEFORE}(?P<part>{QUANTITY}) ?(?P<unit>{UNITS})(?P<between>{_WORDS}{{0,8}}?)[,;] ?"
    rf"(?:还有|还剩下?|还[差欠缺]|剩余|剩下?|另有|其余|[未没待][\u4e00-\u9fff]{{1,3}})(?:约| "
    rf")?(?P<rest>{QUANTITY}) ?(?P=unit)"
)
#: 21 家 / 35 家
_BOTH_UNITS: Final = lazy.compile(
    rf"{_BEFORE}(?P<part>{QUANTITY}) ?(?P<unit>{UNITS})(?P<between>) ?/ ?(?P<whole>{QUANTITY}) "
    rf"?(?P=unit)"
)
#: 应补 400，已补 300
_DUE_AND_DONE: Final = lazy.compile(
    rf"应[\u4e00-\u9fff]{{0,3}} ?(?P<whole>{QUANTITY}) ?(?P<unit>{UNITS})?"
    rf"(?P<between>[,;]? ?)[已实]"
    rf"[\u4e00-\u9fff]{{0,3}} ?(?P<part>{QUANTITY})(?![0-9.%])"
)
_THINGS: Final = "(?P<between>[A-Za-z][A-Za-z -]{0,24}?(?:s|people|staff))"
#: There are 30 endpoints, 21 done; Onboarded 9 suppliers, 12 in total
_ENGLISH: Final = lazy.compile(
    rf"(?<![0-9.A-Za-z])(?P<whole>{NUMBER}) {_THINGS}(?:,|;| \(| and| total,)?(?: of which)? ?"
    rf"(?P<part>{NUMBER}) (?:of (?:them|those) )?(?:are |were |is |have been )?(?:already |now )?"
    rf"(?:{DONE_TO})",
    re.IGNORECASE,
)
#: 40 lessons planned, 26 recorded
_ENGLISH_PLANNED: Final = lazy.compile(
    rf"(?<![0-9.A-Za-z])(?P<whole>{NUMBER}) {_THINGS} (?:planned|scheduled|needed|required|due|"
    rf"in scope)(?:,|;| and|:) ?(?P<part>{NUMBER}) (?:are |were |is |have been )?(?:already |now )?"
    rf"(?:{DONE_TO})",
    re.IGNORECASE,
)
#: Painted 30 rooms, 10 to go
_ENGLISH_DONE_AND_REST: Final = lazy.compile(
    rf"(?:{DONE_TO}) (?P<part>{NUMBER}) {_THINGS}(?:,|;| and| with| -) ?(?P<rest>{NUMBER})"
    rf"(?: (?:more|others?))? (?:still )?(?:to go|to [a-z]+|left|remaining|pending|outstanding)"
    rf"(?![A-Za-z])",
    re.IGNORECASE,
)
#: 6 modules done, 2 to go
_ENGLISH_AND_REST: Final = lazy.compile(
    rf"(?<![0-9.A-Za-z])(?P<part>{NUMBER}) (?P<between>[A-Za-z][A-Za-z -]{{0,24}}? )?(?:are |is "
    rf")?(?:{DONE_TO})"
    rf"(?:,|;| and| with)? ?(?P<rest>{NUMBER}) (?:(?:still )?to [a-z]+|left|remaining|pending|"
    rf"outstanding|"
    rf"open)(?![A-Za-z])",
    re.IGNORECASE,
)
_ENGLISH_PART_FIRST: Final = lazy.compile(
    rf"(?=[^\n]{{6,70}}(?:total|in all|overall|altogether))(?:{DONE_TO}) (?P<part>{NUMBER}) "
    rf"{_THINGS}(?:,| out of| of)? ?(?P<whole>{NUMBER}) "
    r"(?:in total|in all|total|overall|altogether)",
    re.IGNORECASE,
)
#: 15 farms joined, target 20; 4 held, 5 planned; 18 vans retrofitted out of 24
_ENGLISH_TARGET: Final = lazy.compile(
    rf"(?<![0-9.A-Za-z])(?P<part>{NUMBER}) (?P<between>[A-Za-z][A-Za-z -]{{0,24}}? )?(?:are |"
    rf"were )?"
    rf"(?:{DONE_TO})(?:,|;|:)? ?\(?(?:(?:target|goal|plan|planned|out of|of)(?: is| of|:)? |"
    rf"(?={NUMBER} (?:planned|scheduled|needed|required|targeted)(?![A-Za-z])))"
    rf"(?P<whole>{NUMBER})(?![0-9.%])",
    re.IGNORECASE,
)
_ALL_ENGLISH: Final = (
    _ENGLISH_TARGET,
    _ENGLISH,
    _ENGLISH_PLANNED,
    _ENGLISH_AND_REST,
    _ENGLISH_DONE_AND_REST,
    _ENGLISH_PART_FIRST,
)
_IN_ALL: Final = lazy.compile("total|in all|overall|altogether", re.IGNORECASE)
_TWO_NUMBERS: Final = lazy.compile(r"[0-9][^0-9\n][^0-9\n]{0,34}[0-9]")
_TWO_NUMERALS: Final = lazy.compile(
    "[0-9一二两三四五六七八九十百]{1,6}[^0-9\n一二两三四五六七八九十]{2,26}[0-9一二两三四五六七八九"
    "十]"
)
_LATIN: Final = lazy.compile("[A-Za-z]{3}")
#: Done for sure, as no noun says it: 已跑 200 条, 跑完 18 个.
_MARKED_DONE: Final = lazy.compile(
    r"(?:已经?[\u4e00-\u9fff]{1,3}|[\u4e00-\u9fff][完了过好回通齐])(?:约|近| )*\Z"
)
_WANTING: Final = lazy.compile(
    r"(?:[还仅只]?[差缺欠]|剩余)(?:约| )*\Z|[未没待][\u4e00-\u9fff]{1,3} ?\Z"
)
_STILL: Final = lazy.compile(r"(?:还有|还剩|尚有|仍有|只有|另有)(?:约| )*\Z")
_NOT_YET_DONE: Final = lazy.compile(r"[未没待](?!来)[\u4e00-\u9fff]")
#: Counts of a day or a week are no part of the whole: 一天跑了 200 条，还剩 100 条.
_OF_A_DAY: Final = lazy.compile(
    r"一天|每[天日周]|日均|今[天日]|昨[天日]|当[天日]|[本上这]周|本月|新增"
)
#: 投诉 12 起，其中 9 起为物流
_OF_A_KIND: Final = lazy.compile(r" ?(?:[都均]?(?:[为属]|是(?!完)|来自|涉及|因|由|与|被)|的)")
_TROUBLE: Final = lazy.compile(
    r"接通|接听|异常|问题|报错|缺陷|故障|告警|投诉|隐患|[坏丢错缺漏退挂停断裂离砍删废逾走]了?"
)
_NOT_DONE: Final = lazy.compile(
    r"未|没|待(?!遇)|砍|删[掉除]|作废|回滚|失败|取消|不[能会可]|暂停|涉及|新增|增加"
    rf"|{LATIN_START}(?:not|failed|open|blocked|new){LATIN_END}",
    re.IGNORECASE,
)
_PLANNED: Final = lazy.compile("编制|定员|定额|计划|应有?|合同")
_AIM: Final = lazy.compile("目标|任务")
_JUST_BEGUN: Final = lazy.compile(r" ?[\u4e00-\u9fff]{1,2}了")
_PEOPLE: Final = lazy.compile("用户|客户|顾客|学生|员工|商户|网友")
#: What is sifted or comes in by itself is no work: 面试 20 人，通过 6 人.
_FILTERED: Final = lazy.compile(
    r"面试|应聘|报名|报考|投标|投递|抽检|抽查|抽样|来电|来访|咨询|新增[\u4e00-\u9fff]{0,4}|收到|"
    r"接到|发现"
)
#: What was done to the things, where it opens the clause; the names of troubles lie below.
_VERB_BEFORE: Final = lazy.compile(r"(?:\A|[,。;:、\n] ?)(?P<verb>[\u4e00-\u9fff]{2,6}) ?\Z")
_NO_WORK: Final = (_TROUBLE, _FILTERED, _PEOPLE)
_LEAST_VERB: Final = -2.0
#: 毛坯 8 件到 6 件, 12 户签 9 户
_ONE_VERB: Final = lazy.compile(r" ?,? ?已?[到签装拆换改做交验调铺建通录拍译写画审修补] ?")
_FROM: Final = lazy.compile("[从由降减]")
_WITHIN: Final = lazy.compile(r"[中里]的? ?\Z")


@dataclass(slots=True)
class _Words:
    """The words around a count: before it, between its numbers, and after it."""

    before: str
    between: str
    after: str


def counts(folded: str) -> Iterator[Amount]:
    """The counts of ``folded``, pattern by pattern."""
    # Most lines hold no two numbers: looking for those first is five times faster.
    digits = _TWO_NUMBERS.search(folded) is not None
    patterns = [_WHOLE_FIRST] if digits or _TWO_NUMERALS.search(folded) else []
    patterns += [_PART_FIRST, _PART_AND_REST, _BOTH_UNITS, _DUE_AND_DONE] if digits else []
    if digits and _LATIN.search(folded):
        patterns += _ALL_ENGLISH if _IN_ALL.search(folded) else _ALL_ENGLISH[:-1]
    for pattern in patterns:
        at = 0
        while match := pattern.search(folded, at):
            amount = _count(folded, match)
            if amount is not None:
                yield amount
            at = (
                match.end()
                if amount is not None
                else max(match.start("between"), match.start() + 1)
            )


def _is_by(match: re.Match[str], *patterns: re.Pattern[str]) -> bool:
    """Whether one of them found it. They are compared by their texts: see lazy.py."""
    return match.re.pattern in [pattern.pattern for pattern in patterns]


def _count(folded: str, match: re.Match[str]) -> Amount | None:
    part = quantity(match["part"])
    has_rest = _is_by(match, _PART_AND_REST, _ENGLISH_AND_REST, _ENGLISH_DONE_AND_REST)
    whole = part + quantity(match["rest"]) if has_rest else quantity(match["whole"])
    if not part <= whole or whole < 2:
        return None
    start, end = match.span()
    if has_rest and _OF_A_DAY.search(folded, max(0, start - 10), start):
        return None
    if _is_by(match, _WHOLE_FIRST):
        end = match.start("after")
    words = _Words(folded[max(0, start - 10) : start], match["between"], folded[end : end + 6])
    is_left = False
    if not _is_by(match, *_ALL_ENGLISH, _BOTH_UNITS, _DUE_AND_DONE):
        before = words.between if _is_by(match, _WHOLE_FIRST) else words.before
        is_left = not has_rest and _is_left(words, before)
        if not (is_left or _is_done(words, match)):
            return None
    done = whole - part if is_left else part
    return Amount(
        start,
        end,
        share(done, whole),
        Form.COUNT,
        fraction=whole_numbers(done, whole),
        has_unit=True,
        thing=match.span("between"),
    )


def _is_left(words: _Words, before: str) -> bool:
    """Whether the part is what is not done: 报表 11 张，还有 2 张没出; 还有 14 个没接（共 56）."""
    is_done = _MARKED_DONE.search(words.before) is not None
    # 签约 45 户，还差 15 户: what is wanting comes on top
    is_wanting = _WANTING.search(before) is not None and DONE.search(words.before[-5:])
    is_done = is_done or bool(is_wanting)
    if is_done and before is words.between:
        return False  # 跑了 200 条，还剩 100 条: both together are the whole
    if LEFT.search(before) or (LEFT_AFTER.match(words.after) and before is not words.between):
        return True
    is_still = _STILL.search(before) is not None
    undone = words.after if before is words.between else words.between
    return is_still and bool(LEFT_AFTER.match(undone) or _NOT_YET_DONE.search(undone))


def _is_done(words: _Words, match: re.Match[str]) -> bool:
    """Whether the words say that the part is done, not that it is broken or of other things."""
    if _OF_A_KIND.match(words.after) or _OF_A_KIND.match(words.between):
        return False
    is_of_rest = _is_by(match, _PART_AND_REST)  # what follows is said of the rest
    if _NOT_DONE.search(words.between) or (_NOT_DONE.match(words.after) and not is_of_rest):
        return False
    is_trouble = _TROUBLE.search(words.between + words.after) is not None
    if not _is_by(match, _WHOLE_FIRST):
        return _is_part_done(words, match) and not is_trouble
    return _is_done_after_whole(words, match["unit"], is_trouble=is_trouble)


def _is_done_after_whole(words: _Words, unit: str, *, is_trouble: bool) -> bool:
    """Whether the part, which stands behind the whole, is told as done."""
    if words.between.rstrip().endswith("到第"):
        return True  # 十二章写到第九章
    if _FILTERED.search(words.before):
        return False
    is_within = _WITHIN.search(words.between) is not None
    # 20 家供应商签了 13 家保密协议; but 12 个人完成了 6 个需求
    is_within = is_within or (unit not in ("个", "次") and words.between.endswith(("了", "了 ")))
    if not is_within and _names_other_things(words.between, words.after):
        return False
    if _ONE_VERB.fullmatch(words.between) and not _FROM.search(words.before):
        return True
    if DONE.search(words.between) or (is_within and DONE.search(words.before)):
        return True
    is_done = DONE.match(words.after) is not None and not _NOT_DONE.search(words.after)
    is_of_people = _PEOPLE.search(words.between) is not None  # 50 个用户，30 个点了赞
    is_begun = JUST_DONE.search(words.between) or (
        _JUST_BEGUN.match(words.after) and not is_of_people
    )
    return (is_done or bool(is_begun)) and not is_trouble and unit != "次"


def _is_part_done(words: _Words, match: re.Match[str]) -> bool:
    """Whether the part, which stands before the whole, is told as done."""
    is_first = _is_by(match, _PART_FIRST)
    if is_first and _AIM.search(match[0]):
        return _MARKED_DONE.search(words.before) is not None
    is_nth = words.before.rstrip().endswith("到第")  # 录到第 18 集（共 30 集）
    is_planned = is_first and _PLANNED.search(match[0]) is not None
    if is_first and "(" in match[0] and not _TROUBLE.search(words.before):
        return _PEOPLE.search(words.before) is None  # 高清探头加装 45 路（共 60 路）
    says_done = DONE.search(words.between) or DONE.search(words.before)
    if is_nth or is_planned or says_done or JUST_DONE.search(words.before):
        return True
    verb = _VERB_BEFORE.search(words.before) if is_first else None
    if verb is None or any(kind.search(words.before) for kind in _NO_WORK):
        return False
    return likeness(verb["verb"]) > _LEAST_VERB  # 扫描 90 万页，共 120 万页


def _names_other_things(thing: str, after: str) -> bool:
    """12 个人完成 6 个需求 counts two kinds of things."""
    noun = re.match(r"[\u4e00-\u9fffA-Za-z]{2,}", after.strip())
    if noun is None or DONE.match(noun[0]) or noun[0][1:2] == "了":
        return False
    return not thing.strip().startswith(noun[0][:2])

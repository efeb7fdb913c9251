"""Percentages: which are progress, and of what; the others are handed on as measured numbers.

The words nearest to the number decide. Words of progress (进度, 完成, a stage that it stands alone
after) make it progress: 识别率优化完成80%. A measured name (率, 占比, CPU) makes it a reading:
整体成功率99%. Beside any other name it is progress of that name when it stands alone there:
短信网关 60%. Targets, plans, steps of a release (灰度 5%), changes (提升28%) and shares of people
or money (20%的商户) are never progress. A name that the caller knows outweighs all but these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.mentions import Rule
from projects.prose.percents.amount import DONE, DONE_TO, JUST_DONE, Amount, Form
from projects.prose.percents.amounts import amounts
from projects.prose.percents.around import Around, around_amount
from projects.prose.percents.judged import Ruling, Sense
from projects.prose.percents.kinds import bare_name, is_likely_work, is_measured_name, is_work_name
from projects.prose.percents.rows import ends_with_known_name, is_cell
from projects.prose.percents.words import (
    AFTER_DONE,
    AFTER_STEP,
    ALONE,
    BRACKET_OPENS,
    CHANGED,
    CONDITION_AFTER,
    MEASURED,
    NAME_BEHIND,
    NO_NAME,
    NO_WORK,
    NOW,
    PLANNED,
    PLANNED_AFTER,
    PLANNED_OPENER,
    PROGRESS,
    PROGRESS_OPENER,
    RATED,
    READ,
    SHARE_AFTER,
    SPENT,
    STAGE,
    STEP,
    TARGET,
    UNDONE,
    WHOLE,
    WORK,
)
from projects.prose.words import LASTS

_MADE: Final = lazy.compile(r"[做写画改搭建录跑测搬装译编剪]了 ?\Z")
#: 用例通过 380/420; but 通过 98% is a rate.
_PASSED: Final = lazy.compile(r"通过了? ?\Z")
_COUNTED: Final = lazy.compile(r"累计|共|合计|总计|已|约|近|差不多|大概")
#: Things that an amount is of, and what was done to them.
_OF_THINGS: Final = lazy.compile(
    r" ?(?:of )?(?:the |our |all )?(?P<name>[A-Za-z][A-Za-z -]{1,30}?) "
    rf"(?:(?:is|are|was|were|have been|has been|have|has) )?(?:now |already )?(?:{DONE_TO})"
    rf"|的?(?P<things>[\u4e00-\u9fff]{{0,8}}?)(?:已?完成|已.{{1,4}})| ?(?:均|都)?(?:{DONE_TO})",
    re.IGNORECASE,
)
_STEPS: Final = lazy.compile(
    r"灰度|放量|切量|切流|(?<![A-Za-z])(?:rollout|canary|ramp)", re.IGNORECASE
)
_IS_SO: Final = lazy.compile(r"(?<![A-Za-z])(?:is|are|was|were|now|been)(?: about| now)* ?\Z")
_PARTICIPLE: Final = lazy.compile(
    r" (?!discount|occup|book|charg|utili|load|satisf|engag|own|fund|pric|tax|overload|overdue|"
    rf"off|subscrib|congest)(?:{DONE_TO})(?=[ ,.;)]|\Z)",
    re.IGNORECASE,
)
#: What may stand after an amount that is alone in its clause.
_REST: Final = lazy.compile(
    r"[ )\]]*(?:左右|上下|以上|多|了|吧|整)*(?:\([^()\n]{1,20}\)?)?(?: ?(?:正在)?(?:进行|推进|"
    r"开发|测试|施工|处理|设计)中)?(?: actual(?:ly)?)?[ )\]]*"
)
#: Drafted 55% of the policy manual.
_DONE_SO_FAR: Final = lazy.compile(
    rf"\W*(?:(?:we|they|i|team)(?:'ve|'re)? |have |has |are |already |now |got |"
    rf"worked )*(?!cover|reach|refund|consum|wast|charg|"
    rf"spen)(?:{DONE_TO})"
    r" (?:about |some |around |nearly |over )?",
    re.IGNORECASE,
)
_OF_IT: Final = lazy.compile(r" of (?:the |our |all )?[a-z]", re.IGNORECASE)
_NAME_AFTER: Final = lazy.compile(r" ?-{1,2} ?[A-Za-z\u4e00-\u9fff]{2}")  # 60% - 税务影像归集
_LATIN: Final = lazy.compile(" ?[A-Za-z]")
_LATIN_REST: Final = lazy.compile(
    r" ?(?:now|actual(?:ly)?|so far|this|today|done|complete|and|but|with|on|for|in|through|"
    r"as|after|vs|versus|against|up|down|from|at|already|overall|over|since|because|due|pending|waiting|blocked|next|by|yet|or|"
    r"still|wip|instead|rather|behind|ahead|last|yesterday|of the)(?![A-Za-z])",
    re.IGNORECASE,
)
_BRACKETED: Final = lazy.compile(r" ?[\])】>》」}] ?\S{2}")
#: Half of the crates arrived damaged: what happened to them is no work.
_SPOILT: Final = lazy.compile(
    r"[a-z -]{0,40}?(?<![a-z])(?:damaged|broken|cracked|wrong|late|empty|expired|"
    r"faulty|defective|missing|sold|booked|taken|rented|leased|let|occupied)"
    r"(?![a-z])"
)
#: 30% advance paid
_FEE: Final = lazy.compile(
    r"(?:advance|(?:down|pre|first|final|milestone|stage)[ -]?payment|instal+ment|retainer|upfront|"
    r"balance)s?\Z",
    re.IGNORECASE,
)
#: What learners and users complete, and the bars they look at, are no work.
_IS_USED: Final = lazy.compile(
    r"(?:培训|教程|学习|课程|[必选]修课|[安全]课|考试|问卷|订单|业绩|新手引导)(?:的|任务)?完成率\Z"
    r"|(?:上传|下载|加载|安装|页面|界面|升级)[^,。;]{0,6}进度条?[^,。;]{0,4}\Z"
)
_QUOTED_NOUN: Final = lazy.compile(r'[^",。;]{0,12}" ?(?:的|[a-z]|[文提字按样四两三几但])')
_WEIGHTS: Final = lazy.compile("权重|评分|分值|计分|考核[项标]|占比")
#: In a chain of three, the values before the last that a release stops at.
_RELEASE_STEPS: Final = frozenset({1, 2, 3, 5, 10, 15, 20, 25, 30})
#: A dash before less than this is a minus more likely than what joins a name to its amount.
_LEAST_JOINED: Final = 10
_DASH: Final = lazy.compile(r" ?- ?\Z")
type _Verdict = tuple[Sense, Rule]
_PROGRESS: Final = Sense.PROGRESS
_MEASURED: Final = (Sense.READING, Rule.MEASURED)
_FALLEN: Final = (Sense.READING, Rule.CHANGE)
_UNCLEAR: Final = (Sense.READING, Rule.UNCLEAR)


def verdicts(
    page: Page, stretches: Sequence[tuple[int, int]], week: date | None
) -> Iterator[Ruling]:
    """What the rules say of every amount; ``stretches`` are those that dates were read in."""
    last: Ruling | None = None
    floor = 0
    for amount in amounts(page, stretches, week):
        follows = last is not None and last.sense is Sense.PROGRESS
        follows = follows and page.line_start(amount.start) <= floor
        around = around_amount(page, amount, floor, follows=follows)
        words, rule = _progress_words(around, amount.end)
        sense, rule = _sense(page, amount, around, words, rule)
        verdict = Ruling(amount, around, sense, rule, words)
        yield verdict
        if amount.form is Form.PERCENT or sense is Sense.PROGRESS:
            last, floor = verdict, amount.end


def _progress_words(around: Around, end: int) -> tuple[tuple[int, int] | None, Rule]:
    """Where the words stand that make the number progress, if any do."""
    for pattern, rule in (
        (PROGRESS, Rule.PROGRESS_WORD),
        (WHOLE, Rule.WHOLE),
        (STAGE, Rule.STAGE),
    ):
        match = pattern.search(around.core)
        if match and (pattern is PROGRESS or ALONE.match(around.after)):
            return (around.start + match.start(), around.start + match.end()), rule
    if done := AFTER_DONE.match(around.after):
        first, last = next(done.span(kind) for kind in ("word", "others", "latin") if done[kind])
        return (end + first, end + last), Rule.PROGRESS_WORD
    opener = PROGRESS_OPENER.search(around.head)
    if opener and not READ.search(around.core):
        start = around.head_start
        return (start + opener.start(), start + opener.end()), Rule.OPENER
    return None, Rule.UNCLEAR


def _sense(
    page: Page, amount: Amount, around: Around, words: tuple[int, int] | None, rule: Rule
) -> _Verdict:
    is_percent = amount.form is Form.PERCENT
    is_stepped = is_percent and (
        STEP.search(around.core) or (words is None and _STEPS.search(around.head))
    )
    # 5% → 20% → 50% are the steps of a release, unless the words speak of progress
    is_ladder = amount.values > 2 and words is None and amount.before in _RELEASE_STEPS
    if is_stepped or is_ladder or AFTER_STEP.match(around.after):
        return Sense.STEP, Rule.STEP
    is_target = any(words.search(around.before) for words in (TARGET, UNDONE))
    is_target = is_target or (is_percent and PLANNED_AFTER.match(around.after) is not None)
    if is_target or any(PLANNED_OPENER.search(text) for text in (around.opener, around.head)):
        return Sense.TARGET, Rule.TARGET
    is_condition = CONDITION_AFTER.match(around.after) and "已" not in around.before
    if not 0 <= amount.value <= 100 or is_condition or _is_quoted(around):
        other = _FALLEN if amount.value < 0 else _UNCLEAR  # 乙 -5%
        return other if not is_condition else (Sense.TARGET, Rule.TARGET)
    if words is None or _IS_USED.search(around.core):
        verdict = _beside_work(page, amount, around)
    else:
        verdict = _with_words(amount, around, words, rule)
    is_counted = verdict[1] is Rule.COUNT  # 计划 30 场培训，已开 18 场
    if verdict[0] is Sense.PROGRESS and not is_counted and PLANNED.search(around.before):
        return Sense.TARGET, Rule.TARGET
    if verdict[0] is Sense.READING and around.before.rstrip().endswith(tuple("≥≤><")):
        return Sense.TARGET, Rule.TARGET
    return verdict


def _is_quoted(around: Around) -> bool:
    """ "完成 80%" 的提示文案: the words are what something reads, not what is so."""
    is_within = around.before.count('"') % 2 == 1
    return is_within and _QUOTED_NOUN.match(around.after) is not None


def _with_words(amount: Amount, around: Around, words: tuple[int, int], rule: Rule) -> _Verdict:
    if amount.form is Form.FRACTION and words[0] < around.start:
        # 进度：工行 6/25 is more likely a date that says too little
        is_progress = amount.has_unit or _COUNTED.search(around.before) is not None
    elif rule is Rule.STAGE and SHARE_AFTER.match(around.after):
        return Sense.STEP, Rule.STEP  # 上线至 20% 门店
    else:
        is_progress = amount.before is not None or not CHANGED.search(around.before)
        is_progress = is_progress and not _WEIGHTS.search(around.opener + around.head)
    return (Sense.PROGRESS, rule) if is_progress else (Sense.READING, Rule.CHANGE)


def _beside_work(page: Page, amount: Amount, around: Around) -> _Verdict:
    """Without words of progress: whether the amount stands alone beside the name of some work."""
    if amount.form is Form.COUNT:
        return _MEASURED if READ.search(around.core) else (_PROGRESS, Rule.COUNT)
    if _IS_USED.search(around.core):
        return Sense.READING, Rule.SHARE
    if amount.before is None and CHANGED.search(around.before):
        return Sense.READING, Rule.CHANGE
    is_passed = bool(amount.fraction) and amount.is_far and _PASSED.search(around.core)
    if is_passed or _is_done_part(amount, around):
        return _PROGRESS, Rule.DONE
    if not amount.is_remainder and SHARE_AFTER.match(around.after):
        return Sense.READING, Rule.SHARE
    return _beside_a_thing(page, amount, around)


def _beside_a_thing(page: Page, amount: Amount, around: Around) -> _Verdict:
    if ends_with_known_name(page, around.core) and ALONE.match(around.after):
        return _PROGRESS, Rule.KNOWN_NAME
    if is_cell(page, amount.start, amount.end):
        return _MEASURED if READ.search(around.opener) else (_PROGRESS, Rule.ROW)
    if _is_measured(around):
        return _MEASURED
    return _of_work(page, amount, around)


def _of_work(page: Page, amount: Amount, around: Around) -> _Verdict:
    is_work = WORK.search(around.core) is not None
    if amount.is_remainder or _opens_a_name(amount, around):
        return _PROGRESS, Rule.REMAINDER if amount.is_remainder else Rule.BRACKETS
    if MEASURED.match(around.after.lstrip(" )")):
        return Sense.READING, Rule.SHARE  # at 60% capacity
    if not ALONE.match(around.after):
        return _UNCLEAR
    if is_work and amount.form is not Form.FRACTION:
        return (_PROGRESS, Rule.WORK)
    if amount.form is Form.FRACTION:
        return (_PROGRESS, Rule.DONE) if _is_no_date(amount, around, is_work) else _UNCLEAR
    return _beside_a_name(page, amount, around)


def _beside_a_name(page: Page, amount: Amount, around: Around) -> _Verdict:
    """短信网关 60%, [40%] 商户标签平台; or 目前80%, of what its line spoke of before."""
    if amount.fraction and DONE.search(around.core[-12:]):
        return _PROGRESS, Rule.DONE
    core = around.core.strip(" 、([<-·•").rstrip(" 都均也才,")
    if not core or NOW.fullmatch(core):
        is_whole = not amount.is_vague or around.before.strip() or "了" in around.after
        is_said = is_whole and _is_said_of_work(page, amount, around)
        is_mere = not (around.before + around.previous).strip()
        is_said = is_said and not (is_mere and amount.value % 1)  # 98.10%, and no word
        return (_PROGRESS, Rule.ALONE) if is_said else _UNCLEAR
    is_part = around.follows_progress or (bool(around.head) and is_work_name(around.head))
    if amount.value < _LEAST_JOINED and _DASH.search(around.before):
        return _FALLEN  # 华北 - 8%
    if _is_rate(amount, around) or is_measured_name(bare_name(core), is_part=is_part):
        return _MEASURED
    is_done = _PARTICIPLE.match(around.after) is not None  # Runway lights 65% replaced
    if _LATIN.match(around.after) and not (is_done or _LATIN_REST.match(around.after)):
        return _UNCLEAR  # Only 8% opted out, team morale 80% positive
    is_name = not (NO_WORK.search(core) or NO_NAME.search(core))
    return (_PROGRESS, Rule.NAME) if is_name else _UNCLEAR


def _opens_a_name(amount: Amount, around: Around) -> bool:
    """[40%] 商户标签平台, and 45% 渠道对账 where the name is one of work."""
    before = around.before.strip()
    if before and BRACKET_OPENS.fullmatch(before):
        return _BRACKETED.match(around.after) is not None
    behind = NAME_BEHIND.match(around.after) if not before else None
    return behind is not None and amount.form is Form.PERCENT and is_likely_work(behind["name"])


def _is_rate(amount: Amount, around: Around) -> bool:
    """Whether the value alone tells that it is measured: 3.2%, 3% → 5%, 从 20% 降到 10%."""
    is_whole = amount.value == amount.value.quantize(
        Decimal("0.1" if 10 <= amount.value <= 95 else "1")
    )
    if amount.form is Form.WORDS or amount.fraction:
        return False
    if not is_whole or RATED.match(around.after):
        return True
    if amount.before is None:
        return 0 < amount.value < 5
    return amount.before > amount.value or amount.value < 10


def _is_no_date(amount: Amount, around: Around, is_work: bool) -> bool:
    """Whether a bare fraction is one: 贴标 6,500/10,000, 累计 12/20; but 评审 5/8 may be a day."""
    if not around.core.strip() and not around.before.strip():
        return amount.has_unit and _LATIN.match(around.after[:1] or " ") is None
    part, whole = amount.fraction or (0, 0)
    if part == whole == 50:
        return False
    may_be_date = 1 <= part <= 12 and 1 <= whole <= 31 and not amount.has_unit
    is_counted = _COUNTED.search(around.before[-8:]) is not None
    if may_be_date or (whole == 24 and part in (7, 8, 12, 16)):
        lasts = amount.is_past and LASTS.search(around.core) is not None
        return is_counted or amount.is_far or lasts
    return is_counted or is_work or NO_WORK.search(around.core.strip()) is None


def _is_done_part(amount: Amount, around: Around) -> bool:
    """跑完 3/9, 12 of 20 stores converted, one third of the wiring is done."""
    if _is_measured(around) or _SPOILT.match(around.after):
        return False
    after = _OF_THINGS.match(around.after)
    if amount.form is Form.PERCENT:
        if _IS_SO.search(around.before) and _PARTICIPLE.match(around.after):
            return True
        is_made = _MADE.search(around.before) and ALONE.match(around.after)
        is_made = is_made or (_DONE_SO_FAR.fullmatch(around.before) and _OF_IT.match(around.after))
        is_told = is_made or (after is not None and after["name"])
        return bool(is_told) and not _ends_measured(
            after["name"] if after and after["name"] else around.after
        )
    is_of_things = after is not None and after["things"] is not None
    if (
        amount.is_vague
        and not is_of_things
        and re.match(r"的?[\u4e00-\u9fff]", around.after.lstrip("了吧 "))
        and not JUST_DONE.search(around.before)
    ):
        return False  # 验收过半门店
    if DONE.search(around.before[-12:]) or JUST_DONE.search(around.before):
        return True
    return after is not None and not _ends_measured(after["name"] or after["things"] or "")


def _ends_measured(things: str) -> bool:
    """Whether the last word names something measured: tickets, but no price lists."""
    last = things.strip().rsplit(" ", 1)[-1] if things.isascii() else things
    return MEASURED.search(last) is not None or _FEE.search(things.strip()) is not None


def _is_measured(around: Around) -> bool:
    """Whether the name beside the amount, or what opened the line, is something measured."""
    core = around.core.rstrip()
    ends_measured = core.isascii() and MEASURED.search(core.rsplit(" ", 1)[-1])
    if SPENT.search(core):
        return True
    if WORK.search(core) or (is_work_name(core) and not ends_measured):
        return False
    return any(_names_measure(words) for words in (around.core, around.opener, around.head))


_BRACKETS: Final = " 、([<-·•"
_NOUN: Final = lazy.compile("[\u4e00-\u9fff]")
#: Words that no name of work holds.
_SURE: Final = frozenset(["占", "占比", "同比", "环比", "比重", "概率", "可能性"])


@lru_cache(maxsize=256)
def _names_measure(words: str) -> bool:
    """Remembered, since many amounts of a line have one opener."""
    words = words.strip(_BRACKETS)
    if READ.search(words):
        return True
    matches = [*MEASURED.finditer(words)]
    if not matches:
        return False
    # What is measured in front of a name tells what the work is on: 成本分摊模型, price lists.
    tail = words[matches[-1].end() :]
    is_modifier = _NOUN.match(tail) is not None and all(m[0] not in _SURE for m in matches)
    return not is_modifier or not is_likely_work(bare_name(words))


def _is_said_of_work(page: Page, amount: Amount, around: Around) -> bool:
    """目前80%, alone in its clause: unless what stands before it in the line is measured."""
    before = page.clause_before(amount.start)
    if _LATIN.match(around.after) and not _LATIN_REST.match(around.after):
        return False
    is_rest = _REST.fullmatch(around.after) is not None or (
        not around.before.strip() and _NAME_AFTER.match(around.after) is not None
    )
    if before is None or "\n" in page.folded[before.end : amount.start]:
        return bool(around.before.strip(" ([")) or amount.before is not None or is_rest
    words = page.folded[before.start : before.end][-60:].rstrip("+- 0123456789.%")
    if _names_measure(words) or STEP.search(words):
        return WORK.search(words) is not None or is_work_name(words)
    return bool(around.before.strip(" ([")) or is_rest

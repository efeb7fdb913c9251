"""State words (已上线, 联调中, at risk), what each is said of, and whether it is true yet."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.dates.forms import ANY_DATE
from projects.prose.mentions import DateKind, DateMention, State, StateKind
from projects.prose.words import LATIN_END, LATIN_START, NOT_YET, is_no_name, last_match, name_in

# 上线后, 上线时间, 上线的功能 use the word without saying that it is so.
_NOMINAL: Final = (
    r"(?!后|前|时|之后|之前|以后|以前|时间|计划|准备|方案|日期|窗口|申请|材料|环境|风险|节点|"
    r"率|度|比|的|流程|标准|评审|"
    r"问题|通知|需求|清单|文档|脚本|报告|结果|情况|量|数|用例|期间|过程|步骤|范围|条件|依赖|"
    r"公告|故障|事故|心)"
)
_NO_MOMENT: Final = r"(?!后|前|时|之后|之前|以后|以前|心|[率度比])"
_ADVERB: Final = r"(?:已经|已|均已|全部|全量|正式|顺利|成功|均|都|完整)*"
# 已于昨晚 leaves no doubt, 昨晚 alone may be of a plan.
_SINCE: Final = (
    r"已经?[于在]?(?:[上本]周(?:[一二三四五六日天末])?|上个?月|本月|[昨前今](?:[天日](?:晚上?|凌晨|上午|下午)?|[晚早夜晨]))"
    r"(?:全量|全面|正式|顺利|成功)*"
)
_RUNNING: Final = r"(?:并?(?:稳定|正常|平稳)?运行)?"
_TO_PRODUCTION: Final = r"(?:至|到|在|于)了?(?:生产|线上|正式|现网)(?:环境|系统)?"
_WORDS: Final[dict[StateKind, str]] = {
    StateKind.LAUNCHED: (
        rf"{_ADVERB}(?:上线完成|完成上线|投产完成|完成投产|发布完成|完成发布|上线成功|完成全量|"
        rf"全量完成|推全完成)|"
        r"(?:已经?|均已|全部|全量|全面|正式|顺利|成功)+(?:(?:部署|发布|上线|升级|推送)"
        rf"{_TO_PRODUCTION}|在生产环境(?:稳定|正常|正式)?运行|投入(?:生产)?(?:使用|运行|运营)|投入生产)|"
        r"(?:生产|正式|现网)(?:环境)?(?:已经?|均已|全部|成功|顺利)+(?:部署|发布|升级)(?:完成)?|"
        rf"{_SINCE}(?:上线|投产|发布|推全){_RUNNING}|"
        r"(?:已经?|均已|全部|全量|全面|正式|顺利|成功)+"
        rf"(?:上线|投产|发布|全量|推全){_RUNNING}(?!中)|"
        rf"(?:上线|投产)(?:了|(?=[ )\]」]*(?:\Z|[,。;!\n|]))){{1}}"
    ),
    StateKind.RELEASING: (
        r"灰度(?:发布|验证|测试|上线)?中|灰度|(?:上线|发布|投产|切量|放量|推广|割接|切换)中|"
        r"试(?:点)?运行中?|小流量"
    ),
    StateKind.TESTING: (
        r"(?:已经?|完成|今日|均已)?(?:提测|转测|送测)(?:完成)?|(?:测试|验收|回归|验证|检测|UAT|"
        r"冒烟|压测|走查)(?:进行)?中|"
        r"(?:进入|处于)(?:测试|验收|UAT|回归)(?:阶段)?"
    ),
    StateKind.INTEGRATING: (
        r"(?:联调|对接|接入|集成)(?:测试)?(?:进行)?中|(?:进入|处于|开始)联调(?:阶段)?"
    ),
    StateKind.DEVELOPING: (
        r"(?:研发|开发|编码|改造|优化|迭代|实现|迁移|重构|适配|修复|建设|实施|处理|"
        r"推进)(?:正在)?(?:进行)?中(?!心)|(?:进入|处于)(?:研发|开发)(?:阶段)?|"
        r"(?:正在)?进行中"
    ),
    StateKind.PLANNING: (
        r"(?:需求|方案|技术|产品|设计)*(?:评审|设计|调研|规划|讨论|沟通|梳理|细化|制定|编写|"
        r"评估|立项|审批|审核)(?:进行)?中(?!心)"
    ),
    StateKind.WAITING: (
        r"待(?:排期|评审|开发|启动|研发|测试|上线|联调|验收|立项|定|确认|复盘|审批)|未(?:开始|"
        r"启动|排期|立项)|排期中|暂未(?:开始|启动|排期)"
    ),
    StateKind.PAUSED: r"(?:已经?|暂时|临时)*(?:暂停|搁置|挂起|中止|叫停|终止)|暂缓",
    StateKind.OFF_TRACK: (
        r"(?:已经?|有所|严重|略有)*(?:延期|逾期|延误|滞后|落后于计划|超期)|落后(?= · )"
    ),
    StateKind.AT_RISK: (
        r"(?:有|存在)(?:一定|较大|延期|上线|进度|交付|很大|高|不小)*的?风险|风险(?:较|很|"
        r"偏)?[大高]|受阻|阻塞|被卡住|卡住"
    ),
    StateKind.ON_TRACK: (
        r"(?:进展|进度|推进|状态|整体|项目)(?::|均|都)?(?:正常|顺利|良好|符合预期)|正常(?:推进|"
        r"进行)|顺利(?:推进|进行)|按(?:计划|期|节奏)(?:正常|顺利)?"
        r"(?:推进|进行)|(?:暂?无|没有|无明显)风险|风险可控|符合预期"
    ),
    StateKind.DONE: (
        rf"{_ADVERB}(?:交付完成|完成交付|结项|验收通过|全部完成|关闭完成|追回完成)|(?:已经?|"
        rf"均已|全部|基本|顺利|大部分|主体)*完成(?:了|(?![了中]))|"
        r"(?:已经?|均已|全部)(?:交付|完毕|达成|解决|结束)|(?<=[\u4e00-\u9fff])完毕"
    ),
}
_ENGLISH: Final[dict[StateKind, str]] = {
    StateKind.ON_TRACK: "on[ -]track|on schedule|on target",
    StateKind.AT_RISK: "at[ -]risk|blocked|blocker",
    StateKind.OFF_TRACK: "off[ -]track|delayed|behind schedule|overdue|slipped|late",
    StateKind.PAUSED: "paused|on[ -]hold|suspended|postponed",
    StateKind.LAUNCHED: (
        "launched|went live|gone live|(?:is|are|been|now) live|live(?= (?:since|as of|everywhere"
        "|[io]n prod|for (?:all|every)))|(?:deployed|released|shipped|promoted|rolled out|moved"
        "|pushed|went|gone) (?:in)?to prod(?:uction)?|released|shipped|in production|rolled out"
    ),
    StateKind.RELEASING: "rolling out|in rollout|canary|launching",
    StateKind.TESTING: "in (?:testing|test|qa|uat)|under test|being tested",
    StateKind.INTEGRATING: "in integration|integrating",
    StateKind.DEVELOPING: "in (?:development|progress|dev)|under development|wip|ongoing|coding",
    StateKind.PLANNING: "in (?:review|design|planning)|under review|in discovery",
    StateKind.WAITING: "not started|in (?:the )?backlog|pending",
    StateKind.DONE: "done|completed?|finished|closed|resolved|delivered",
}
_JUDGEMENTS: Final = frozenset({StateKind.ON_TRACK, StateKind.AT_RISK, StateKind.OFF_TRACK})
_ALSO_NOUNS: Final = frozenset({StateKind.LAUNCHED, StateKind.RELEASING, StateKind.TESTING})
# With which characters the words of a kind begin: looked at first at every place of the text,
# for without it each place tries all the words.
_FIRST: Final[dict[StateKind, str]] = {
    StateKind.LAUNCHED: "上投发完全推已均正顺成都生现",
    StateKind.RELEASING: "灰上发投切放推割试小",
    StateKind.TESTING: "已完今均提转送测验回检U冒压走进处",
    StateKind.INTEGRATING: "联对接集进处开",
    StateKind.DEVELOPING: "研开编改优迭实迁重适修建施处推进正",
    StateKind.PLANNING: "需方技产评设调规讨沟梳细制编立审",
    StateKind.WAITING: "待未排暂",
    StateKind.PAUSED: "已暂临搁挂中叫终",
    StateKind.OFF_TRACK: "已有严略延逾滞落超",
    StateKind.AT_RISK: "有存风受阻被卡",
    StateKind.ON_TRACK: "进推状整项正顺按暂无没风符",
    StateKind.DONE: "已全均都正顺成完交结验关追基大主",
}
_CHINESE_STATE: Final = lazy.compile(
    f"(?=[{''.join(sorted(set(''.join(_FIRST.values()))))}])"
    "(?:"
    + "|".join(
        f"(?P<{kind.name}>(?=[{_FIRST[kind]}])(?:{words})"
        f"{_NOMINAL if kind in _ALSO_NOUNS else _NO_MOMENT})"
        for kind, words in _WORDS.items()
    )
    + ")"
)
_ENGLISH_STATE: Final = lazy.compile(
    f"(?=[A-Za-z]){LATIN_START}(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _ENGLISH.items())
    + ")"
    + LATIN_END,
    re.IGNORECASE,
)
_LATIN: Final = lazy.compile("[A-Za-z]{4}")
_NOT_YET: Final = lazy.compile(NOT_YET, re.IGNORECASE)
_COUNT_BEFORE: Final = lazy.compile(r"[0-9.]+ ?% ?\Z")
_NUMBER_AFTER: Final = lazy.compile(r"(?:了|率|度|:|约|近)* ?[0-9]")
_OBJECT: Final = lazy.compile(r"[^,。;!?\n\r|\t…:()、0-9]{2,30}")
#: 不存在, 未来 and 待遇 hold no negation; 后 ends the time before which something was not so.
_ENDED: Final = lazy.compile(r"(?:之后|以后|,|。|;|已|均已)")
_PREPARED: Final = ("准备", "筹备")
#: A plan of something that goes on already is its object: 落地计划制定中.
_DENIED: Final = lazy.compile(r"(?:并非|并不是|(?<![是也])不是)(?:[^,。;]{0,6}(?:都|全))?\Z")
_NEGATED: Final = lazy.compile(r"未(?!来)|没|无法|不|尚|not|never|isn't|aren't")


def read_states(page: Page, dates: Sequence[DateMention] = ()) -> Iterator[State]:
    """The state words in the order of the text; one on a due date (7月初上线) is still to come."""
    matches = list(_CHINESE_STATE.finditer(page.folded))
    if _LATIN.search(page.folded):
        matches += _ENGLISH_STATE.finditer(page.folded)
        matches.sort(key=lambda match: match.start())
    floor = 0
    waiting = deque(dates)
    for match in matches:
        while waiting and waiting[0].end <= match.start():
            waiting.popleft()
        dated = waiting[0] if waiting and waiting[0].start < match.end() else None
        if match.start() < floor:
            continue
        state = _state(page, match, floor, dated)
        if state is not None:
            yield state
            floor = state.end


def _state(page: Page, match: re.Match[str], floor: int, dated: DateMention | None) -> State | None:
    start, end = match.span()
    kind = StateKind[match.lastgroup or "DONE"]
    begin = page.before(start, floor)
    before = page.folded[begin:start]
    if kind is StateKind.DONE and (
        _COUNT_BEFORE.search(before) or _NUMBER_AFTER.match(page.folded, end)
    ):
        return None  # 60% done and 完成90% are percentages
    stop = _still_to_come(match, before)
    if dated is not None and kind not in _JUDGEMENTS:
        is_future, subject = dated.kind is not DateKind.DONE, dated.subject
        if not subject and kind is StateKind.DONE:
            # A date takes 割接完成 for what happens on it; here 割接 is what is done.
            day = last_match(ANY_DATE, before)
            after_day = begin + (day.end() if day else 0)
            subject = _subject(page, kind, (after_day, start, end), stop)
    else:
        is_future = stop is not None
        subject = _subject(page, kind, (begin, start, end), stop)
    return State(start, end, page.text[start:end], kind, subject, is_future)


def _still_to_come(match: re.Match[str], before: str) -> int | None:
    """Where in ``before`` the words begin that make the state untrue as yet, if any do."""
    kind = StateKind[match.lastgroup or "DONE"]
    if kind is StateKind.WAITING or match[0].startswith(("已", "无", "没有", "暂无")):
        denied = _DENIED.search(before)  # 并非都已完成
        return denied.start() if denied else None
    goes_on = match[0].endswith("中") or kind in _JUDGEMENTS
    first = None
    for negation in (_NEGATED if goes_on else _NOT_YET).finditer(before):
        if _ENDED.search(before, negation.end()):
            continue
        if kind is StateKind.DONE and negation.end() == len(before) and negation[0] in _PREPARED:
            continue  # 准备完成
        if goes_on and len(before) - negation.end() > 3:
            continue
        first = negation.start() if first is None else first
    return first


def _subject(page: Page, kind: StateKind, span: tuple[int, int, int], not_yet: int | None) -> str:
    """What the state is said of: before it, after 完成, or what opened the clause or line."""
    begin, start, end = span
    stop = start if not_yet is None else begin + not_yet
    if name := _name(page, begin, stop):
        return name
    clause = page.clause_at(start)
    if kind is StateKind.DONE or kind is StateKind.LAUNCHED:
        rest = _OBJECT.match(page.folded, end, min(clause.end, end + 40))
        if rest and (name := _name(page, rest.start(), rest.end())):
            return name
    return next(filter(None, (_name(page, *place) for place in (clause.opener, clause.head))), "")


def _name(page: Page, start: int, end: int) -> str:
    name = name_in(page.text, page.folded, start, end)
    return "" if is_no_name(name) else name

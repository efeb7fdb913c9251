"""What words surely claim of the whole project, and now. Pure.

A contradiction accuses somebody, so it rests only on what is certain: a share of the users, a part,
a trial, a plan, a question and what was written last week are no claims. What is in doubt is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Self

from projects import prose
from projects.prose import DateKind, Mentions, Percent, Precision, State, StateKind, lazy
from projects.prose.dates.days import ENGLISH_MONTH
from projects.prose.dates.forms import ANY_DATE, written_dates
from projects.prose.fold import fold
from projects.text import names

# Labels of a percentage of the whole project; any other label belongs to a part of it.
WHOLE: Final = frozenset(
    {"", "进度", "进展", "整体", "总体", "完成", "完成度", "progress", "complete", "overall"}
    | {"overall progress", "project progress", "overall completion", "total progress"}
) | frozenset(f"{a}{b}" for a in ("整体", "总体", "项目", "总") for b in ("进度", "进展", "完成度"))

_SENTENCE_END: Final = lazy.compile(r"[。！？!?；;\n]|\.(?=\s|\Z)")
# Of the whole, though it is called something: 项目已上线, it is live.
_ITSELF: Final = frozenset(
    map(
        names.key,
        (
            *("项目", "本项目", "该项目", "整个项目", "项目整体", "整体", "全部"),
            *("it", "all", "project", "the project", "this project", "the whole project"),
        ),
    )
)
# What is built, by its kind: 系统已投产. Certain only where no work is left, by its words.
_WHAT_IS_BUILT: Final = frozenset(
    names.key(which + what)
    for determiners, nouns in (
        (("", "本", "该", "整个", "新"), ("系统", "平台", "产品")),
        (
            ("", "the ", "the whole ", "the new "),
            ("system", "platform", "product", "app", "service"),
        ),
    )
    for which in determiners
    for what in nouns
)
_WORK_LEFT: Final = lazy.compile(
    r"待|[仍还尚未]|剩|其余|继续|下一?步|下周|下月|排期|中(?=[,，。;；\s]|\Z)|进行"
    r"|\b(?:still|remain\w*|open|next|pending|to (?:do|be|come)|left|missing|waiting|in progress"
    r"|ongoing|will|follows?|later|outstanding|not|testing|training|migrating|rolling)\b",
    re.IGNORECASE,
)
# When it was, for whom (all of them), and how: words around a claim that name nothing.
_DAY: Final = r"(?:[昨前当](?:天|日|晚|早|夜|晨)|今(?:早|晨|天(?=凌晨|清晨|早上|上午)))"
_HOUR: Final = r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|深夜|[早晚夜])"
_WHEN: Final = (
    r"(?:yesterday|today|last night|(?:late |early )?(?:this|last) (?:morning|week|month)"
    r"|(?:last |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_PART_OF_DAY: Final = r"(?:\s+(?:night|morning|evening|afternoon))?"
_FOR_ALL: Final = (
    r"(?:everywhere|(?:for|to|in|at)\s+(?:everyone|everybody|(?:all|every)\s+(?:of\s+)?"
    r"(?:(?:our|the)\s+)?"
    r"(?:customers?|users?|clients?|merchants?|stores?|shops?|tenants?|regions?|countries|country"
    r"|markets?|branch(?:es)?|plants?|warehouses?|hospitals?|schools?)))\b"
)
_CIRCUMSTANCE: Final = lazy.compile(
    rf"(?i:\s*(?:(?:于|在|自)?{_DAY}{_HOUR}?|(?:于|在)?{_HOUR}|于?(?:上周|上个?月)|以来|起"
    r"|已经?(?=于)|了(?![\u4e00-\u9fff])"
    r"|(?:fully|finally|successfully|as planned|we(?:'re| are| have)?|has|in (?:production|prod))\b"
    rf"|(?:(?:since|on|as of|in)\s+)?{_WHEN}{_PART_OF_DAY}|{_FOR_ALL}))"
    r"|\s*(?i:(?:since|on|as of|from|in|late|early)\s+(?:late |early )?|[于在自从])?"
    rf"(?:{ANY_DATE.pattern})(?i:{_HOUR}|{_PART_OF_DAY})"
)
_NOTHING_MORE: Final = lazy.compile(r"\s*(?:\Z|[，,—–])")
# A line above that may be what it is said of: it ends no sentence, or is marked as a heading.
_HEADED: Final = lazy.compile(r"(?:^|\n)\s*[#【]|[:：】]\s*\n|[^。.!！；;\s]\s*\Z")
# went, is: the reader takes them for the end of the name before them.
_VERB_END: Final = lazy.compile(
    r"\s+(?:went|is|has|was|now|are|have been|has been)\Z", re.IGNORECASE
)
# 18 June, 6月18日, 2024-06-18: no count.
_NAMED_DAY: Final = (
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{ENGLISH_MONTH}\b|[0-9]{{1,2}}月[0-9]"
    "|[0-9]{4}-[0-9]{2}-"
)
# A number right behind the words counts or limits them: 已上线30%流量, rolled out to 30 % of all.
_NUMBERED: Final = lazy.compile(
    rf"\s*[(（]?\s*(?:(?:to|for|on|in|at|the first|first|about|only)\s+)*(?!{_NAMED_DAY})"
    r"(?:约|近|仅|前|首|第|了)*\s*"
    r"(?:[0-9０-９]|[一二两三四五六七八九十半]\s*(?:[个家台批成期条项套类城区店处]|分之|半))",
    re.IGNORECASE,
)
# Words later in the sentence that limit it: 已上线，仅对内部员工开放.
_LIMITED: Final = lazy.compile(
    r"仅(?!剩|差|余)|只(?!剩|差|余|待)|其余|其他|除外|除了|灰度|试点|试运行|小范围|小流量|首批|第一批|一半|大半|"
    r"内部(?:员工|用户|人员|试用|开放|可见|环境)|预发|测试环境|沙箱|"
    r"[0-9.]+\s*[%％]\s*的?(?:流量|用户|门店|商户|客户|节点|机器|of\b|traffic|users)|"
    r"部分(?:用户|门店|功能|地区|区域|流量|商户|客户|模块|渠道|人)|"
    r"\b(?:only|beta|pilot|canary|internal(?:ly)?|partial(?:ly)?|staging|sandbox|preview|trial|half"
    r"|except|excluding|apart from|the rest|the others?|follows?|remaining)\b",
    re.IGNORECASE,
)
_UNDONE: Final = lazy.compile(
    r"回滚|回退|撤回|撤下|失败"
    r"|\b(?:rolled back|reverted|roll(?:ed)?back|withdrawn|taken down|offline)\b",
    re.IGNORECASE,
)
_CONDITION: Final = lazy.compile(r"(?:^|[,，])\s*(?:如果|如(?=顺利|无)|若|假如|倘若|一旦|只要|等)")
# 本周完成 may be what is planned; 本周已完成 is not.
_ALSO_PLANNED: Final = frozenset(("完成", "上线", "投产"))
_THESE_DAYS: Final = lazy.compile(r"(?:[本这][周月]|今[天日晚])\Z")
_QUESTION: Final = lazy.compile(r"吗|么[?？]|[?？]\Z")
# A heading that announces, or a word that puts it off or makes it a condition.
_BEFORE: Final = lazy.compile(
    r"(?:(?:计划|目标|里程碑|下一?步|下周|下月|后续|节点|待办|plan|next|goal|milestone|todo)"
    r"[^:：]{0,8}[:：]\s*"
    r"|(?:暂停|推迟|延后|延期|取消|停止|恢复|等待|等|待|盼|申请|要求|确保|争取|推进|准备|可|能否|是否)\s*"
    r"|\b(?:(?:to|should|must|can|may|could|would) be|almost|nearly|mostly|half|partly|partially"
    r"|once|if|when|until|before|unless)\s+(?:\w+\s+){0,2})\Z",
    re.IGNORECASE,
)
_PARTLY: Final = lazy.compile(r"基本|大部分|主体|大体|部分")
# 完成80%的用例, 10% behind plan: the percentage is of something else.
_OF_ANOTHER: Final = lazy.compile(
    r"\s*(?:的(?!整体|总体|进度|进展|任务|工作)\s*\S|左右的"
    r"|of\s+(?!the (?:project|work|plan|whole)\b)\w"
    r"|(?:behind|ahead|below|above|late|less|more|faster|slower|over|under)\b)",
    re.IGNORECASE,
)
_OTHER_MEASURE: Final = lazy.compile(
    r"(?:时间|资金|预算|付款|支付|回款|用款|成本|费用|工期|日程|time|budget|cost|payment)\s*"
    r"(?:使用|执行|花费)?的?\s*(?:进度|进展|progress)?\s*(?:为|是|:|：|已到|到|is|at)?\s*\Z",
    re.IGNORECASE,
)


# A page is compiled after each save, and each save changes only one text.
@lru_cache(maxsize=4096)
def read(text: str, week: date, project_names: tuple[str, ...] = ()) -> Mentions:
    """``prose.read``, remembered."""
    return prose.read(text, week=week, names=project_names)


@dataclass(frozen=True, slots=True)
class Claims:
    """A project's text of a week, with what is mentioned in it. ``day`` divides past and future."""

    text: str  # folded, of the same length
    week: date
    day: date
    mentions: Mentions
    own_names: frozenset[str]  # folded

    @classmethod
    def of(cls, text: str, week: date, day: date, project_names: tuple[str, ...]) -> Self:
        own_names = frozenset(key for name in project_names for key in names.keys(name))
        return cls(fold(text), week, day, read(text, week, project_names), own_names)

    def of_project(self, kind: StateKind) -> Iterator[State]:
        """The states of that kind that the project itself surely has by now."""
        for state in self.mentions.states:
            is_said = state.kind is kind and not state.is_future
            if is_said and self._is_of_project(state) and self._is_certain(state):
                yield state

    @property
    def percents(self) -> list[Percent]:
        """Those that surely are the progress of what they are said of."""
        return [p for p in self.mentions.percents if _is_certain_percent(self.text, p)]

    @property
    def percents_of_project(self) -> list[Percent]:
        """The percents that the words give to the project itself."""
        return [
            percent
            for percent in self.percents
            if percent.label.lower() in WHOLE and self._is_of_project(percent)
        ]

    def says_done(self, milestone: str) -> bool:
        """Whether the words call the milestone done, or name the day on which it was."""
        done = [d.subject for d in self.mentions.dates if d.kind is DateKind.DONE]
        for state in self.mentions.states:
            is_done = state.kind in (StateKind.DONE, StateKind.LAUNCHED) and not state.is_future
            if is_done and self._is_certain(state):
                done.append(state.subject)
        return names.key(milestone) in map(names.key, done)

    def _is_of_project(self, mention: Percent | State) -> bool:
        """Whether a mention is of the project itself: nothing narrower is named or stands above.

        An indented line speaks of the line that it is indented under.
        """
        is_bare = isinstance(mention, State) and self._is_bare(mention)
        is_itself = _is_itself(mention.subject, self.own_names) or self._is_what_is_built(mention)
        line = self.text[self.text.rfind("\n", 0, mention.start) + 1 :]
        return (is_bare or is_itself) and not line[:1].isspace()

    def _is_what_is_built(self, mention: Percent | State) -> bool:
        """Whether no more is said than that the system is so, and nowhere that work is left."""
        key = names.key(_VERB_END.sub("", mention.subject))
        if not isinstance(mention, State) or key not in _WHAT_IS_BUILT:
            return False
        _, after, _ = _around(self.text, mention.start, mention.end)
        return bool(_NOTHING_MORE.match(_without_circumstances(after))) and not _WORK_LEFT.search(
            self.text[: mention.start] + self.text[mention.end :]
        )

    def _is_bare(self, state: State) -> bool:
        """Whether the sentence says no more than that it is so, when and for all: 昨晚发布完成.

        The reader takes such words for the name of what is meant. Nothing else may be named:
        neither before it in its line, nor behind it, nor by a heading above.
        """
        line = self.text.rfind("\n", 0, state.start) + 1
        if state.kind is not StateKind.LAUNCHED or _HEADED.search(self.text[:line]):
            return False
        before = self.text[line : state.start]
        _, after, _ = _around(self.text, state.start, state.end)
        name, colon, rest = before.replace(":", "：").rpartition("：")
        is_named = bool(colon) and not _is_itself(name.strip(" -*【】"), self.own_names)
        rest = _without_circumstances(rest.lstrip(" -*"))
        is_more = rest.strip() or not _NOTHING_MORE.match(_without_circumstances(after))
        return not (is_named or is_more)

    def _is_certain(self, state: State) -> bool:
        """Whether the words say so of all of it, and of now."""
        before, after, end = _around(self.text, state.start, state.end)
        return not (
            _BEFORE.search(before)
            or _CONDITION.search(before)
            or _NUMBERED.match(after)
            or after.lstrip()[:1] in (":", "：")
            or _LIMITED.search(after)
            or _UNDONE.search(after)
            or _QUESTION.search(after + end)
            or _PARTLY.search(state.text)
            or (state.text in _ALSO_PLANNED and _THESE_DAYS.search(before))
            or self._is_to_come(before + fold(state.text), after.partition(",")[0])
        )

    def _is_to_come(self, until: str, after: str) -> bool:
        """Whether the day named last up to the words, or first behind them, is still to come."""
        last_day = {Precision.DAY: self.day, Precision.WEEK: self.week + timedelta(days=6)}
        dates = [*written_dates(until, self.week)[-1:], *written_dates(after, self.week)[:1]]
        return any(written.day > last_day.get(written.precision, date.max) for written in dates)


def _is_itself(subject: str, own_names: frozenset[str]) -> bool:
    """Whether a mention's subject is the project: unnamed, by a name of its own, or "it"."""
    if not subject:
        return True
    key = names.key(_VERB_END.sub("", subject))
    return key in own_names or key in _ITSELF


def _without_circumstances(words: str) -> str:
    while match := _CIRCUMSTANCE.match(words):
        words = words[match.end() :]
    return words


def _is_certain_percent(text: str, percent: Percent) -> bool:
    """Whether the percentage is the progress of what it is said of: no share, no distance."""
    before, after, end = _around(text, percent.start, percent.end)
    return not (
        _OF_ANOTHER.match(after) or _OTHER_MEASURE.search(before) or _QUESTION.search(after + end)
    )


def _around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands before and after it in its sentence, and the mark that ends the sentence."""
    begin = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    close = _SENTENCE_END.search(text, end)
    if close is None:
        return text[begin:start], text[end:], ""
    return text[begin:start], text[end : close.start()], close[0].strip()

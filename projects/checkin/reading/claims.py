"""Whether words surely claim something of the whole project, and now. Pure.

A contradiction accuses somebody, so it rests only on what is certain: a share of the users, a part,
a trial, a plan, a question and what was written last week are no claims. What is in doubt is none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from projects.prose import Percent, State, StateKind
from projects.text import names

_SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]|\.(?=\s|\Z)")
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
# When it was, for whom (all of them), and how: words around a claim that name nothing.
_DAY: Final = (
    r"(?:[昨前当](?:天|日|晚|早|夜|晨)|今(?:早|晨|天(?=凌晨|清晨|早上|上午))|(?:本|这|上)?(?:周|星期|礼拜)[一二三四五六日天末]"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*[日号])"
)
_HOUR: Final = r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|深夜)"
_DAY_NAME: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WHEN: Final = (
    r"(?:(?:since|on|as of|late|early)\s+)?(?:yesterday|today|last night|this (?:morning|week)"
    rf"|(?:last\s+|this\s+)?{_DAY_NAME})(?:\s+(?:night|morning|evening|afternoon))?"
)
_FOR_ALL: Final = (
    r"(?:for|to|in|at)\s+(?:everyone|everybody|(?:all|every)\s+(?:of\s+)?(?:(?:our|the)\s+)?"
    r"(?:customers?|users?|clients?|merchants?|stores?|shops?|tenants?|regions?|countries|country"
    r"|markets?|branch(?:es)?|plants?|warehouses?|hospitals?|schools?))\b"
)
_CIRCUMSTANCE: Final = re.compile(
    rf"\s*(?:(?:于|在)?{_DAY}{_HOUR}?|(?:于|在)?{_HOUR}|了(?![\u4e00-\u9fff])"
    rf"|(?:fully|finally|successfully|as planned|we)\b|{_WHEN}|{_FOR_ALL})",
    re.IGNORECASE,
)
_NOTHING_MORE: Final = re.compile(r"\s*(?:\Z|[，,—–])")
# A line above that may be what it is said of: it ends no sentence, or is marked as a heading.
_HEADED: Final = re.compile(r"(?:^|\n)\s*[#【]|[:：】]\s*\n|[^。.!！；;\s]\s*\Z")
# went, is: the reader takes them for the end of the name before them.
_VERB_END: Final = re.compile(r"\s+(?:went|is|has|was|now|are|have been|has been)\Z", re.IGNORECASE)
# A number right behind the words counts or limits them: 已上线30%流量, rolled out to 30 % of all.
_NUMBERED: Final = re.compile(
    r"\s*[(（]?\s*(?:(?:to|for|on|in|at|the first|first|about|only)\s+)*"
    r"(?:约|近|仅|前|首|第|了)*\s*"
    r"(?:[0-9０-９]|[一二两三四五六七八九十半]\s*(?:[个家台批成期条项套类城区店处]|分之|半))",
    re.IGNORECASE,
)
# Words later in the sentence that limit it: 已上线，仅对内部员工开放.
_LIMITED: Final = re.compile(
    r"仅(?!剩|差|余)|只(?!剩|差|余|待)|其余|其他|除外|除了|灰度|试点|试运行|小范围|小流量|首批|第一批|一半|大半|"
    r"内部(?:员工|用户|人员|试用|开放|可见|环境)|预发|测试环境|沙箱|"
    r"部分(?:用户|门店|功能|地区|区域|流量|商户|客户|模块|渠道|人)|"
    r"\b(?:only|beta|pilot|canary|internal(?:ly)?|partial(?:ly)?|staging|sandbox|preview|trial|half"
    r"|except|excluding|apart from|the rest|the others?|follows?|remaining)\b",
    re.IGNORECASE,
)
_UNDONE: Final = re.compile(
    r"回滚|回退|撤回|撤下|失败|\b(?:rolled back|reverted|roll(?:ed)?back|withdrawn)\b",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(r"(?:^|[,，])\s*(?:如果|如(?=顺利|无)|若|假如|倘若|一旦|只要|等)")
_WEEKDAYS: Final = "一二三四五六日"
_WEEKDAY: Final = re.compile(r"(?<![上])(?:本|这)?(?:周|星期|礼拜)([一二三四五六日天])")
_QUESTION: Final = re.compile(r"吗|么[?？]|[?？]\Z")
# A heading that announces, or a word that puts it off or makes it a condition.
_BEFORE: Final = re.compile(
    r"(?:(?:计划|目标|里程碑|下一?步|下周|下月|后续|节点|待办|plan|next|goal|milestone|todo)"
    r"[^:：]{0,8}[:：]\s*"
    r"|(?:暂停|推迟|延后|延期|取消|停止|恢复|等待|等|待|盼|申请|要求|确保|争取|推进|准备|可|能否|是否)\s*"
    r"|\b(?:(?:to|should|must|can|may|could|would) be|almost|nearly|mostly|half|partly|partially"
    r"|once|if|when|until|before|unless)\s+(?:\w+\s+){0,2})\Z",
    re.IGNORECASE,
)
_PARTLY: Final = re.compile(r"基本|大部分|主体|大体|部分")
# 完成80%的用例, 10% behind plan: the percentage is of something else.
_OF_ANOTHER: Final = re.compile(
    r"\s*(?:的(?!整体|总体|进度|进展|任务|工作)\s*\S|左右的"
    r"|of\s+(?!the (?:project|work|plan|whole)\b)\w"
    r"|(?:behind|ahead|below|above|late|less|more|faster|slower|over|under)\b)",
    re.IGNORECASE,
)
_OTHER_MEASURE: Final = re.compile(
    r"(?:时间|资金|预算|付款|支付|回款|用款|成本|费用|工期|日程|time|budget|cost|payment)\s*"
    r"(?:使用|执行|花费)?的?\s*(?:进度|进展|progress)?\s*(?:为|是|:|：|已到|到|is|at)?\s*\Z",
    re.IGNORECASE,
)


def is_itself(subject: str, own_names: frozenset[str]) -> bool:
    """Whether a mention's subject is the project: unnamed, by a name of its own, or "it"."""
    if not subject:
        return True
    key = names.key(_VERB_END.sub("", subject))
    return key in own_names or key in _ITSELF


def is_bare(text: str, state: State, own_names: frozenset[str]) -> bool:
    """Whether the sentence says no more than that it is so, when and for all: 昨晚发布完成.

    The reader takes such words for the name of what is meant. Nothing else may be named: neither
    before it in its line, nor behind it, nor by a heading above.
    """
    line = text.rfind("\n", 0, state.start) + 1
    if state.kind is not StateKind.LAUNCHED or _HEADED.search(text[:line]):
        return False
    before, (_, after, _end) = text[line : state.start], _around(text, state.start, state.end)
    name, colon, rest = before.replace(":", "：").rpartition("：")
    is_named = bool(colon) and not is_itself(name.strip(" -*【】"), own_names)
    rest = _without_circumstances(rest.lstrip(" -*"))
    return not (is_named or rest.strip() or not _NOTHING_MORE.match(_without_circumstances(after)))


def _without_circumstances(words: str) -> str:
    while match := _CIRCUMSTANCE.match(words):
        words = words[match.end() :]
    return words


def is_certain_state(text: str, state: State) -> bool:
    """Whether the words say so of all of it, and of now."""
    before, after, end = _around(text, state.start, state.end)
    return not (
        _BEFORE.search(before)
        or _CONDITION.search(before)
        or _NUMBERED.match(after)
        or after.lstrip()[:1] in (":", "：")
        or _LIMITED.search(after)
        or _UNDONE.search(after)
        or _QUESTION.search(after + end)
        or _PARTLY.search(state.text)
    )


def is_to_come(text: str, state: State, week: date, day: date) -> bool:
    """Whether the sentence names a day of the week that is still to come on that ``day``."""
    before, _, _ = _around(text, state.start, state.end)
    named = _WEEKDAY.findall(before + state.text)
    return bool(named) and week + timedelta(_WEEKDAYS.index(named[-1].replace("天", "日"))) > day


def is_certain_percent(text: str, percent: Percent) -> bool:
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

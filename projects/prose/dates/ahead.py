"""Days that no word of plan stands beside: 甲方 6 月 28 日确认, 批件 6 月 13 日已拿到.

A plain day to come beside words that something is done is a promise, one that is over beside
已 or 了 a result, unless the words speak of something that merely happens then.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from projects.prose.dates.days import Shape
from projects.prose.dates.forms import Written
from projects.prose.mentions import DateKind, Precision

_HAPPENS_ANYWAY: Final = re.compile(
    r"封网|放假|假期|节假|节日|休假|请假|值班|例会|周会|晨会|会议|开会|碰头|讨论|沟通|拜访|大促|"
    r"峰值|期间|数据|账单|统计|报表|停电|停服|停机|"
    r"断网|生效|到期|过期|失效|有效|涨价|调价|生日|出现|发生|发现|故障|告警|事故|投诉|异常|报警|"
    r"宕机|再议|再看|再说|继续|跟进|"
    r"截图|快照|口径|版本|备份|日志|例行|参会|出差|暂停|中断|无法|不能|不做|不再|不会|取消|"
    r"(?<![A-Za-z])(?:holidays?|off|vacation|leave|outage|freeze|frozen|meeting|met|since|from|"
    r"as of|data|"
    r"closed|expires?|effective|weekend|incident|snapshot|not|won't|cannot|stats|numbers|until|"
    r"paused|after|payday|birthday)(?![A-Za-z])",
    re.IGNORECASE,
)
_NOT_BEFORE: Final = re.compile(
    r"(?:自|从|每逢?|逢|隔|因|由于|创建|更新|统计|记录|周期|比|较|对比|相比|和|与|跟|对|除|过了|"
    r"等到|原[定计]?|版|"
    r"号|第|每|近|约|\()(?:时间|日期|于|在|:| )*\Z"
)
_NOT_AFTER: Final = re.compile(
    r" ?(?:起|后|之后|以后|以来|为止|开始|当[天日晚]|的|是|为|至|~|-|/|=|%|[0-9]|这|那|号|"
    r"(?:[个项条笔次人户]|[A-Za-z]?[0-9]))"
)
_DONE_MARK: Final = re.compile(
    r"已|了(?:[^解]|\Z)|完\Z|完成|完毕|到位|通过|顺利|成功|如期|按期|正式"
)
_WORDS: Final = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")
_LABEL: Final = re.compile(
    r" ?(?:已经?|将|会|由|可|能)?(?P<event>[\u4e00-\u9fff]{2,6}|"
    r"[交发开签审验测到出投搬停])了?(?=[ ,。;)\n]|\Z)"
)


def kind_ahead(written: Written, before: str, after: str, week: date) -> DateKind | None:
    """The kind of a date that only its own words and the week speak for, if it has one."""
    sunday = week + timedelta(days=6)
    is_plain = written.shape in (Shape.NAMED, Shape.RELATIVE)
    is_slashed = written.shape is Shape.SLASHED and _WORDS.match(after.strip()) is not None
    if not (is_plain or is_slashed) or _NOT_AFTER.match(after) or _NOT_BEFORE.search(before):
        return None
    if written.is_range:
        return None  # 周一到周五轮班
    around = before[-16:] + after[:16]
    if _HAPPENS_ANYWAY.search(around) or not (_WORDS.search(around) or _LABEL.match(after)):
        return None
    is_done = _DONE_MARK.search(after[:12]) is not None
    if written.day > sunday:
        return None if "已" in after[:12] or "了" in after[:8] else DateKind.DUE
    if is_done and written.precision is Precision.DAY and is_plain:
        return DateKind.DONE
    is_open = week + timedelta(days=2) <= written.day and not re.search("[了过已]", around)
    return DateKind.DUE if is_open and _LABEL.match(after) else None


def label_ahead(after: str) -> tuple[str, int]:
    """What happens on such a day, and how many characters of ``after`` tell so."""
    label = _LABEL.match(after)
    return (label["event"], label.end("event")) if label else ("", 0)

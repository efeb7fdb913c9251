"""Plans that were replaced by another date, cancelled or missed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.mentions import DateKind, DateMention

ORIGINALLY: Final = lazy.compile(
    r"原(?:本|先|来|定|拟|约)?|本[定拟应该]|本来|说好|此前|之前|originally|was", re.IGNORECASE
)
#: Between two dates: the second stands for the first.
_REPLACED: Final = lazy.compile(
    r"(?:延期|推迟|顺延|延后|延迟|调整|变更|修改|提前|推后|后移|前移|挪|改期|改|变|推|延|拖|顺|"
    r"移)(?:到|至|为|成|在)|(?:不了|没戏|不行|赶不上|"
    r"来不及)[^,。;0-9]{0,6},[^,。;0-9]{0,4}(?:争取|预计|计划|改|推|新)|改期|改(?![造版善进革用])|"
    r"(?:新|现)的?(?:上线|完成|计划|目标|提测|交付)?(?:日期|时间|计划|目标|定|排期)|"
    r"(?:但[^,。;]{0,10})?(?:最快|最早|只能|要等?到|得到)|实际(?:要|得)?到|(?:现在?|"
    r"目前|如今)(?:预计|计划|看|定|得|要|改|说)|revised|changed|"
    r"(?<![A-Za-z])(?:new (?:date|target|eta|plan)|now (?:due|expected|planned|targeting|aiming|"
    r"set|happening)|now(?= )|it will be|will be|re-?planned|reset|rebooked|"
    r"(?:moved|pushed|slipped|postponed|delayed|rescheduled)(?: back| out)? (?:to|until)|instead)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
GIVEN_UP_BEFORE: Final = lazy.compile(
    r"(?:不再[\u4e00-\u9fff]{0,3}|取消了?|放弃|撤销|未能|没能|没有?(?=[在于])|无法|不能|不会|"
    r"不打算|不准备|"
    r"不在|不[按赶卡走]|没赶[上在]|没能?[按在]|"
    r"叫停|暂停|撤掉|停办|赶不上|"
    r"来不及|错过了?|未按|未(?=[如按]期))(?:原?计划|预计|安排|[如按]期|按时)?(?:赶)?(?:在|于|"
    r"按)?(?:原?计划的?)? ?\Z"
    r"|(?<![A-Za-z])(?:no longer|(?:will not|won't|cannot|can't|could not|couldn't|did not|"
    r"didn't) (?:make|meet|hit)|"
    r"(?:will not|won't|not going to|cannot|can't|not)(?: [a-z]+){0,3}?|no|"
    r"miss(?:es|ed|ing)?|no longer (?:planned|due|expected)|cancel(?:l?ed)?|dropped|instead of|"
    r"rather than|scrapped|"
    r"abandoned|shelved|(?:dropped|scrapped|abandoned|shelved|cancel(?:l?ed)?|gave up|"
    r"given up) (?:on )?(?:the |our |its )?(?:plans?|idea|goal|launch|target)(?: (?:to|for|of|"
    r"on))?(?: [a-z]+){0,3}|"
    r"(?:no [a-z]+|nothing)(?: on| by| before| in)?)(?: the)?"
    r"(?: (?:for|on|by|date of))? ?\Z",
    re.IGNORECASE,
)
_NEGATED_EVENT: Final = lazy.compile(
    r"[0-9日号前五](?:仍|还|尚|都|也|一直)?[未没](?!来)能?|(?:[0-9]|[日号])(?:将)?不|没能|无法|"
    r"[\u4e00-\u9fff]不[完了成](?![解])|不行|没戏|没希望|(?<![A-Za-z])(?:not|miss(?:ed|"
    r"es)?)(?![A-Za-z])",
    re.IGNORECASE,
)
_ORIGINAL_WORDS: Final = (
    "原",
    "本来",
    "本应",
    "本该",
    "先前",
    "之前",
    "此前",
    "说好",
    "original",
    "Original",
)
_CHANGED_DATE: Final = lazy.compile("改|推迟|顺延|延期|延后|挪|拖|提前|调整")
_LATE: Final = lazy.compile("[晚早迟延推拖提][了后期前迟两一二三半0-9]")
_GIVEN_UP_OPENER: Final = lazy.compile(
    r"(?:已?取消|作废|搁置|cancel(?:l?ed)|dropped|on hold)", re.IGNORECASE
)
#: 7 月 31 日的提测没有如期完成
_UNDONE: Final = lazy.compile(
    r"[^,。;\n]{0,4}[未没](?!来)有?(?:[如按]期|按时|能)?(?:完成|上线|交付|通过|实现|达成)"
    r"|[^,。;\n0-9]{0,4}(?:不行|没戏|没希望|来不及|赶不上)"
)
GIVEN_UP_AFTER: Final = lazy.compile(
    r"[^,。;]{0,4}[,;(。 ]{0,2}[^,。;0-9]{0,10}?(?:取消|放弃|作废|先不|不动|不搞|不办|先放|被否|"
    r"否[决掉]|不现实|无望|没戏|可能性不大|希望不大|够呛|黄了|无法保证|保不住|赶不上|来不及|"
    r"已?无可能|不可能|"
    r"没[有可]可?能|另行安排|砍[掉了]|下马|"
    r"无限期|遥遥无期|另议|重排|搁置|搁浅|流产|告吹|暂缓|不做了|"
    r"中止|终止|撤销)"
    r"|[^,。;]{0,6}[未没](?!来)有?(?:[如按]期|按时|能)?(?:完成|上线|交付|通过|实现|达成)|"
    r"[^,。;]{0,8}不(?:[开办搞做上发演推搬切来]|举[行办])了|[^,。;]{0,4}不[了成完]|"
    r"[^,。;]{0,6}[,;]? ?(?:[未没](?:能)?(?:通过|成功|验成|过)|择期|另择)"
    r"|的?(?:计划|安排|节点)?(?:推迟|延期|延后|顺延)(?![到至为])"
    r"|[^,。;]{0,12}[,;] ?(?:现|已|目前|临时|但|因[^,。;]{0,6})?(?:已)?(?:暂停|叫停|待定|"
    r"另行通知|(?:延期|推迟|"
    r"顺延)(?![到至为在])|时间(?:待|未)定)"
    r"|[^,。;]{0,2}(?:的?计划)?(?:未达成|未实现|泡汤|无法达成|无法实现|不能实现)"
    r"| (?:[a-z]+ )?(?:is|was) (?:off|out|gone|dead)(?![A-Za-z])|"
    r" (?:[a-z]+ )?(?:won't|will not|didn't|did not|cannot|can't) (?:happen|hold|work|make)|"
    r" (?:is |was |looks )?(?:no longer|not|off the table|unrealistic|out of reach)(?![A-Za-z])"
    r"|[ ,;(]{0,3}(?:[a-z]+ ){0,3}(?:now |was |is |has been )?(?:cancel(?:l?ed)|withdrawn|revoked|"
    r"called off|scrapped|"
    r"axed|shelved|pulled|dropped|on hold|"
    r"missed)(?![A-Za-z])",
    re.IGNORECASE,
)
_WAS_DUE: Final = lazy.compile(r"(?<![A-Za-z])was (?=[A-Z0-9])")
_MOVED: Final = lazy.compile(
    r"(?:延|排|约|定|推迟|顺延|调整|变更|修改|提前|改|推|拖|现|目前|预计|计划)"
)


#: After a date: the one that follows is the date it had before.
_REMARK: Final = lazy.compile(
    r"[^,。;\n]{0,8}[ ,;(]{0,3}(?:原(?:定|计划|来|本|先|为|是)?说?的?|"
    r"而?(?:不是|并非)(?:之前|此前|原来|上次)?[说定]?的?|而非|(?:之前|此前|上次|早先|"
    r"最初)(?:[说报定]的?)?|"
    r"先前|替代原?(?:来|定|计划)?的?|取代|old (?:eta|date|target|plan)|上周(?:说|报|"
    r"定)的?|was|previously|originally|instead of|"
    r"rather than|not|up from|from)[ :为是在]{0,3}",
    re.IGNORECASE,
)


def is_remark_on(page: Page, mention: DateMention, start: int) -> bool:
    """6 月 19 日（原 6 月 12 日）: whether the date at ``start`` is the one before."""
    return (
        mention.kind is DateKind.DUE
        and start - mention.end <= 24
        and _REMARK.fullmatch(page.folded, mention.end, start) is not None
    )


def moved_on(planned: DateMention, mention: DateMention) -> DateMention:
    """原计划6月10日上线，延期至6月25日: the second date is the first one, moved."""
    return replace(
        mention,
        before=mention.before or planned.date,
        label=mention.label or planned.label,
        subject=planned.subject or mention.subject,
    )


def replaces(page: Page, planned: DateMention, mention: DateMention) -> bool:
    """Whether the words between two dates say that the second stands for the first."""
    between = page.folded[planned.end : mention.start]
    if len(between) > 40 or "\n" in between or mention.kind is not DateKind.DUE:
        return False
    is_original = planned.text.startswith(_ORIGINAL_WORDS)
    is_other = planned.label and mention.label and planned.label != mention.label
    is_moved = _CHANGED_DATE.search(between + mention.text[:10]) or _LATE.search(between)
    if is_other and not (is_original and is_moved):
        return False
    if is_original and "," in between and len(between) <= 24:
        return True  # 本来 11 月 17 日该交，甲方同意 11 月 24 日交
    if _REPLACED.search(between + mention.text[:10]):
        return True
    is_late = planned.text.startswith("原") and _LATE.search(between) is not None
    if is_late:
        return True  # 比原计划（3 月 15 日）晚两周，3 月 29 日完成
    was_planned = planned.text.startswith(
        ("原", "本", "之前", "上次", "说好", "约好", "定好", "讲好")
    ) or ORIGINALLY.search(page.folded, max(0, planned.start - 8), planned.start)
    return bool(was_planned) and _MOVED.match(mention.text) is not None


def is_given_up(page: Page, mention: DateMention, following: int | None) -> bool:
    """不再计划7月1日上线, 未能在6月20日前上线, 计划8月1日上线，已取消."""
    if mention.before is not None:
        return False
    after = page.folded[mention.end : mention.end + 16]
    if _NEGATED_EVENT.search(mention.text) or _UNDONE.match(after):
        return True
    if mention.kind is not DateKind.DUE:
        return False
    # 本应 6 月 14 日封顶，实际 6 月 18 日; Cutover was July 8; now TBD
    if mention.text.startswith(("本应", "本该", "本来")) or _WAS_DUE.search(mention.text):
        return True
    line_end = page.folded.find("\n", mention.end)
    end = min(mention.end + 28, len(page.folded) if line_end < 0 else line_end)
    after = page.folded[mention.end : min(end, following or end)]
    clause = page.clause_at(mention.start)
    before = page.folded[max(clause.start, mention.start - 24) : mention.start]
    if _GIVEN_UP_OPENER.fullmatch(page.folded[slice(*clause.opener)].strip()):
        return True
    return bool(GIVEN_UP_BEFORE.search(before) or GIVEN_UP_AFTER.match(after))

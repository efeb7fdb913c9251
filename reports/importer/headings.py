"""Headings in every dress: which line begins a section, and which kind of section. Pure.

The same heading is written 【O1 业务服务】, ``## 【O2系统升级】``, ``### A. 支付账户2.0升级``, ``**三、生产事件**``
or bare; a word table in two languages says what kind it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from projects.prose import fold
from reports.importer.outline import PARAGRAPH, Line


class Kind(StrEnum):
    """As ``reports.models.SectionKind``; a test holds the two together."""

    PREAMBLE = "preamble"
    FOCUS = "focus"
    OBJECTIVE = "objective"
    WORK = "work"
    METRICS = "metrics"
    INCIDENTS = "incidents"
    OTHER = "other"
    CUSTOM = "custom"
    DAILY = "daily"
    REFLECTION = "reflection"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a section. ``kind`` is ``None`` where only its dress says so."""

    line: Line
    kind: Kind | None
    text: str  # as written, without the Markdown mark
    level: int  # 1 to 6; 2 where the source had no Markdown heading
    code: str = ""  # O1, or the letter of "A. 支付账户"
    name: str = ""  # the objective's name


_JOIN: Final = r"(?:与|和|及|、|&|以及|,|，|/)?"
_WORDS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.PLAN,
            r"(?:下(?:一|个)?(?:周|步|期|阶段|月|週|星期)|后续|未来一周|明日|近期)(?:的)?(?:主要|重点|核心)?"
            rf"(?:(?:工作|计划|目标|安排|任务|重点|事项|内容|关注|跟进|规划|预告|展望|方向){_JOIN})+"
            r"|(?:工作)?计划|next week(?:'?s)?(?: plans?| goals?| focus| priorities)?"
            r"|(?:plans?|goals?|to-?dos?|priorities|focus) (?:for )?(?:the )?(?:next|coming) week"
            r"|next steps?|upcoming(?: work)?|plans?|what'?s next",
        ),
        (
            Kind.METRICS,
            r"(?:系统|业务|核心|关键|平台|生产|主要|重要|本周)*(?:运行|运营|监控|稳定性|质量|健康|服务|性能)*"
            r"(?:数据|指标|大盘|数值)(?:概览|情况|汇总|统计|看板|播报)?"
            r"|系统(?:运行|稳定性|可用性)(?:情况|状况|报告)?|稳定性(?:情况|报告)?"
            r"|(?:key |system |service |business |weekly )?(?:metrics|kpis?|numbers|statistics|slas?|slos?)"
            r"|system (?:health|status|data)",
        ),
        (
            Kind.INCIDENTS,
            r"(?:本周|近期|重大|重要)?(?:生产|线上|系统|运维|故障|技术|安全)*(?:事件|事故|故障)"
            rf"(?:(?:处理|情况|记录|汇总|回顾|复盘|跟踪|跟进|说明|分析|报告|问题){_JOIN}|{_JOIN})*"
            r"|(?:生产|线上)(?:环境)?问题(?:处理|情况|记录|汇总|跟踪)*"
            r"|(?:production |live |major )?(?:incidents?|outages?)(?: (?:report|review|log)s?)?|production issues",
        ),
        (
            Kind.OTHER,
            r"(?:其他|其它|其余)(?:事项|工作|事宜|内容|项目|方面|说明)*|日常(?:工作|事务|事项)|杂项"
            r"|others?|misc(?:ellaneous)?\.?|other (?:items|topics|business|work)|any other business|aob",
        ),
        (
            Kind.REFLECTION,
            r"(?:本周|工作|个人|团队|经验|学习|自我|管理)*(?:收获|反思|思考|感悟|心得|感想|体会|启发|成长)"
            rf"(?:{_JOIN}(?:收获|反思|思考|感悟|心得|感想|体会|启发|成长|总结|改进|复盘|建议|学习|不足|教训))*"
            r"|总结(?:与|和|及|、|&)?(?:反思|思考|感悟|改进|展望)|经验(?:与|和|及|、)?教训"
            r"|lessons?(?: learned| learnt)?|reflections?|learnings?|retrospective|thoughts|takeaways",
        ),
        (
            Kind.DAILY,
            r"(?:每日|日常|本周)?日报(?:合集|汇总|记录|明细)?|每日(?:工作|记录|进展|明细)(?:记录|汇总)?"
            r"|daily(?: notes?| logs?| reports?| updates?)?",
        ),
        (
            Kind.FOCUS,
            r"(?:本周|当前|部门|团队)?(?:重点|专项|关键|重大|核心)(?:项目|专项)(?:进展|情况|跟踪|进度)*"
            r"|(?:key|focus|major|flagship) projects?",
        ),
        (
            Kind.CUSTOM,
            rf"(?:存在|主要|当前|目前|本周)?(?:的)?(?:风险|问题|困难|阻塞|卡点|障碍|难点)"
            rf"(?:{_JOIN}(?:风险|问题|困难|协助|求助|需求|需要|应对|措施|情况|支持|点|建议|解决方案))*"
            r"|需要?(?:协助|支持|协调|帮助|资源)(?:的)?(?:事项|问题|内容)?|求助"
            r"|risks?(?:,? (?:and|&) (?:issues|blockers))?|blockers?|issues|help needed|asks?|challenges",
        ),
        (
            Kind.WORK,
            r"(?:本|上|这|当|一|此)?(?:周|期|週|月)?(?:的)?(?:主要|重点|具体|团队|核心)*"
            rf"(?:工作|项目|任务|业务|进展|进度|完成|研发|需求|产品|技术|okrs?)"
            rf"(?:(?:内容|进展|完成|情况|总结|进度|工作|回顾|汇总|概述|事项|成果|产出|小结|更新|明细|动态|业务|项目){_JOIN}|{_JOIN})*"
            r"|本周|this week(?:'?s)?(?: (?:progress|work|highlights|summary|updates?))?|progress(?: (?:report|update)s?)?"
            r"|(?:weekly )?(?:summary|highlights|accomplishments|achievements|updates?|status|overview)"
            r"|projects?(?: (?:status|updates?|progress))?|done|completed|in progress|ongoing|what we did|okrs?",
        ),
    )
)
_CODED: Final = re.compile(
    r"(?P<code>O\s?(?P<number>\d{1,2}))(?![0-9A-Za-z%])\s*[.．\-—–:：、|/]*\s*(?P<name>.*)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"(?:objective|目标|okr)\s*(?P<number>\d{1,2}|[一二三四五六七八九])(?![0-9A-Za-z%年月日])\s*[.．\-—–:：、]*\s*(?P<name>.*)",
    re.IGNORECASE,
)
_LETTERED: Final = re.compile(r"(?P<code>[A-Z])\s*[.、．)）:：]\s*(?P<name>\S.*)")
_BRACKETED: Final = re.compile(r"【(?P<inner>[^【】]+)】\s*[:：]?")
_WHOLE_BOLD: Final = re.compile(r"(?:\*\*|__)(?P<inner>(?:(?!\*\*|__).)+)(?:\*\*|__)\s*[:：]?")
_ENUMERATION: Final = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:部分|[、.．])|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:[、．)）]|\.(?!\d)))\s*"
)
_TAIL: Final = re.compile(r"\s*(?:[（(][^（()）]{0,40}[)）]|[:：]+|[—\-–]+)\s*$")
_CHINESE_DIGITS: Final = "一二三四五六七八九"
_SENTENCE: Final = re.compile(r"[。；;！!？?]|[，,].*[，,]")
_MAX_NAME: Final = 60
_MAX_WORD: Final = 40


def kind_of(text: str) -> Kind | None:
    """The kind of section that a heading with these words begins, if the word table knows it."""
    bare = fold(text).strip().strip("*_~# \t").strip()
    if len(bare) > _MAX_WORD * 2:
        return None
    bare = _ENUMERATION.sub("", bare.strip("【】[]「」<>《》")).strip("【】[]「」<>《》 ")
    while found := _TAIL.search(bare):
        bare = bare[: found.start()]
    if not bare or len(bare) > _MAX_WORD:
        return None
    return next((kind for kind, pattern in _WORDS if pattern.fullmatch(bare)), None)


def objective_of(text: str, *, lettered: bool = False) -> tuple[str, str] | None:
    """Code and name of an objective's heading: ``("O1", "业务服务")``; letters count only where a heading is sure."""
    bare = _unbracketed(text)
    folded = fold(bare)
    if found := _CODED.fullmatch(folded):
        return f"O{int(found['number'])}", bare[found.start("name") :].strip()
    if found := _NUMBERED.fullmatch(folded):
        digit = found["number"]
        number = _CHINESE_DIGITS.index(digit) + 1 if digit in _CHINESE_DIGITS else int(digit)
        return f"O{number}", bare[found.start("name") :].strip()
    if lettered and (found := _LETTERED.fullmatch(folded)):
        return found["code"].upper(), bare[found.start("name") :].strip()
    return None


def _unbracketed(text: str) -> str:
    bare = text.replace("**", "").replace("__", "").strip()
    if found := _BRACKETED.fullmatch(bare):
        bare = found["inner"].strip()
    return bare.rstrip(":：").strip() if not bare.endswith(("::", "：：")) else bare


def heading_of(line: Line, *, dressed: bool) -> Heading | None:
    """The heading that this line is, or ``None``.

    ``dressed``: the page writes its headings with brackets or Markdown marks, so a bare word in a
    list is an item there and no heading.
    """
    if line.is_blank or line.is_table_row or not line.plain:
        return None
    if line.level:
        return _hashed(line)
    if line.indent > 3:
        return None
    plain = line.plain
    known = kind_of(plain)
    objective = objective_of(plain) if len(plain) <= _MAX_NAME else None
    if _BRACKETED.fullmatch(plain):
        return _made(line, known, objective)
    if _WHOLE_BOLD.fullmatch(line.text.strip()) and (known or objective):
        return _made(line, known, objective)
    if dressed and line.rank != PARAGRAPH:
        return None
    if objective and _SENTENCE.search(plain) is None and line.rank in (PARAGRAPH, 10, 30):
        return _made(line, known, objective)
    if known and line.rank in (PARAGRAPH, 10, 20, 30) and not (dressed and known == Kind.WORK):
        return _made(line, known, None)
    return None


def _hashed(line: Line) -> Heading:
    objective = objective_of(line.plain, lettered=True)
    return _made(line, kind_of(line.plain), objective, level=line.level)


def _made(
    line: Line, known: Kind | None, objective: tuple[str, str] | None, level: int = 2
) -> Heading:
    text = line.said
    if objective is not None and objective[1][:1] not in "：:":
        return Heading(line, Kind.OBJECTIVE, text, level, *objective)
    return Heading(line, known, text, level)


def is_dressed(lines: list[Line]) -> bool:
    """Whether the page dresses its headings: at least two known ones have brackets or Markdown marks."""
    count = 0
    for line in lines:
        if line.level or _BRACKETED.fullmatch(line.plain):
            heading = heading_of(line, dressed=True)
            count += heading is not None and heading.kind is not None
            if count == 2:
                return True
    return False

"""Where the name of a project ends and the report on it begins. Pure.

People write 农行存管：进度85%, WAF迁移，域名切换完毕, 「贝小理」准确率…, **POS收单**开发完成, and
实时数仓项目进度98%; and they write 本周完成：…, which does not name a project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from projects import prose
from projects.prose import DateKind, fold
from reports.importer.reading.outline import OutlineLine

_BOLD: Final = re.compile(r"\*{2,}|__")
_QUOTED: Final = re.compile(
    r"^(?:【(?P<a>[^【】]{1,40})】|「(?P<b>[^「」]{1,40})」|《(?P<c>[^《》]{1,40})》|"
    r"\[(?P<d>[^\[\]]{2,40})\](?!\())\s*[:：，,]?\s*"
)
_BOLD_RUN: Final = re.compile(
    r"^(?P<name>[^*：:，,。；;]{0,12}\*\*[^*：:，,。；;]{1,40})\*\*\s*[:：，,]*\s*"
)
_COLON: Final = re.compile(
    r"^(?P<name>[^：:。；;！!？?\n]{1,60}?)\s*(?:：|:(?!//))[：:]*\s*(?P<rest>.*)$", re.DOTALL
)
# 存管二期（负责人：王伟）开发…, 数据库拆分【暂停】，…: the remark in brackets describes the name.
_REMARKED: Final = re.compile(
    r"(?P<name>[^（(【\[：:，,。；;！!？?]{2,30}?)\s*"
    r"(?P<rest>(?:[（(][^()（）]*[:：][^()（）]*[)）]|【[^【】]{1,12}】).*)",
    re.DOTALL,
)
_LABEL: Final = re.compile(r"(?P<label>[^：:，,。；;]{0,40})[：:]")
_DASH: Final = re.compile(
    r"^(?P<name>[^：:，,。；;！!？?\n]{2,40}?)(?:\s+[-–—]+\s+|——+|—(?=\S))(?P<rest>.*)$", re.DOTALL
)
_COMMA: Final = re.compile(
    r"^(?P<name>[^：:，,。；;！!？?\n]{2,40}?)\s*[，,]\s*(?P<rest>.*)$", re.DOTALL
)
_HOUR: Final = re.compile(r"(?<![\d.A-Za-z])\d{1,2}\s*$")
_MINUTE: Final = re.compile(r"\s?[0-5]\d(?!\d)")
# 「Ledger（65% complete）」: a remark on its state does not belong to the name.
_REMARK: Final = re.compile(
    r"(?P<name>.{2,}?)\s*(?P<remark>[（(][^()（）]*(?:\d\s*%|完成|进行中|延期|暂停|已上线|联调中|测试中|"
    r"开发中|done|complete|in progress|on track|at risk|blocked|delayed)[^()（）]*[)）])",
    re.IGNORECASE,
)
# Words that begin the report on a project where no mark separates it from the name.
_VERB: Final = re.compile(
    r"(?:整体|总体)?(?:(?:系统|技术|功能)(?=开发|研发))?(?:开发|研发|测试|联调)?(?:进度|进展|"
    r"完成度|完成率)"
    r"|预计|计划(?!书|管理|系统|平台)|已经?|正在|本周|下周|目前|当前|仍|持续|由于|因为?(?=\S{3})|"
    r"按计划|开始|启动|完成|上线|提测|投产"
    r"|进入|处于|等待|待|需要|将(?!军)|推进|联调中|测试中|开发中|研发中|设计中|进行中|评审|验收|"
    r"暂停|延期|达到|共(?=\d)|暂无|平稳|稳定运行|运行(?=平稳|稳定|正常|良好)|顺利"
    r"|主要(?:开发|工作|完成)?|开发(?:工作|完成|中)|测试(?:工作|完成|中)|需求(?:评审|梳理|沟通)"
)
# 实时数仓项目进度：98% is 实时数仓项目.
_PROGRESS_WORD: Final = re.compile(
    r"\s*(?:整体|总体|系统|研发|技术|功能|开发|测试)*(?:进度|进展|完成度|完成率|情况)$"
)
_STARTS_WITH_VERB: Final = re.compile(
    r"(?:本周|本月|上周|下周|今日|昨日|目前|当前|已|正在|继续|持续|完成|参加|参与|推进|支持|处理|跟进"
    r"|修复|优化|对接|协助|组织(?!架构)|准备(?!金)|编写|梳理|沟通|讨论|召开|输出|整理|制定|开展|"
    r"启动"
    r"|上线|提交|确认|排查|解决|配合|评审|开发(?!者)|测试(?!平台|环境)|联调|调研|落实|落地(?!页)"
    r"|实现|新增|增加|更新|发布(?!平台|系统)|部署(?!平台)|进行|预计|计划|由于|因为|如果|但|并(?!购)"
    r"|与|和|为|对(?!账|公|私|外)|将|把|在(?!线)|从|按(?!揭)|其中|另外|同时|截至|截止|累计|"
    r"共(?!享|有)"
    r"|近\d|第[一二三四五六七八九十\d]|\d+月|\d{1,2}[/.\-]\d{1,2}|\d{1,2}:\d{2}|无$|暂无|详见|"
    r"详细|见|包括)"
)
# 完成城市开通3个：济南 says what was done; 上线质量平台：and 对接中心： are names.
_TELLS: Final = re.compile(
    r"(?:本周|上周|下周|今日|已(?!知)|正在|继续|持续(?!集成|交付)|完成|参加|参与|修复|协助|召开|累计|截至|截止|其中|"
    r"另外|同时|由于|因为|大家|各位|你好|您好|以下|附件)"
)
_ENGLISH_VERB: Final = re.compile(
    r"(?:[A-Za-z]+ed|[A-Za-z]+ing|no|the|we|i|a|an|in|on|to|this|next|last|and|will|all|see|"
    r"hi|hello|hey|dear|thanks|thank|best|kind|regards)\b",
    re.IGNORECASE,
)
_HAS_NUMBER: Final = re.compile(
    r"\d+(?:\.\d+)?\s*%|\d+\s*(?:笔|万|亿|元|条|单|组|次|人|起|个|件|家|户|台)|\d{1,2}月\d{1,2}|\d{4}[-/.年]"
)

# Labels that lead a line and name no project: parts of a report, people, times.
_GENERIC: Final = re.compile(
    r"(?:本周|上周|下周|本期|当前|目前|近期|今日|昨日|主要|重点|整体|总体|项目|工作|业务|系统|"
    r"技术|核心|后续|其中|具体|存在|相关|最新|待|已|未|需|与|和|及|、|&"
    r"|进展|进度|状态|情况|完成(?:情况|度)?|内容|事项|计划|目标|风险点?|问题|难点|阻塞|卡点|原因|"
    r"影响|措施|方案|结论|结果|说明|备注|注意?|总结"
    r"|银行|产研|产品|研发|开发|测试|运营|设计|市场|合作|推广|商务|法务|合规|数据|指标|成果|亮点|"
    r"产出|收益|价值|背景|依赖"
    r"|负责人|接口人|对接人|owner|责任人|参与人|干系人|人员|时间|日期|截止|里程碑|汇报人|报告人|填[写报]人|"
    r"提交人|编写人|作者|姓名|部门|团队|小组|岗位|周期|周次|创建|更新|编辑|标签"
    r"|进行中|未完成|未开始|待办|待定|跟进|上线|提测|联调|发布|交付|延期|暂停|故障|事故|阶段|环境|链接|地址|文档|附件|"
    r"详细记录|详情|参考|发现|处理|解决(?:办法|方案)?"
    r"|周[一二三四五六日天]|星期[一二三四五六日天]|第[一二三四五六七八九十\d]+[周期步阶段]*|"
    r"[一二三四五六]期|[Pp]\d|[Kk][Rr]\s?\d*|[Qq][1-4]|需求|改进|建议|决策|协助|支持|资源|成本|"
    r"人力|质量|效率|其他|其它|无)+"
    r"|(?:status|progress|updates?|risks?|issues?|blockers?|next|next steps?|done|todo|to do|"
    r"in progress|completed|owners?|lead|due|eta|notes?"
    r"|plans?|goals?|summary|highlights|impact|cause|root cause|resolution|actions?|date|time|"
    r"dependencies|kr\s?\d*|key results?|reporters?|authors?|prepared by|team|department|period|"
    r"reporting period|week(?: of| ending)?|created|last edited(?: by| time)?|tags?|name|from|to|"
    r"cc|"
    r"subject|sent|eta|expected completion|blockers?|overall status|project status)",
    re.IGNORECASE,
)
_MAX_NAME: Final = 36
_MAX_NAME_AFTER_VERB: Final = 20
_LEAD: Final = re.compile(
    r"(?:本周|本月|今日|目前|当前)?(?:内|主要|重点)?(?:已经?|正在|继续|持续|协助|配合|支持|参与|负责|主导)*"
    r"(?:完成了?|推进|跟进|启动|开始|进行|开展|处理|实现)?(?:了)?"
)
_NAME_AFTER_VERB: Final = re.compile(
    r"[^\s\d，,。；;：:（()）!！?？][^，,。；;：:（()）!！?？]{3,40}"
)


@dataclass(frozen=True, slots=True)
class Head:
    """A project's name (marks aside) and the rest of the line.

    ``written`` is the name with the words before it (完成商家后台改版), where there are any.
    """

    name: str
    rest: str
    written: str = ""


# Names and labels come back from week to week.
@lru_cache(maxsize=4096)
def is_generic(label: str) -> bool:
    """Whether the words label a part of a report (本周进展, 风险) and name no project."""
    bare = fold(_BOLD.sub("", label)).strip(" :：【】[]()（）「」*_")
    return not bare or _GENERIC.fullmatch(bare) is not None


def project_head(
    line: OutlineLine, *, known: tuple[str, ...] = (), strict: bool = False
) -> Head | None:
    """The project that a line begins with, or ``None``.

    ``known``: names already met, longest first: one that begins the line is the head even without
    a mark after it. ``strict``: take only a head that a bracket, bold or colon marks.
    """
    text = line.text.strip()
    head = _marked(text)
    if head is None and not strict and not _is_labelled(line.plain):
        head = _known(line.plain, known) or _parted(line.plain)
    return without_remark(head) if head is not None else None


def _is_labelled(plain: str) -> bool:
    """Whether the line begins with a label that names no project: 风险：…, 12:03 …, https:…"""
    label = _LABEL.match(plain)
    return label is not None and not _is_name(label["label"])


def _marked(text: str) -> Head | None:
    if (match := _BOLD_RUN.match(text)) and not _ends_later(text, match.end()):
        name = _BOLD.sub("", match["name"]).strip()
        if _is_name(name) and not _is_sentence(name) and not name.startswith(("【", "「")):
            return Head(name, _BOLD.sub("", text[match.end() :]).strip())
    plain = _BOLD.sub("", text).strip()
    if match := _QUOTED.match(plain):
        name = next(group for group in match.groups() if group is not None).strip()
        rest = plain[match.end() :].strip()
        return Head(name, rest) if name and not is_generic(name) else None
    match = _REMARKED.fullmatch(plain)
    if match and _is_name(match["name"]) and not _is_sentence(match["name"]):
        return Head(match["name"], match["rest"])
    return _before_colon(plain)


def _before_colon(plain: str) -> Head | None:
    if match := _COLON.match(plain):
        name = match["name"].strip()
        if _HOUR.search(name) and _MINUTE.match(match["rest"]):
            return None  # 12:03
        if _is_name(name) and not _TELLS.match(name):
            name = _PROGRESS_WORD.sub("", name) or name
            return Head(name, plain[len(name) :].lstrip(" :："))
    return None


def _ends_later(text: str, end: int) -> bool:
    """Whether the bold type ends within the name: **二手收银**台：…"""
    rest = text[end:]
    match = _COLON.match(rest) if not text[:end].rstrip().endswith(("：", ":")) else None
    within = match["name"] if match and rest[:1] not in " \t，,：:" else ""
    return 0 < len(within) <= 12 and not _VERB.search(within) and not re.search(r"[，,]", within)


def without_remark(head: Head) -> Head:
    """The head with a remark in brackets, (80%) or （进行中）, moved from the name to the rest."""
    match = _REMARK.fullmatch(head.name)
    if match is None or head.written:
        return head
    colon = "：" if head.rest and not head.rest.startswith(("：", ":")) else ""
    return Head(match["name"], f"{match['remark']}{colon}{head.rest}")


def head_after_verb(line: OutlineLine, *, week: date) -> Head | None:
    """The head of a line that begins with a verb and holds a percent or a due date.

    「完成商家后台改版，进度60%」 reports on 商家后台改版; 「完成两次评审」 names no project.
    """
    plain = line.plain
    lead = _LEAD.match(plain)
    match = _NAME_AFTER_VERB.match(plain, lead.end() if lead else 0)
    if match is None or plain.isascii():
        return None
    name = _cut(match[0].strip())
    if not 4 <= len(name) <= _MAX_NAME_AFTER_VERB or is_generic(name) or _HAS_NUMBER.search(name):
        return None
    mentions = prose.read(plain, week=week)
    places = [mention.start for mention in mentions.percents]
    places += [mention.start for mention in mentions.dates if mention.kind == DateKind.DUE]
    end = match.start() + len(name)
    if not places or min(places) < end or not plain[end:].strip(" ，,。；;"):
        return None
    rest = plain[end:].lstrip(" ，,、：:")
    return Head(name, rest, plain[:end])


def _known(plain: str, known: tuple[str, ...]) -> Head | None:
    for name in known:
        if len(name) >= 2 and plain.startswith(name):
            rest = plain[len(name) :].lstrip(" :：，,、-–—")
            return Head(name, rest)
    return None


def _parted(plain: str) -> Head | None:
    match = _DASH.match(plain)
    if match and _is_name(match["name"]) and not _is_sentence(match["name"]):
        return Head(match["name"].strip(), match["rest"].strip())
    head = plain
    if match := _COMMA.match(plain):
        head = match["name"].strip()
    elif len(plain) > _MAX_NAME:
        head = re.split(r"[，,。；;：:]", plain, maxsplit=1)[0]
    name = _cut(head)
    if not _is_name(name) or _is_sentence(name) or len(fold(name)) > 24:
        return None
    rest = plain[len(name) :].lstrip(" ，,、：:")
    # Whether a bare name is a project is for the caller to decide.
    return Head(name, rest) if rest else None


def _cut(name: str) -> str:
    """The name up to the first word that reports on it; whole if that left nothing."""
    verb = _VERB.search(name, 2)
    if verb is None or verb.start() < 2:
        return name
    shortened = name[: verb.start()].rstrip(" 的，,、:：(（-")
    return shortened if len(shortened) >= 2 else name


def _is_name(name: str) -> bool:
    bare = name.strip(" *_【】[]「」()（）")
    return (
        bool(bare)
        and len(name) <= _MAX_NAME + 24 * (not name.isascii() and "（" in name)
        and not is_generic(bare)
        and not bare.isdigit()
        and any(character.isalnum() for character in bare)
        and "http" not in bare
    )


def _is_sentence(name: str) -> bool:
    if name.isascii():
        return len(name.split()) > 4 or _ENGLISH_VERB.match(name) is not None
    return bool(_STARTS_WITH_VERB.match(name) or _HAS_NUMBER.search(name))


def is_short_name(line: OutlineLine) -> bool:
    """Whether the whole line can be a name that stands above the lines about it."""
    plain = line.plain.rstrip("：:").strip()
    return (
        2 <= len(plain) <= _MAX_NAME
        and _is_name(plain)
        and not re.search(r"[，,。；;！!？?：:]", plain)
        and not _is_sentence(plain)
        and not _VERB.search(plain, 2)
    )

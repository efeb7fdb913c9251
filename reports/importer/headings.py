"""Headings in every dress: which line begins a section, and which kind of section. Pure.

The same heading is written 【O1 业务服务】, ``## 【O2系统升级】``, ``### A. 支付账户2.0升级``,
``**三、生产事件**`` or bare; a word table in two languages says what kind it is.
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


@dataclass(frozen=True, slots=True)
class _Words:
    """What the headings of one kind are made of: any ``before``, one ``core``, any ``after``.

    Each is a list of words; the Chinese ones run together, joined by 与, 和, 、 or nothing.
    """

    kind: Kind
    before: str
    core: str
    after: str
    english: str

    def pattern(self) -> re.Pattern[str]:
        before = "|".join([*self.before.split(), _AND])
        core = "|".join(self.core.split())
        after = "|".join([*self.after.split(), _AND])
        chinese = rf"(?:{before})*(?:{core})(?:{after})*"
        english = "|".join(re.escape(phrase.strip()) for phrase in self.english.split(","))
        return re.compile(rf"{chinese}|(?:{english})", re.IGNORECASE)


_AND: Final = "以及|与|和|及|、|&|,|，|/|的"
_PATTERNS: Final = tuple(
    (words.kind, words.pattern())
    for words in (
        _Words(
            Kind.PLAN,
            before="",
            core="下周 下一周 下个周 下步 下一步 下期 下阶段 下一阶段 下月 下星期"
            " 未来一周 后续工作 后续计划 工作计划 计划",
            after="主要 重点 核心 工作 计划 目标 安排 任务 事项 内容 关注 跟进 规划 预告 展望 方向",
            english="next week, next week plan, next week plans, next week's plan, next"
            " week's plans,"
            " next week's goals, next week goals, next week focus, plan for next week,"
            " plans for next week, plan for the coming week, goals for next week, to do next week,"
            " next steps, next step, upcoming, upcoming work, plan, plans, what's next, priorities",
        ),
        _Words(
            Kind.METRICS,
            before="系统 业务 核心 关键 平台 生产 主要 重要 本周 运行 运营 监控 稳定性"
            " 质量 健康 服务 性能",
            core="数据 指标 大盘 稳定性 可用性 运行情况 运行状况",
            after="概览 情况 汇总 统计 看板 播报 报告 数值",
            english="metrics, key metrics, system metrics, service metrics, business"
            " metrics, kpi, kpis,"
            " numbers, key numbers, statistics, sla, slas, slo, slos, system health, system status",
        ),
        _Words(
            Kind.INCIDENTS,
            before="本周 近期 重大 重要 生产 线上 系统 运维 技术 安全",
            core="事件 事故 故障 生产问题 线上问题 生产环境问题 线上环境问题",
            after="处理 情况 记录 汇总 回顾 复盘 跟踪 跟进 说明 分析 报告 问题",
            english="incident, incidents, outages, production incidents, production issues,"
            " live issues, incident report, incident review, incident log",
        ),
        _Words(
            Kind.OTHER,
            before="",
            core="其他 其它 其余 杂项 日常工作 日常事务 日常事项",
            after="事项 工作 事宜 内容 项目 方面 说明",
            english="other, others, misc, misc., miscellaneous, other items, other topics,"
            " other business, other work, any other business, aob",
        ),
        _Words(
            Kind.REFLECTION,
            before="本周 工作 个人 团队 经验 学习 自我 管理 总结",
            core="收获 反思 思考 感悟 心得 感想 体会 启发 成长 经验教训",
            after="收获 反思 思考 感悟 心得 感想 体会 启发 成长 总结 改进 复盘 建议"
            " 学习 不足 教训 展望",
            english="lessons, lessons learned, lessons learnt, reflection, reflections, learnings,"
            " retrospective, thoughts, takeaways, what we learned",
        ),
        _Words(
            Kind.DAILY,
            before="本周 个人 团队",
            core="日报 每日工作 每日记录 每日进展 每日明细",
            after="合集 汇总 记录 明细",
            english="daily, daily notes, daily log, daily logs, daily reports, daily updates",
        ),
        _Words(
            Kind.FOCUS,
            before="本周 当前 部门 团队",
            core="重点项目 专项项目 关键项目 重大项目 核心项目 重点专项",
            after="进展 情况 跟踪 进度",
            english="key projects, focus projects, major projects, flagship projects, focus",
        ),
        _Words(
            Kind.CUSTOM,
            before="存在 主要 当前 目前 本周",
            core="风险 问题 困难 阻塞 卡点 障碍 难点 需协助 需要协助 需支持 需要支持 需协调 求助",
            after="风险 问题 困难 协助 求助 需求 需要 应对 措施 情况 支持 点 建议"
            " 解决方案 事项 内容",
            english="risk, risks, risks and issues, risks & issues, issues and risks,"
            " blockers, issues,"
            " help needed, asks, challenges, risks and blockers",
        ),
        _Words(
            Kind.WORK,
            before="本周 上周 这周 当周 一周 本期 本月 本週 主要 重点 具体 团队 核心",
            core="本周 工作 项目 任务 业务 进展 进度 完成 研发 需求 产品 技术 okr okrs",
            after="内容 进展 完成 情况 总结 进度 工作 回顾 汇总 概述 事项 成果 产出"
            " 小结 更新 明细 动态"
            " 业务 项目 重点",
            english="this week, this week's progress, this week's work, progress, progress report,"
            " progress update, progress updates, weekly summary, summary, highlights,"
            " accomplishments, achievements, update, updates, status, status update, overview,"
            " project status, project updates, projects, done, completed, in progress, ongoing,"
            " what we did, work done, work this week",
        ),
    )
)
_CODED: Final = re.compile(
    r"(?P<code>O\s?(?P<number>\d{1,2}))(?![0-9A-Za-z%])\s*[.．\-—–:：、|/]*\s*(?P<name>.*)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"(?:objective|目标|okr)\s*(?P<number>\d{1,2}|"
    r"[一二三四五六七八九])(?![0-9A-Za-z%年月日])\s*[.．\-—–:：、]*\s*(?P<name>.*)",
    re.IGNORECASE,
)
_LETTERED: Final = re.compile(r"(?P<code>[A-Z])\s*[.、．)）:：]\s*(?P<name>\S.*)")
_BRACKETED: Final = re.compile(r"【(?P<inner>[^【】]+)】\s*[:：]?")
_WHOLE_BOLD: Final = re.compile(r"(?:\*\*|__)(?P<inner>(?:(?!\*\*|__).)+)(?:\*\*|__)\s*[:：]?")
_ENUMERATION: Final = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:部分|[、.．])|[（(][一二三四五六七八九十\d]{1,3}[)）]|"
    r"\d{1,2}(?:[、．)）]|\.(?!\d)))\s*"
)
_TAIL: Final = re.compile(r"\s*(?:[（(][^（()）]{0,40}[)）]|[:：]+|[—\-–]+)\s*$")
_CHINESE_DIGITS: Final = "一二三四五六七八九"
_SENTENCE: Final = re.compile(r"[。；;！!？?]|[，,].*[，,]")
_MAX_NAME: Final = 60
_MAX_INDENT: Final = 3
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
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(bare)), None)


def objective_of(text: str, *, lettered: bool = False) -> tuple[str, str] | None:
    """Code and name of an objective's heading; letters are codes only where a heading is sure."""
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
        objective = objective_of(line.plain, lettered=True)
        return _made(line, kind_of(line.plain), objective, level=line.level)
    if line.indent > _MAX_INDENT:
        return None
    known = kind_of(line.plain)
    objective = objective_of(line.plain) if len(line.plain) <= _MAX_NAME else None
    is_bold = _WHOLE_BOLD.fullmatch(line.text.strip()) is not None and (known or objective)
    if (
        is_bold
        or _BRACKETED.fullmatch(line.plain)
        or _is_bare(line, known, objective, dressed=dressed)
    ):
        return _made(line, known, objective)
    return None


def _is_bare(
    line: Line, known: Kind | None, objective: tuple[str, str] | None, *, dressed: bool
) -> bool:
    """Whether words without any dress are a heading all the same."""
    if dressed and (line.rank != PARAGRAPH or known == Kind.WORK):
        return False
    if objective and _SENTENCE.search(line.plain) is None:
        return line.rank in {PARAGRAPH, 10, 30}
    return known is not None and line.rank in {PARAGRAPH, 10, 20, 30}


def _made(
    line: Line, known: Kind | None, objective: tuple[str, str] | None, level: int = 2
) -> Heading:
    text = line.said
    if objective is not None and objective[1][:1] not in "：:":
        return Heading(line, Kind.OBJECTIVE, text, level, *objective)
    return Heading(line, known, text, level)


def is_dressed(lines: list[Line]) -> bool:
    """Whether the page dresses its headings: two known ones have brackets or Markdown marks."""
    count = 0
    for line in lines:
        if line.level or _BRACKETED.fullmatch(line.plain):
            heading = heading_of(line, dressed=True)
            count += heading is not None and heading.kind is not None
            if count == 2:
                return True
    return False

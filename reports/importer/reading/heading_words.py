"""The words that section headings are made of, in two languages, and the kind each says. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reports.weekly.sections import Kind


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """What the headings of one kind are made of: any ``before``, one ``core``, any ``after``.

    Each is a list of words; the Chinese ones run together, joined by 与, 和, 、 or nothing, the
    English ``phrases`` stand among words that say nothing of the kind (this week's key …).
    """

    kind: Kind
    before: str
    core: str
    after: str
    phrases: str

    def pattern(self) -> str:
        before = "|".join([*self.before.split(), _AND])
        core = "|".join(self.core.split())
        after = "|".join([*self.after.split(), _AND])
        chinese = rf"(?:{before})*(?:{core})(?:{after})*"
        english = "|".join(re.escape(phrase.strip()) for phrase in self.phrases.split(","))
        english = rf"(?:{_ENGLISH_BEFORE})*(?:{english})(?: ?(?:{_ENGLISH_AFTER}|{english}))*"
        return rf"(?P<{self.kind}>{chinese}|(?:{english}))"


_AND: Final = "以及|与|和|及|、|&|,|，|/|的"
_ENGLISH_BEFORE: Final = (
    r"(?:this (?:past )?week'?s?|the|our|my|team|current|open|key|main|major|top|overall|general|"
    r"weekly|recent|production|known|important|new|any) "
)
_ENGLISH_AFTER: Final = (
    r"(?:and|or|&|/|,|(?:for |during |of )?(?:this|the|last|past) (?:past )?week|so far|"
    r"to date|overview|updates?|report|summary|list|items?|log|section|details|needed|faced|"
    r"encountered)"
)
_WORDS: Final = (
    HeadingWords(
        Kind.PLAN,
        before="",
        core="下周 下一周 下个周 下步 下一步 下期 下阶段 下一阶段 下月 下星期"
        " 未来一周 后续工作 后续计划 工作计划 计划 待办",
        after="主要 重点 核心 工作 计划 目标 安排 任务 事项 内容 关注 跟进 规划 预告 展望"
        " 方向 列表 清单",
        phrases="next week, next week's, next week plan, next week plans, next week's plan,"
        " next week's plans, next week's goals, next week's focus, next week's priorities,"
        " next week's tasks, next week goals, next week focus, next week priorities,"
        " plan for next week, plans for next week, plan for the next week, goals for next week,"
        " goals for the next week, plans for the next week, priorities for next week,"
        " priorities for the next week, focus for next week, tasks for next week,"
        " plan for the coming week, planned for next week, planned next week, planned work,"
        " planned tasks, to do next week, next steps, next step, next up, next, upcoming,"
        " upcoming work, upcoming tasks, coming up, looking ahead, plan, plans, planned,"
        " what's next, priorities, todo, to do, to-do, todos",
    ),
    HeadingWords(
        Kind.METRICS,
        before="系统 业务 核心 关键 平台 生产 主要 重要 本周 运行 运营 监控 监测 稳定性"
        " 质量 健康 服务 性能 经营 风险 效率 过程 结果",
        core="数据 指标 大盘 稳定性 可用性 运行情况 运行状况",
        after="概览 情况 汇总 统计 看板 播报 报告 数值 监测 监控 跟踪 变化 趋势 走势 表现",
        phrases="metrics, key metrics, system metrics, service metrics, business metrics, kpi,"
        " kpis, numbers, key numbers, statistics, stats, sla, slas, slo, slos, system health,"
        " service health, system status, dashboard",
    ),
    HeadingWords(
        Kind.INCIDENTS,
        before="本周 近期 重大 重要 生产 线上 系统 运维 技术 安全 风险 异常 突发 业务 运营 现场",
        core="事件 事故 故障 异常 生产问题 线上问题 生产环境问题 线上环境问题",
        after="处理 情况 记录 汇总 回顾 复盘 跟踪 跟进 说明 分析 报告 问题",
        phrases="incident, incidents, outage, outages, production incidents, production issues,"
        " live issues, downtime, failures, incident report, incident review, incident log,"
        " postmortems",
    ),
    HeadingWords(
        Kind.OTHER,
        before="",
        core="其他 其它 其余 杂项 日常工作 日常事务 日常事项 常规工作 常规事项 常规",
        after="事项 工作 事宜 内容 项目 方面 说明",
        phrases="other, others, misc, misc., miscellaneous, other items, other topics,"
        " other business, other work, any other business, aob",
    ),
    HeadingWords(
        Kind.REFLECTION,
        before="本周 工作 个人 团队 经验 学习 自我 管理 总结",
        core="收获 反思 思考 感悟 心得 感想 体会 启发 成长 经验教训",
        after="收获 反思 思考 感悟 心得 感想 体会 启发 成长 总结 改进 复盘 建议"
        " 学习 不足 教训 展望",
        phrases="lessons, lessons learned, lessons learnt, reflection, reflections, learnings,"
        " retrospective, thoughts, takeaways, what we learned, what we learnt",
    ),
    HeadingWords(
        Kind.DAILY,
        before="本周 个人 团队",
        core="日报 每日工作 每日记录 每日进展 每日明细",
        after="合集 汇总 记录 明细",
        phrases="daily, daily notes, daily log, daily logs, daily reports, daily updates",
    ),
    HeadingWords(
        Kind.FOCUS,
        before="本周 当前 部门 团队",
        core="重点项目 专项项目 关键项目 重大项目 核心项目 重点专项",
        after="进展 情况 跟踪 进度",
        phrases="key projects, focus projects, major projects, flagship projects, focus",
    ),
    HeadingWords(
        Kind.CUSTOM,
        before="存在 主要 当前 目前 本周 遇到 的 待解决 需关注",
        core="风险 问题 困难 阻塞 卡点 障碍 难点 需协助 需要协助 需支持 需要支持 需协调 求助",
        after="风险 问题 困难 协助 求助 需求 需要 应对 措施 情况 支持 点 建议"
        " 解决方案 解决 方案 事项 内容 预警 提示",
        phrases="lowlights, risk, risks, blocker, blockers, blocked, issues, help, asks,"
        " challenges, concerns, dependencies, decisions, roadblocks",
    ),
    HeadingWords(
        Kind.WORK,
        before="本周 上周 这周 当周 一周 本期 本月 本週 主要 重点 具体 团队 核心 已 未"
        " 目标 整体 总体 日常",
        core="本周 工作 项目 任务 业务 进展 进度 完成 研发 需求 产品 技术 进行中 okr okrs",
        after="内容 进展 完成 情况 总结 进度 工作 回顾 汇总 概述 事项 成果 产出"
        " 小结 简述 简报 更新 明细 动态 落实 推进"
        " 业务 项目 重点 任务 的",
        phrases="this week, this week's progress, this week's work, progress, progress report,"
        " progress update, progress updates, weekly summary, summary, executive summary,"
        " highlights, wins, accomplishments, accomplished, achievements, achieved, update,"
        " updates, status, status update, overview, project status, project updates, projects,"
        " done, not started, backlog, work done, completed, completed work, completed tasks,"
        " finished, shipped,"
        " delivered, in progress, in-progress, wip, ongoing, ongoing work, ongoing tasks,"
        " work in progress, active projects, project list, initiatives, workstreams,"
        " what we did, what went well, went well, going well, what is behind, what's behind,"
        " behind, behind schedule, slipped, on track, off track, needs attention,"
        " work this week, tasks, work",
    ),
)
_PATTERN: Final = re.compile("|".join(words.pattern() for words in _WORDS), re.IGNORECASE)


# Headings come back from week to week.
@lru_cache(maxsize=4096)
def kind_of_words(bare: str) -> Kind | None:
    """The kind of section that these words, folded and without marks, are a heading of."""
    match = _PATTERN.fullmatch(bare)
    return Kind(match.lastgroup) if match and match.lastgroup else None

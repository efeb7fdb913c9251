"""An invented week that has one of everything, kept here; and one that was imported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.rows import (
    FactRow,
    IncidentCountRow,
    KeyResultRow,
    ProjectRow,
    QuestionRow,
    RepeatRow,
    SectionRow,
)
from tests.reports.weekly.builders import (
    AT,
    entry,
    history,
    incident,
    milestone,
    move,
    objective,
    planned,
    planned_before,
    project,
    reading,
    section,
    week_rows,
    weeks_ago,
)

_JUNE: Final = date(2024, 6, 30)
_JULY: Final = date(2024, 7, 20)
_AUGUST: Final = date(2024, 8, 15)


def kept_week() -> WeeklyDocument:
    """A page that is kept here, with one thing of each kind."""
    result = KeyResultRow("AI初审占比", "%", Decimal(0), Decimal(60), Decimal("40.1"))
    rows = week_rows(
        _projects(),
        objectives=(replace(objective(), key_results=(result,)), objective("O2", "能力升级", pk=2)),
        readings=(
            reading(
                "出金有效成功率",
                "99.975",
                last_value=Decimal("99.996"),
                target=Decimal("99.98"),
                history=((weeks_ago(1), Decimal("99.996")), (weeks_ago(0), Decimal("99.975"))),
            ),
            reading("日均笔数", "13994", unit="笔", note="含补单"),
            reading("年度可用性", None),
        ),
        incident_counts=(
            IncidentCountRow("AB", Decimal(0), "", 0),
            IncidentCountRow("C", Decimal("0.50"), "", 0),
        ),
        facts=_facts(),
        sections=(
            section("custom", "团队建设", "周五羽毛球\n周六爬山"),
            section("reflection", body="评审要早于排期。"),
        ),
    )
    return compile_week(rows)


def _projects() -> list[ProjectRow]:
    focus = project(
        "贝易转", entry("1. 直联行联调\n2. 收银台改版", 72, is_focus=True), last_percent=Decimal(63)
    )
    stalled = project(
        "农行存管",
        entry("联调环境就绪，等专线", 85),
        pk=3,
        last_percent=Decimal(85),
        history=history(85, 85, 85, 85),
        milestones=(milestone(percent=85, due_on=date(2024, 6, 28)),),
    )
    silent = project(
        "实时数仓",
        pk=4,
        previous=entry(
            "刷历史数据", 98, week=weeks_ago(2), stage="研发", reported_at=AT - timedelta(days=13)
        ),
        last_percent=Decimal(98),
    )
    return [focus, _pos(), stalled, silent, project("巡检工具", pk=5, objective_id=None)]


def _pos() -> ProjectRow:
    return project(
        "POS",
        entry(
            "银联材料退回一次，已重新提交\n- 入网复审 <b>排队中</b>",
            60,
            health="off_track",
            stage="测试",
            risks="复审窗口未定",
        ),
        pk=2,
        last_percent=Decimal(65),
        history=history(52, 60, 65, 60),
        milestones=(
            milestone(
                "银联入网",
                60,
                _AUGUST,
                first_due_on=_JUNE,
                moves=(move(_JUNE, _JULY, weeks_ago(4)), move(_JULY, _AUGUST, reason="材料退回")),
            ),
        ),
        questions=(
            QuestionRow("谁去跟银联的复审？", "林岚", AT, 8),
            QuestionRow("材料缺哪几页？", "林岚", AT, 7, "缺\n第 3 页", "何川", AT),
        ),
    )


def _facts() -> tuple[FactRow, ...]:
    return (
        incident(
            "对账任务超时",
            occurred_at=datetime(2024, 6, 18, 12, 3, tzinfo=UTC),
            detected_by="监控发现",
            severity="C",
            cause="快照查询太大",
            resolution="改为分页",
            recovered_at=datetime(2024, 6, 18, 12, 40, tzinfo=UTC),
            link="https://wiki.example.com/618",
        ),
        planned_before("入网材料提交", "partly", "退回一次"),
        planned_before("专线报告"),
        planned("直联行联调", 1),
        planned("POS 入网复审", 2),
    )


# Written as a page may be: its lines must all come back.
SOURCE: Final = """\
# 2024-w24
Created: 2024年6月22日
- 【贝易转】
    1. 直联行：
        - 工行：方案评审通过
    2. 收银台改版
## 【O1 业务服务】
一句开场白
1. 装修存管：二期联调，整体进度80%
    - 工行专线 6月28日到位
    - [x] 对账
2. 巡检工具
   | 项 | 完成 |
   |---|---|
   | 探针 | 3/5 |
## 【系统运行数据】
- 入金 99.996%，出金 99.975%
- 年度可用性：99.998%
- 事故数AB级0次，C级0.5次
## 【生产事件】
06/18 12:03 对账超时
原因：快照太大
## 【O3 平台治理】
1. 装修存管二期：进度85%
# 下周工作
1. 压测 2.0
2. 评审
"""


def imported_week() -> WeeklyDocument:
    """``SOURCE`` as an importer would have stored it."""
    at = datetime(2024, 6, 18, 12, 3, tzinfo=UTC)
    written = "06/18 12:03 对账超时\n原因：快照太大"
    rows = week_rows(
        _imported_projects(),
        title="2024-w24",
        readings=(
            reading("入金", "99.996", text="- 入金 99.996%，出金 99.975%", position=16),
            reading("出金", "99.975", position=16),
            reading(
                "年度可用性",
                "99.998",
                last_value=Decimal("99.997"),
                text="年度可用性：99.998%",
                position=17,
            ),
        ),
        incident_counts=(
            IncidentCountRow("AB", Decimal(0), "- 事故数AB级0次，C级0.5次", 18),
            IncidentCountRow("C", Decimal("0.5"), "", 18),
        ),
        sections=_imported_sections(),
        facts=(
            incident("对账超时", occurred_at=at, cause="快照太大", text=written, position=20),
            planned("压测 2.0", 25),
            planned("评审", 26),
        ),
    )
    return compile_week(rows)


def _imported_projects() -> list[ProjectRow]:
    return [
        project(
            "贝易转",
            entry(
                "\n1. 直联行：\n    - 工行：方案评审通过\n2. 收银台改版",
                health="",
                position=3,
                name="贝易转",
                is_focus=True,
                source="imported",
            ),
        ),
        project(
            "装修存管",
            entry(
                "二期联调，整体进度80%\n- 工行专线 6月28日到位\n- [x] 对账",
                80,
                health="",
                position=9,
                name="装修存管",
                section="【O1 业务服务】",
                source="imported",
                repeats=(RepeatRow("【O3 平台治理】", "装修存管二期", "进度85%", 23),),
            ),
            pk=2,
            last_percent=Decimal(75),
            milestones=(milestone("二期", 80, date(2024, 6, 28)),),
        ),
        _with_a_table(),
        project("反诈", pk=4, previous=entry("方案拆分", week=weeks_ago(1), source="imported")),
    ]


def _with_a_table() -> ProjectRow:
    return project(
        "巡检工具",
        entry(
            "\n| 项 | 完成 |\n|---|---|\n| 探针 | 3/5 |",
            health="",
            position=12,
            name="巡检工具",
            section="【O1 业务服务】",
            source="imported",
        ),
        pk=3,
    )


def _imported_sections() -> tuple[SectionRow, ...]:
    def placed(line: int, kind: str, heading: str, body: str = "", level: int = 2) -> SectionRow:
        return section(kind, heading, body, position=line, level=level, objective_id=None)

    return (
        placed(2, "preamble", "", "Created: 2024年6月22日"),
        section("objective", "【O1 业务服务】", position=7, objective_id=1),
        placed(8, "objective", "", "一句开场白"),
        placed(15, "metrics", "【系统运行数据】"),
        placed(19, "incidents", "【生产事件】"),
        placed(22, "objective", "【O3 平台治理】"),
        placed(24, "plan", "下周工作", level=1),
    )

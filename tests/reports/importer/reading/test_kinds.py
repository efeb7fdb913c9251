"""Kinds of dress that pages were once read wrongly in, each in a page or two of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reports.importer.page import ParsedPage
from reports.importer.run import read_pages
from tests.reports.importer.pages import WEEK, parsed
from tests.tables import each_row


def projects(text: str) -> list[str]:
    return [project.name for project in parsed(text).projects]


def percents(text: str) -> dict[str, list[float]]:
    return {p.name: [float(x.percent) for x in p.progress] for p in parsed(text).projects}


def codes(text: str) -> list[tuple[str, str]]:
    return [(o.code, o.name) for o in parsed(text).objectives]


def dates(page: ParsedPage) -> list[tuple[str, date, str]]:
    return [(p.name, d.date, d.kind.value) for p in page.projects for d in p.dates]


# ---- a title above the week


@each_row(
    "page",
    [
        "# 电子组周报\n\n## 2025-W12\n\n### 射频\n\n- 天线罩：开模进度60%\n",
        "# 运维日志\n\n## 2024年6月17日-6月21日\n\n### 小唐\n\n- 备份演练，完成度60%\n",
        "# Firmware log\n\n## 2024-W25\n\n### Boot\n\n- Secure boot: 60% complete\n",
    ],
)
def test_projects_are_read_below_a_week_that_stands_below_a_title(page: str) -> None:
    assert list(percents(page).values()) == [[60.0]]
    assert parsed(page).unplaced == ()


def test_weeks_that_also_name_the_next_plan_cut_a_log(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    log = tmp_path_factory.mktemp("log") / "log.md"
    week = "# 2024年{}周报和下周计划\n\n## 小郑\n\n- 门禁改造，完成度{}%\n\n"
    log.write_text(week.format("6月17日-6月21日", 80) + week.format("6月10日-6月14日", 50), "utf-8")
    pages = read_pages([log], numbering="calendar", today=date(2026, 11, 30)).pages
    assert [(p.week.start, p.projects[0].progress[0].percent) for p in pages] == [
        (date(2024, 6, 17), 80),
        (date(2024, 6, 10), 50),
    ]


# ---- objectives


@each_row(
    "heading",
    [
        "## 二、O1 客户留存",
        "## 2. O1 客户留存",
        "## 一、【O1 客户留存】",
        "## II. O1: 客户留存",
        "### （一）O1 客户留存",
        "## 1. 目标一：客户留存",
        "1 目标 O1：客户留存",
    ],
)
def test_a_number_may_stand_before_an_objective(heading: str) -> None:
    page = f"# 周报\n\n{heading}\n\n- 会员日：进度40%\n"
    assert codes(page) == [("O1", "客户留存")]
    assert [p.code for p in parsed(page).projects] == ["O1"]


@each_row("label", ["**Projects**", "项目进展：", "### Projects", "### 项目进展", "**本周进展**"])
def test_a_label_inside_an_objective_does_not_end_it(label: str) -> None:
    page = f"## O3 降低成本\n\n负责人：贺宁\n\n{label}\n\n- 机房退租：进度40%\n- 带宽谈判：已签约\n"
    assert [(p.name, p.code) for p in parsed(page).projects] == [
        ("机房退租", "O3"),
        ("带宽谈判", "O3"),
    ]


def test_letters_group_the_work_of_an_objective() -> None:
    page = (
        "## 【O1 履约提速】\n### A. 仓内作业\n- 分拣线改造\n    1. 预计6/27验收\n"
        "## B. 干线运输\n1. 车队签约进度35%\n### C. 末端配送\n- 总进度：61.5%\n"
    )
    assert codes(page) == [("O1", "履约提速")]
    assert percents(page) == {"仓内作业": [], "干线运输": [35.0], "末端配送": [61.5]}


def test_key_results_tell_percents_scores_and_outcomes() -> None:
    page = parsed(
        "## O2 Trust\n- KR1 Answer 95% of calls => 40%\n- KR2: Publish the status page => Done\n"
        "- KR3 Renew the audit, score: 0.7\n- 关键结果4：投诉率低于0.5%，完成80%\n"
    )
    assert [(k.objective, k.code, k.percent, k.score) for k in page.key_results] == [
        ("O2", "KR1", 40, None),
        ("O2", "KR2", 100, None),
        ("O2", "KR3", None, Decimal("0.7")),
        ("O2", "KR4", 80, None),
    ]
    assert page.unplaced == ()


# ---- marks


@each_row(
    "marks",
    [("1. ", "2）", "3. "), ("1、", "(2) ", "3、"), ("1. ", "- ", "3. "), ("一、", "2. ", "三、")],
)
def test_a_change_of_mark_at_one_indent_is_no_nesting(marks: tuple[str, str, str]) -> None:
    first, second, third = marks
    page = f"## 本周工作\n{first}闸机：开发30%\n{second}储物柜：开发40%\n{third}车位锁：开发50%\n"
    assert percents(page) == {"闸机": [30], "储物柜": [40], "车位锁": [50]}


def test_a_mark_that_counts_anew_or_follows_a_colon_is_nesting() -> None:
    page = (
        "## 本周工作\n1. 闸机：\n（1）固件进度30%\n（2）外壳进度40%\n"
        "2. 储物柜：开发50%\n- 锁具待定\n3. 灯：待排期\n"
    )
    assert percents(page) == {"闸机": [30, 40], "储物柜": [50], "灯": []}


@each_row(
    ("item", "name", "percent"),
    [
        ("- 门户换肤------------100%", "门户换肤", 100),
        ("- 门户换肤……20%，下周一提交", "门户换肤", 20),
        ("- 门户换肤 ——> 进度60%", "门户换肤", 60),
        ("- 门户换肤 → 70%", "门户换肤", 70),
        ("1、12306对接完成60%", "12306对接", 60),
        ("- [高优先级] 门户换肤------40%", "门户换肤", 40),
        ("- [P0] 门户换肤：40%", "门户换肤", 40),
        ("- [40%] 门户换肤：联调中", "门户换肤", 40),
        ("🔥 门户换肤：进度40%", "门户换肤", 40),
        ("1️⃣ 门户换肤：进度40%", "门户换肤", 40),
        ("- @张三 门户换肤：进度40%", "门户换肤", 40),
        ("- #会员# 门户换肤：进度40%", "门户换肤", 40),
        ("#门户换肤# 进度40%", "门户换肤", 40),
        ("- 门户\u200b换肤：进度40%", "门户换肤", 40),
        ("- [Portal](https://example.org/7) | *critical* | 40%", "Portal", 40),
        ("- Portal rewrite (Ines): 40%", "Portal rewrite", 40),
        ("- 门户换肤(小沈)：40%", "门户换肤", 40),
        ("- 门户换肤 联调完毕，进度40%", "门户换肤", 40),
        ("- 完成首页初稿，门户换肤完成40%；", "门户换肤", 40),
    ],
)
def test_what_stands_around_a_name_is_no_part_of_it(item: str, name: str, percent: float) -> None:
    page = f"# 周报\n\n## 本周工作\n\n{item}\n"
    assert percents(page) == {name: [percent]}


def test_who_is_called_in_brackets_behind_a_name_owns_the_project() -> None:
    (project,) = parsed("## 本周工作\n- 跨境收单（@沈佳）：联调 60%\n").projects
    assert (project.name, project.owners) == ("跨境收单", ("沈佳",))


def test_owners_beside_a_name_own_the_project() -> None:
    page = (
        "## 本周工作\n- 门户换肤(小沈)：40%\n- 网关拆分 - 小陈、小李\n"
        "    - 限流 - 小陈 ——> 70%\n- @张三 灰度：10%\n"
    )
    owners = [project.owners for project in parsed(page).projects]
    assert owners == [("小沈",), ("小陈", "小李"), ("张三",)]
    assert parsed(page).projects[1].progress[0].part == "限流"


# ---- no projects


@each_row(
    "line",
    [
        "- 虽然接口很多，那么先做核心",
        "- kubectl apply -f deploy.yaml",
        "- retry(count=3);",
        "供应商来访，讨论了交期。",
        "**Open Epics**",
        "【2024年第25周】6/17~6/21",
        "- 4/11 21:00 到机房",
        "- 4/11 21:00 完成割接，业务正常",
        "- `SELECT * FROM t`：慢查询，完成80%",
        "- 总进度：72%",
        "- 配置率（总数164个）：69.29%",
        "系统运行数据：支付成功率 99.99%，分拣准确率 99.85%。",
    ],
)
def test_clauses_code_and_labels_are_no_projects(line: str) -> None:
    assert projects(f"# 周报\n\n## 本周工作\n\n- 门户换肤：40%\n\n{line}\n") == ["门户换肤"]


def test_persons_as_headings_own_what_stands_below() -> None:
    page = (
        "# 周报\n一、沈括\n1、日晷校准：进度30%\n二、@苏颂\n1、水运仪象台 ——> 50%\n"
        "三、Kevin\n1、star map------20%\n四、下周计划\n1、观测\n"
    )
    page_read = parsed(page)
    assert [(p.name, p.owners) for p in page_read.projects] == [
        ("日晷校准", ("沈括",)),
        ("水运仪象台", ("苏颂",)),
        ("star map", ("Kevin",)),
    ]
    assert [goal.text for goal in page_read.goals] == ["观测"]


def test_a_plan_on_one_line_is_a_plan() -> None:
    page = parsed("## 本周工作\n\n- 门户换肤：40%\n\n下周：首页提测，8月9日上线\n")
    assert [goal.text for goal in page.goals] == ["首页提测，8月9日上线"]
    assert dates(page) == []


# ---- incidents


@each_row(
    ("line", "moment"),
    [
        ("- June 18, 09:12 – API latency above 2 s.", "2024-06-18T09:12"),
        ("- 18 June 14:05 – login unavailable", "2024-06-18T14:05"),
        ("- Tue Jun 18 at 2:05 pm: mails sent twice", "2024-06-18T14:05"),
        ("6/18 14:20 业务发现：退款接口被批量调用", "2024-06-18T14:20"),
    ],
)
def test_times_of_incidents_are_read(line: str, moment: str) -> None:
    page = parsed(f"# Weekly\n\n## Incidents\n\n- June 17, 08:00 – disk full\n{line}\n")
    assert [i.occurred_at.isoformat(timespec="minutes") for i in page.incidents][1:] == [moment]


def test_incidents_are_read_in_a_section_of_work() -> None:
    page = parsed("## 本周工作\n- 门户换肤：40%\n- 6/18 12:03 监控发现队列堆积，12:40 恢复\n")
    assert [i.detected_by for i in page.incidents] == ["监控发现"]
    assert [p.name for p in page.projects] == ["门户换肤"]


# ---- tables


def test_bare_numbers_in_a_column_of_progress_are_percents() -> None:
    page = (
        "## 本周工作\n| 序号 | 项目名称 | 状态 | 完成度 | 截止日期 |\n"
        "| :-: | --- | - | :-: | --- |\n"
        "| 1 | 灯塔 | 开发 | 65 | 下周三 |\n| 2 | 栈桥 | 已完成 | 100 | 6月19日 |\n"
        "| 3 | 浮标 | 测试 | 八成 | 9月底 |\n"
    )
    assert percents(page) == {"灯塔": [65], "栈桥": [100], "浮标": [80]}
    assert [date for _, date, _ in dates(parsed(page))] == [
        WEEK.replace(day=26),
        WEEK.replace(day=19),
        date(2024, 9, 30),
    ]


def test_a_row_with_nothing_but_a_person_owns_the_rows_below() -> None:
    page = parsed(
        "## 本周工作\n| 任务名称 | 子任务 | 状态 |\n|---|---|---|\n|**于**|||\n"
        "|灯塔||100%|\n|栈桥|护栏|50％|\n"
    )
    assert [(p.name, p.owners) for p in page.projects] == [("灯塔", ("于",)), ("栈桥", ("于",))]


# ---- further dress


def test_what_is_indented_below_a_label_belongs_to_it() -> None:
    page = parsed(
        "网关：\n  贴片 30 片，功能测试 22/30 通过\n  外壳打样中，6月28日回样\n"
        "产线：\n  6/18 15:20 二线停线，原因 吸嘴堵塞，16:00 恢复\n"
    )
    assert [p.name for p in page.projects] == ["网关"]
    assert [d.date for d in page.projects[0].dates] == [date(2024, 6, 28)]
    assert len(page.incidents) == 1


@each_row(
    ("item", "name"),
    [
        ("- [ ] OTA 差分升级 60% @老周", "OTA 差分升级"),
        ("- 门禁加密启动 80%", "门禁加密启动"),
        ("- 短信网关整体完成60%", "短信网关"),
        ("- 好评率 98%", ""),
        ("- 灰度 10%", ""),
    ],
)
def test_a_name_right_before_a_percent(item: str, name: str) -> None:
    assert projects(f"# 周报\n\n## 本周工作\n\n{item}\n") == [name] * bool(name)


def test_labels_of_groups_are_no_projects() -> None:
    page = (
        "**一、本周重点**\n（一）制度建设\n1. 《分级办法》修订稿完成\n2. 手册更新至70%\n"
        "（二）系统建设\n1. 名单引擎：整体完成85%\n"
    )
    assert projects(page) == ["分级办法", "手册更新", "名单引擎"]


def test_people_with_a_remark_head_their_work() -> None:
    page = parsed(
        "张岱\n  1) 灯塔：进度75%\n王微（休假 2 天）\n  1) 栈桥：进度20%\n"
        "下周计划\n  张岱：灯塔验收\n"
    )
    assert [(p.name, p.owners) for p in page.projects] == [
        ("灯塔", ("张岱",)),
        ("栈桥", ("王微",)),
    ]
    assert page.unplaced == ()


def test_a_plan_on_one_line_of_another_section_is_a_plan() -> None:
    page = parsed("## Other\n\n- Team lunch\n\nNext week: finish the login revamp\n")
    assert (page.other, [goal.text for goal in page.goals]) == (
        ("Team lunch",),
        ["finish the login revamp"],
    )


def test_work_of_this_week_names_projects_beside_people() -> None:
    page = (
        "| 姓名 | 本周工作 | 进度 | 下周计划 |\n|---|---|---|---|\n| 周密 | 灯塔 | 70% | 验收 |\n"
    )
    assert percents(page) == {"灯塔": [70]}


def test_bold_names_own_the_items_below_them() -> None:
    page = parsed(
        "## 项目\n\n**灯塔**　进度：70%\n- 录入 90 条\n\n**栈桥**　进度：35%\n- 拆分完成\n"
    )
    assert [(p.name, p.text.count("\n")) for p in page.projects] == [("灯塔", 1), ("栈桥", 1)]


def test_key_results_in_a_table_bear_their_objective() -> None:
    page = parsed(
        "## KR\n\n| KR | 目标 | 得分 |\n|---|---|---|\n| O1-KR2 首响 < 30s | 30s | 0.6 |\n"
    )
    assert [(k.objective, k.code, k.text) for k in page.key_results] == [
        ("O1", "KR2", "首响 < 30s")
    ]
    assert page.objectives == ()


def test_numbers_between_dots_are_readings_of_their_own() -> None:
    page = parsed("## Numbers\n\nCTR 4.2% (+0.3pp) · zero-result rate 2.1% · p95 latency 180 ms\n")
    assert [(m.name, float(m.value)) for m in page.metrics] == [
        ("CTR", 4.2),
        ("zero-result rate", 2.1),
        ("p95 latency", 180),
    ]


def test_a_change_is_no_value() -> None:
    page = parsed(
        "## 本周工作\n- 智能问答：召回率提升3.2%，点击率 +0.3%\n"
        "- 客服机器人：覆盖率由40%提高到52%\n- 投放平台：灰度 10%\n\n"
        "## 数据\n- 召回率提升3.2%\n- Support tickets down 22%\n- 投诉率：0.5%\n"
    )
    own = [(m.name, float(m.value)) for p in page.projects for m in p.readings]
    assert own == [("覆盖率", 52)]
    assert [(m.name, float(m.value)) for m in page.metrics] == [("投诉率", 0.5)]


def test_a_sentence_with_a_percent_is_no_project() -> None:
    assert projects("## O1 Support\n\n1. Support tickets down 22%\n2. Chat bot: 40%\n") == [
        "Chat bot"
    ]


def test_a_name_of_the_same_section_begins_a_report_without_a_mark() -> None:
    assert (
        projects("## 本周工作\n- POS收单：开发完成\n- POS收单 压测中，进度60%\n") == ["POS收单"] * 2
    )


def test_what_somebody_owns_is_a_project_even_alone() -> None:
    page = (
        "## 本周工作\n- 设备指纹升级(小沈)\n- Payout rewrite (Ines)\n- 装修分账 联调完毕\n- 值班\n"
    )
    assert projects(page) == ["设备指纹升级", "Payout rewrite", "装修分账"]


def test_what_is_left_and_what_was_done_once_is_no_number_that_weeks_are_asked_for() -> None:
    page = parsed("## O1 业务\n\n- 网关：接口进度40%，修了14个缺陷，剩余 12 个接口，成功率99.2%\n")
    assert [reading.name for p in page.projects for reading in p.readings] == ["成功率"]

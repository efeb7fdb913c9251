"""Which column of a table holds what, and how its bare numbers are spelled out."""

from __future__ import annotations

from reports.importer.columns import (
    WORDS,
    ColumnRole,
    is_heading_row,
    is_total,
    role_of,
    roles_of,
    spelled,
)
from tests.tables import each_row


@each_row(
    ("role", "headings"),
    [
        (ColumnRole.NAME, "项目 项目名称 名称 任务 工作内容 事项 分项工程 Project Item Initiative"),
        (ColumnRole.PART, "子任务 里程碑 Milestone Subtask"),
        (ColumnRole.OWNER, "负责人 责任人 项目经理 接口人 Owner Assignee DRI"),
        (
            ColumnRole.PROGRESS,
            "进度 完成度 完成率 整体进度 累计完成 进度（%） 完成度% Progress Completion %",
        ),
        (ColumnRole.BEFORE, "上周进度 上期完成率 计划进度 应完成进度"),
        (ColumnRole.STATUS, "状态 当前状态 健康度 阶段 Status RAG Health"),
        (
            ColumnRole.DUE,
            "计划完成 截止 预计上线 截止日期 计划完成时间 结束时间 DDL Due ETA Deadline",
        ),
        (ColumnRole.DONE, "实际完成 实际上线时间 实际完成日期"),
        (ColumnRole.START, "开始时间 启动日期 分配时间 更新时间"),
        (ColumnRole.THIS_WEEK, "本周进展 本周工作内容 完成情况 进展说明 Update Accomplishments"),
        (ColumnRole.LAST_WEEK, "上周进展 上周工作"),
        (ColumnRole.NEXT_WEEK, "下周计划 下周工作计划 下一步计划 下步安排"),
        (ColumnRole.RISK, "风险 风险与问题 存在问题 卡点 需协助 Risks Blockers"),
        (ColumnRole.OBJECTIVE, "目标 所属目标 O Objective"),
        (ColumnRole.KEY_RESULT, "KR 关键结果"),
        (ColumnRole.SCORE, "评分 得分 自评 Score"),
        (ColumnRole.WEEK, "周次 填报周期 Week"),
        (ColumnRole.ORDINAL, "序号 编号 No"),
        (ColumnRole.TEXT, "备注 部门 Notes"),
        (None, "指标 数值 成功率 干啥 2024-06-21 张伟"),
    ],
)
def test_role_of_a_heading(role: ColumnRole | None, headings: str) -> None:
    assert {heading: role_of(heading) for heading in headings.split()} == dict.fromkeys(
        headings.split(), role
    )


@each_row(
    ("heading", "role"),
    [
        ("% Complete", ColumnRole.PROGRESS),
        ("Progress (%)", ColumnRole.PROGRESS),
        ("Next steps", ColumnRole.NEXT_WEEK),
        ("Risks / Issues", ColumnRole.RISK),
        ("Target date", ColumnRole.DUE),
        ("项目名称 Project", ColumnRole.NAME),
        ("进度<br>Progress", ColumnRole.PROGRESS),
        ("**负责人**：", ColumnRole.OWNER),
        ("搞定比例（进度）", ColumnRole.PROGRESS),
    ],
)
def test_heading_in_two_languages_or_with_a_tail(heading: str, role: ColumnRole) -> None:
    assert role_of(heading) is role


def test_word_of_each_role_is_read_as_that_role() -> None:
    assert {role: role_of(f"随便（{word}）") for role, word in WORDS.items()} == {
        role: role for role in ColumnRole
    }


def test_widest_of_several_names_is_the_project() -> None:
    assert roles_of(["任务", "项目", "工作内容"]) == (
        ColumnRole.PART,
        ColumnRole.NAME,
        ColumnRole.PART,
    )
    assert roles_of(["里程碑", "进度"]) == (ColumnRole.NAME, ColumnRole.PROGRESS)


@each_row(
    ("cells", "is_heading"),
    [
        (["序号", "项目", "进度"], True),
        (["Project", "Owner", "Status", "预算"], True),
        (["目标", "KR", "得分"], True),
        (["支付组周报", "", ""], False),
        (["短信网关", "张伟", "65%"], False),
        (["指标", "本周", "上周"], False),
    ],
)
def test_heading_row(cells: list[str], is_heading: bool) -> None:
    assert is_heading_row(cells) is is_heading


@each_row(
    ("cells", "written"),
    [
        (["0.65", "1", "0", ""], ["65%", "100%", "0%", ""]),
        (["65", "1", "100"], ["65%", "1%", "100%"]),
        (["80%", "0.3", "0"], ["80%", "30%", "0%"]),
        (["65%", "1"], ["65%", "1"]),  # one per cent or all of it
        (["80", "0.3"], ["80%", "0.3"]),
        (["80%", "95", "0.3"], ["80%", "95%", "0.3"]),
        (["12.5", "0.5"], ["12.5%", "0.5%"]),
        (["1", ""], ["100%", ""]),
        (["0.333333333", "完成"], ["33.33%", "完成"]),
        (["约65%", "2024"], ["约65%", "2024"]),
    ],
)
def test_bare_numbers_in_a_column_of_percents(cells: list[str], written: list[str]) -> None:
    assert spelled(ColumnRole.PROGRESS, cells) == written


def test_serial_numbers_in_a_column_of_dates() -> None:
    cells = ["45464", "45464.75", "20240621", "6/25", "99999", "20241399", "12"]
    assert spelled(ColumnRole.DUE, cells) == ["2024-06-21"] * 3 + cells[3:]
    assert spelled(ColumnRole.TEXT, cells) == cells


def test_rows_that_add_up_the_others() -> None:
    assert all(map(is_total, ["合计", "总计：", "小计(3项)", "Total", "平均进度", "Grand total"]))
    assert not any(map(is_total, ["合计系统改造", "Total Rewards", "短信网关", ""]))


@each_row(
    ("headings", "roles"),
    [
        (
            "实际完成（%） 计划完成(%) 完成情况（%）",
            [ColumnRole.PROGRESS, ColumnRole.BEFORE, ColumnRole.BEFORE],
        ),
        ("产线 完成率 累计进度", [ColumnRole.NAME, ColumnRole.BEFORE, ColumnRole.PROGRESS]),
        ("岗位 到岗 招聘进度", [ColumnRole.NAME, None, ColumnRole.PROGRESS]),
        ("姓名 本周工作内容 完成进度", [ColumnRole.OWNER, ColumnRole.NAME, ColumnRole.PROGRESS]),
        ("指标 本周 完成率", [None, ColumnRole.THIS_WEEK, ColumnRole.PROGRESS]),
        ("需求 设计师 测试人员", [ColumnRole.NAME, ColumnRole.OWNER, ColumnRole.OWNER]),
    ],
)
def test_columns_that_only_their_neighbours_explain(
    headings: str, roles: list[ColumnRole | None]
) -> None:
    assert list(roles_of(headings.split())) == roles

"""What the rows of a table of work say: facts, plan lines, key results."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.prose import DateKind, StateKind
from reports.importer.page import ParsedPage
from tests.reports.importer.pages import parsed
from tests.tables import each_row


def page(*rows: str) -> ParsedPage:
    width = rows[0].count("|")
    table = [rows[0], "|".join(["---"] * (width + 1)), *rows[1:]]
    return parsed("# 2024-W25\n\n" + "\n".join(f"| {row} |" for row in table))


def test_columns_become_facts_of_the_project() -> None:
    parsed_page = page(
        "序号 | 项目 | 负责人 | 进度 | 上周进度 | 状态 | 计划完成 | 实际完成 | 风险",
        "1 | 短信网关 | 张伟、李娜 | 0.65 | 0.5 | 黄 | 45468 | | 厂商延期至8月1日，通过率40%",
        "2 | 电子回单 | 王芳 | 1 | 1 | 正常 | 6月20日 | 2024-06-19 | 无",
    )
    gateway, receipt = parsed_page.projects
    assert (gateway.name, gateway.owners, gateway.states) == (
        *("短信网关", ("张伟", "李娜")),
        (StateKind.AT_RISK,),
    )
    assert [(p.label, p.percent) for p in gateway.progress] == [("进度", 65)]
    assert [(d.date, d.kind) for d in gateway.dates] == [(date(2024, 6, 25), DateKind.DUE)]
    assert [p.percent for p in receipt.progress] == [100]
    assert [(d.date, d.kind) for d in receipt.dates] == [
        (date(2024, 6, 20), DateKind.DUE),
        (date(2024, 6, 19), DateKind.DONE),
    ]


def test_next_week_becomes_the_plan_and_no_fact() -> None:
    parsed_page = page(
        "项目 | 本周进展 | 下周计划",
        "短信网关 | 联调完成 | 1. 灰度50%<br>2. 7月5日上线",
        "电子回单 | 已上线 | 无",
    )
    assert [goal.text for goal in parsed_page.goals] == [
        "短信网关：灰度50%",
        "短信网关：7月5日上线",
    ]
    assert not [fact for p in parsed_page.projects for fact in (*p.progress, *p.dates)]


def test_totals_and_labels_of_groups_are_no_projects() -> None:
    parsed_page = page(
        "任务名称 | 状态 | 结束时间",
        "**肖** | |",
        "服务器托管 | 100% | 2024-06-21",
        "支付组 | |",
        "自动挂载 | 50％(整体进度) |",
        "合计 | 75% |",
    )
    assert [(p.name, p.owners, [x.percent for x in p.progress]) for p in parsed_page.projects] == [
        ("服务器托管", ("肖",), [100]),
        ("自动挂载", (), [50]),
    ]


def test_headings_below_a_title_row_and_in_two_rows() -> None:
    parsed_page = page(
        "支付组周报 | | | |",
        "项目 | 进度 | | 负责人",
        " | 计划 | 实际 |",
        "短信网关 | 80% | 65% | 张伟",
    )
    (gateway,) = parsed_page.projects
    assert [(p.percent, p.part) for p in gateway.progress] == [(65, "")]
    assert gateway.owners == ("张伟",)


def test_rows_of_one_project_are_its_parts() -> None:
    parsed_page = page(
        "项目 | 子任务 | 进度 | 计划完成",
        "短信网关 | 路由 | 40% | 6月28日",
        " | 报表 | 60 | 7月5日",
    )
    (gateway,) = parsed_page.projects
    assert [(p.part, p.percent) for p in gateway.progress] == [("路由", 40), ("报表", 60)]
    assert [(d.part, d.date.day) for d in gateway.dates] == [("路由", 28), ("报表", 5)]


@each_row(
    ("score", "value"),
    [
        ("0.7", "0.7"),
        ("0", "0"),
        ("1.0", "1"),
        ("70%", "0.7"),
        ("", None),
        ("85", None),
        ("-", None),
    ],
)
def test_scores_of_key_results(score: str, value: str | None) -> None:
    parsed_page = page(
        "O | KR | 权重 | 进度 | 得分",
        f"O1 提升体验 | KR1：转化率到30% | 50% | 40% | {score}",
        " | KR2：投诉减半 | 50% | |",
        "合计 | | 100% | | 0.35",
    )
    first, second = parsed_page.key_results
    assert (first.objective, first.code, first.text) == ("O1", "KR1", "转化率到30%")
    assert (first.percent, first.score) == (40, None if value is None else Decimal(value))
    assert (second.objective, second.code, second.percent, second.score) == (
        "O1",
        "KR2",
        None,
        None,
    )
    assert parsed_page.projects == ()


def test_chapters_between_the_rows_are_no_projects() -> None:
    parsed_page = page(
        "序号 | 工作内容 | 完成进度",
        "一 | 设备大修 |",
        "1 | 1#锅炉 | 70%",
        "二 | 技改 |",
        "2 | 除尘改造 | 15%",
    )
    assert [project.name for project in parsed_page.projects] == ["1#锅炉", "除尘改造"]


@each_row(
    ("heading", "cell", "percent", "states"),
    [
        ("进度", "已完成", 100, {StateKind.DONE}),
        ("进度", "完成", 100, {StateKind.DONE}),
        ("进度", "Done", 100, {StateKind.DONE}),
        ("进度", "Not started", 0, {StateKind.WAITING}),
        ("完成进度", "未开始", 0, {StateKind.WAITING}),
        ("测试进度", "已完成", 100, set()),
    ],
)
def test_words_in_a_column_of_progress_are_percents(
    heading: str, cell: str, percent: int, states: set[StateKind]
) -> None:
    parsed_page = page(f"项目 | {heading}", f"短信网关 | {cell}", "电子回单 | 40%")
    gateway, receipt = parsed_page.projects
    assert [(p.percent, p.label) for p in gateway.progress] == [
        (percent, receipt.progress[0].label)
    ]
    assert (set(gateway.states), receipt.states) == (states, ())


def test_cells_that_cannot_be_are_unread() -> None:
    parsed_page = page(
        "项目 | 进度 | 计划完成",
        "短信网关 | 120% | 2024-07-02",
        "电子回单 | 30% | 2024-02-30",
        "对账平台 | 150 | 2024/13/1",
        "门户换肤 | 100% | 待定",
    )
    assert [(x.line, x.numbers, x.dates) for x in parsed_page.unread] == [
        *((5, 1, 0), (6, 0, 1), (7, 1, 1)),
    ]


def test_a_number_that_may_be_a_share_or_a_percent_is_unread() -> None:
    parsed_page = page("项目 | 进度", "灯塔 | 80", "云梯 | 0.3")
    progress = [(p.name, [x.percent for x in p.progress]) for p in parsed_page.projects]
    assert progress == [("灯塔", [80]), ("云梯", [])]
    assert [(x.line, x.numbers, x.dates) for x in parsed_page.unread] == [(6, 1, 0)]


def test_the_column_of_progress_decides_beside_counts_in_other_cells() -> None:
    for order in ("项目 | 进度 | 本周完成情况", "项目 | 本周完成情况 | 进度"):
        cells = {"项目": "冷链", "进度": "90%", "本周完成情况": "60/60 台，调试中"}
        row = " | ".join(cells[heading] for heading in order.split(" | "))
        (project,) = page(order, row).projects
        assert [p.percent for p in project.progress] == [90]
        assert StateKind.DONE not in project.states


def test_a_remark_on_the_plan_of_before_is_no_due_date() -> None:
    (project,) = page("项目 | 计划完成 | 备注", "冷链 | 2024-09-05 | 原计划8月30日").projects
    assert [(d.date, d.before) for d in project.dates] == [(date(2024, 9, 5), date(2024, 8, 30))]


def test_the_head_of_a_table_with_tabs_stands_once() -> None:
    rows = "项目\t负责人\t进度\n灯塔\t林夏\t60%\n云梯\t周砚\t三成\n"
    first, second = parsed(f"# 周报\n\n{rows}").projects
    assert first.text == "项目\t负责人\t进度\n灯塔\t林夏\t60%"
    assert second.text == "云梯\t周砚\t三成"

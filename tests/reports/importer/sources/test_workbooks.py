"""Progress sheets as weekly pages: where their weeks stand, and what their rows say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reports.importer.column_mapping import ColumnMappings, mappings_of
from reports.importer.contract import as_json
from reports.importer.page import ParsedPage
from tests.reports.importer.books import Across, Share, read_file, workbook

HEADINGS = ("序号", "项目名称", "负责人", "进度", "计划完成", "下周计划")


def pages(folder: Path, name: str, data: bytes) -> list[ParsedPage]:
    result = read_file(folder, name, data)
    assert result.unreadable == []
    return result.pages


def progress(page: ParsedPage) -> list[tuple[str, float, int]]:
    """Project, percent and row."""
    return [(p["project"], p["percent"], p["line"]) for p in as_json(page)["progress"]]


def table(*percents: object) -> list[Sequence[object]]:
    return [
        [Across("支付组项目进度表", columns=6)],
        HEADINGS,
        [1, "短信网关", "张伟", percents[0], date(2024, 6, 28), "1. 灰度\n2. 上线"],
        [2, "电子|回单", "李娜", percents[1], 45480, ""],
        ["", "合计", "", 0.5],
    ]


def test_one_sheet_a_week(tmp_path: Path) -> None:
    book = workbook(("第24周", table(Share(0.55), 0.3)), ("第25周", table(Share(0.65), 0.4)))
    first, second = pages(tmp_path, "2024年.xlsx", book)
    assert (first.week.start, second.week.start) == (date(2024, 6, 10), date(2024, 6, 17))
    assert second.title == "第25周 支付组项目进度表"
    assert progress(first) == [("短信网关", 55, 3), ("电子|回单", 30, 4)]
    assert progress(second) == [("短信网关", 65, 3), ("电子|回单", 40, 4)]
    gateway, receipt = second.projects
    assert (gateway.owners, receipt.owners) == (("张伟",), ("李娜",))
    assert [d.date for d in (*gateway.dates, *receipt.dates)] == [
        date(2024, 6, 28),
        date(2024, 7, 7),
    ]
    assert [(goal.text, goal.line) for goal in second.goals] == [
        ("短信网关：灰度", 3),
        ("短信网关：上线", 3),
    ]
    assert gateway.text == "- 负责人：张伟\n- 进度：65%\n- 计划完成：2024-06-28"


def test_each_line_names_its_cell(tmp_path: Path) -> None:
    (page,) = pages(tmp_path, "2024.xlsx", workbook(("2024-W25", table(65, 40))))
    places = {line.number: line.place for line in page.source.lines}
    cells = ("A1", "A2", "A3", "A4", "B5")
    assert places == {row: f"2024-W25!{cell}" for row, cell in enumerate(cells, start=1)}


def test_sheets_without_a_week_beside_weeks_are_named(tmp_path: Path) -> None:
    book = workbook(("2024-W25", table(65, 40)), ("说明", [["每周五前填写"], ["谢谢"]]))
    result = read_file(tmp_path, "进度.xlsx", book)
    assert [page.week.start for page in result.pages] == [date(2024, 6, 17)]
    (other,) = result.unreadable
    assert other.name.endswith("进度.xlsx/说明")
    assert "names a week" in other.reason


def test_sheets_of_one_week_are_sections_of_its_page(tmp_path: Path) -> None:
    book = workbook(
        ("项目进展", [["项目名称", "进度"], ["短信网关", 65], ["电子回单", 40]]),
        ("运行数据", [["指标", "本周", "上周"], ["支付成功率", Share(0.9997), Share(0.9995)]]),
        ("下周计划", [["序号", "事项", "负责人"], [1, "短信网关上线", "张伟"]]),
    )
    (page,) = pages(tmp_path, "周报20240621.xlsx", book)
    assert page.week.start == date(2024, 6, 17)
    assert progress(page) == [("短信网关", 65, 2), ("电子回单", 40, 3)]
    assert [(m.name, m.unit) for m in page.metrics] == [("支付成功率", "%")]
    assert [columns.is_understood for columns in page.source.columns] == [True, True, True]
    assert [goal.written for goal in page.goals] == ["短信网关上线\n- 负责人：张伟"]


def test_one_column_a_week(tmp_path: Path) -> None:
    book = workbook(
        (
            "项目进度",
            [
                ["项目", "负责人", "W51", "W52", "W1"],
                ["短信网关", "张伟", Share(0.3), Share(0.5), Share(0.65)],
                ["电子回单", "李娜", None, Share(0.2), Share(0.4)],
            ],
        ),
        day=date(2025, 1, 3),
    )
    read = pages(tmp_path, "进度.xlsx", book)
    assert [page.week.start for page in read] == [
        date(2024, 12, 16),
        date(2024, 12, 23),
        date(2024, 12, 30),
    ]
    assert [progress(page) for page in read] == [
        [("短信网关", 30, 2)],
        [("短信网关", 50, 2), ("电子回单", 20, 3)],
        [("短信网关", 65, 2), ("电子回单", 40, 3)],
    ]


def test_several_columns_below_each_week(tmp_path: Path) -> None:
    book = workbook(
        (
            "Sheet1",
            [
                [
                    "项目",
                    "负责人",
                    Across("6.10-6.14", columns=2),
                    None,
                    Across("6.17-6.21", columns=2),
                ],
                ["", "", "进展", "进度", "进展", "进度"],
                ["短信网关", "张伟", "联调", 0.5, "提测，预计7月5日上线", 0.65],
                ["电子回单", "李娜", "开发", 0.2],
            ],
        ),
    )
    first, second = pages(tmp_path, "2024.xlsx", book)
    assert progress(first) == [("短信网关", 50, 3), ("电子回单", 20, 4)]
    assert progress(second) == [("短信网关", 65, 3)]
    assert [d.date for d in second.projects[0].dates] == [date(2024, 7, 5)]


@pytest.mark.parametrize(
    "weeks", [("2024-W24", "2024-W25"), (date(2024, 6, 14), date(2024, 6, 21))]
)
@pytest.mark.parametrize("heading", ["周次", "日期", "Week"])
def test_one_row_for_each_project_and_week(
    tmp_path: Path, heading: str, weeks: Sequence[object]
) -> None:
    rows: list[Sequence[object]] = [
        [heading, "项目", "进度"],
        [weeks[0], "短信网关", 0.5],
        ["", "电子回单", 0.2],
        [weeks[1], "短信网关", 0.65],
        ["", "电子回单", 0.4],
    ]
    first, second = pages(tmp_path, "进度.xlsx", workbook(("Sheet1", rows)))
    assert (first.week.start, second.week.start) == (date(2024, 6, 10), date(2024, 6, 17))
    assert progress(first) == [("短信网关", 50, 2), ("电子回单", 20, 3)]
    assert progress(second) == [("短信网关", 65, 4), ("电子回单", 40, 5)]


def test_a_form_with_sections_and_two_tables(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        [Across("支付组周报", columns=4)],
        ["填报人", "张伟", "日期", date(2024, 6, 21)],
        ["部门：支付", "", "汇报人：李娜"],
        ["一、本周进展"],
        ["序号", "项目", "完成度", "计划完成"],
        [1, "短信网关", Share(0.65), date(2024, 6, 28)],
        [],
        ["二、生产事件"],
        ["6/18 09:12 监控发现短信积压，09:40恢复。原因：线程耗尽"],
        ["三、下周计划"],
        [1, "短信网关灰度"],
        [2, "电子回单复盘"],
        ["四、风险"],
        ["厂商排期未定"],
    ]
    (page,) = pages(tmp_path, "周报.xlsx", workbook(("周报", rows)))
    assert (page.title, page.week.start) == ("支付组周报", date(2024, 6, 17))
    assert progress(page) == [("短信网关", 65, 6)]
    assert [incident.line for incident in page.incidents] == [9]
    assert [(goal.text, goal.line) for goal in page.goals] == [
        ("短信网关灰度", 11),
        ("电子回单复盘", 12),
    ]
    assert "厂商排期未定" in [section.body for section in page.sections]


def test_a_form_of_two_columns(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["支付中台周报"],
        ["部门", "支付", "填写人", "许仙"],
        ["本周重点", "1. 渠道路由：进度70%，预计7月3日上线\n2. 清分系统：联调完成，进度85%"],
        ["下周重点", "1. 渠道路由灰度\n2. 清分上线"],
        ["风险", "银行证书到期"],
    ]
    (page,) = pages(tmp_path, "2024-W25.xlsx", workbook(("周报", rows)))
    assert progress(page) == [("渠道路由", 70, 3), ("清分系统", 85, 4)]
    assert [goal.text for goal in page.goals] == ["渠道路由灰度", "清分上线"]


def test_merged_cells_and_parts_of_a_project(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["部门", "负责人", "项目", "子任务", "进度"],
        [Across("支付", rows=3), Across("张伟", rows=3), Across("短信网关", rows=2), "路由", 0.4],
        ["", "", "", "报表", 0.6],
        ["", "", "电子回单", "签章", 0.2],
        ["风控", "李娜", "规则引擎", "迁移", 0.9],
    ]
    (page,) = pages(tmp_path, "2024-W25.xlsx", workbook(("Sheet1", rows)))
    assert [(p.name, p.owners) for p in page.projects] == [
        ("短信网关", ("张伟",)),
        ("电子回单", ("张伟",)),
        ("规则引擎", ("李娜",)),
    ]
    assert [(p.part, p.percent) for p in page.projects[0].progress] == [("路由", 40), ("报表", 60)]


def test_the_first_column_says_which_section_the_rows_are_of(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["类别", "序号", "工作内容", "完成情况"],
        [Across("本周工作", rows=2), 1, "短信网关联调", "完成80%"],
        ["", 2, "电子回单签章", "完成40%"],
        [Across("下周计划", rows=2), 1, "短信网关上线", ""],
        ["", 2, "电子回单提测", ""],
    ]
    (page,) = pages(tmp_path, "2024-W25.xlsx", workbook(("Sheet1", rows)))
    assert progress(page) == [("短信网关联调", 80, 2), ("电子回单签章", 40, 3)]
    assert [goal.text for goal in page.goals] == ["短信网关上线", "电子回单提测"]


def test_a_page_that_was_written_into_the_first_column(tmp_path: Path) -> None:
    lines = [
        "2024-W25 周报",
        "## O1 业务",
        "- 短信网关：进度65%",
        "",
        "## 下周计划",
        "- 短信网关上线",
    ]
    (page,) = pages(tmp_path, "周报.xlsx", workbook(("Sheet1", [[line] for line in lines])))
    assert progress(page) == [("短信网关", 65, 3)]
    assert [o.code for o in page.objectives] == ["O1"]
    assert [(goal.text, goal.line) for goal in page.goals] == [("短信网关上线", 6)]


def test_an_okr_sheet_with_scores(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["2024H1 OKR 自评"],
        ["目标", "关键结果", "权重", "进度", "自评分"],
        [Across("O1：提升支付体验", rows=2), "KR1：转化率提升到30%", 0.5, 0.4, 0.4],
        ["", "KR2：投诉量减半", 0.5, "", ""],
        ["O2：降本", "KR1：机器减少20%", 1, 0, 0],
    ]
    (page,) = pages(tmp_path, "2024-W25 OKR.xlsx", workbook(("OKR", rows)))
    assert [(k.objective, k.code, k.percent, k.score, k.line) for k in page.key_results] == [
        ("O1", "KR1", 40, Decimal("0.4"), 3),
        ("O1", "KR2", None, None, 4),
        ("O2", "KR1", 0, 0, 5),
    ]
    assert [(o.code, o.name) for o in page.objectives] == [("O1", "提升支付体验"), ("O2", "降本")]
    assert page.projects == ()


# ---- columns that a person named


UNKNOWN = workbook(
    ("Sheet1", [["干啥", "谁", "搞定比例"], ["短信网关", "张伟", 0.65], ["电子回单", "李娜", 0.4]])
)
NAMED = [
    {"headings": ["搞定比例 ", "谁", "干啥"], "roles": {"干啥": "name", "搞定比例": "progress"}}
]


def test_a_table_whose_columns_nobody_knows_is_named_and_kept(tmp_path: Path) -> None:
    (page,) = pages(tmp_path, "2024-W25.xlsx", UNKNOWN)
    (columns,) = page.source.columns
    assert (columns.place, columns.headings) == ("Sheet1!A1", ("干啥", "谁", "搞定比例"))
    assert not columns.is_understood
    assert page.projects == ()
    assert len(page.unplaced) == 3


def test_columns_that_a_person_named_are_read(tmp_path: Path) -> None:
    mappings = ColumnMappings(mappings_of(NAMED))
    (page,) = read_file(tmp_path, "2024-W25.xlsx", UNKNOWN, mappings).pages
    assert progress(page) == [("短信网关", 65, 2), ("电子回单", 40, 3)]
    assert page.source.lines[0].text == "| 干啥（项目） | 谁 | 搞定比例（进度） |"
    assert page.source.columns[0].is_understood


def test_days_of_one_week_are_one_page(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["日期", "项目", "进度"],
        [date(2024, 6, 17), "短信网关", 0.5],
        [date(2024, 6, 19), "电子回单", 0.2],
        [date(2024, 6, 24), "短信网关", 0.65],
    ]
    first, second = pages(tmp_path, "日志.xlsx", workbook(("Sheet1", rows)))
    assert progress(first) == [("短信网关", 50, 2), ("电子回单", 20, 3)]
    assert first.projects[1].text == "- 日期：2024-06-19\n- 进度：0.2"
    assert (second.week.start, progress(second)) == (date(2024, 6, 24), [("短信网关", 65, 4)])

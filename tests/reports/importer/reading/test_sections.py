"""Where sections begin on pages of many makes."""

from __future__ import annotations

from reports.importer.page import ParsedPage
from reports.weekly.sections import Kind
from tests.reports.importer.pages import parsed
from tests.tables import each_row


def headings(page: ParsedPage) -> list[tuple[Kind, str]]:
    return [(section.kind, section.heading) for section in page.sections if section.heading]


def names(page: ParsedPage) -> list[str]:
    return [project.name for project in page.projects]


def test_an_unknown_line_marked_like_the_headings_is_a_heading() -> None:
    page = parsed(
        "平台部周报（2019.02.18-2019.02.22）\n一、重点项目\n1、网银对接：联调中\n二、日常需求\n"
        "1、理财改版：界面确认\n三、下周计划\n1、网银联调\n"
    )
    assert headings(page) == [
        (Kind.FOCUS, "一、重点项目"),
        (Kind.WORK, "二、日常需求"),
        (Kind.PLAN, "三、下周计划"),
    ]
    assert [(p.name, p.is_focus) for p in page.projects] == [
        ("网银对接", True),
        ("理财改版", False),
    ]


def test_numbered_projects_before_a_numbered_heading_stay_projects() -> None:
    page = parsed("2024-W26\n一、网银对接：联调中\n二、理财改版：设计中\n三、其他\n1、培训\n")
    assert names(page) == ["网银对接", "理财改版"]


def test_brackets_at_the_level_of_the_heading_end_its_section() -> None:
    page = parsed(
        "客服组周报 2024-W42\n【重点项目】\n1、质检：进度85%\n【常规需求】\n1、导出优化已上线\n"
    )
    assert names(page) == ["质检"]
    assert headings(page)[1] == (Kind.CUSTOM, "【常规需求】")


def test_brackets_below_a_focus_heading_name_its_projects() -> None:
    page = parsed("2024-W42\n【重点项目】\n【质检】\n1、进度85%\n【工单】\n1、设计中\n")
    assert names(page) == ["质检", "工单"]


def test_pictures_before_a_heading_are_ignored() -> None:
    page = parsed(
        "# Week 25 Status Report 2024-06-17\n## ✅ Completed This Week\n### Checkout\n- shipped\n"
        "## 🚧 In Progress\n### Ledger (65% complete)\n- validating\n"
        "## 📅 Next Week\n- [ ] Load test\n"
    )
    assert names(page) == ["Checkout", "Ledger"]
    assert [goal.text for goal in page.goals] == ["Load test"]
    assert [(p.percent, p.part) for p in page.projects[1].progress] == [(65, "")]


def test_squares_mark_headings_above_dots() -> None:
    page = parsed("商户部周报 2021年12月第2周\n◆重点项目\n●进件：进度90%\n◆下周计划\n●全量\n")
    assert names(page) == ["进件"]
    assert [goal.text for goal in page.goals] == ["全量"]


def test_a_label_within_the_numbers_starts_no_section() -> None:
    page = parsed(
        "2024-W25\n## 【系统运行数据】\n支付成功率：\n- 入金：99.9%\n"
        "系统可用性：\n- 年度可用性：100%\n"
    )
    assert len(headings(page)) == 1
    assert [m.name for m in page.metrics] == ["入金支付成功率", "年度可用性"]


def test_without_a_section_of_work_the_first_lines_count_as_work() -> None:
    page = parsed(
        "WEEK 5: October 7-13, 2025\n\nProject Atlas\n- 45% complete\n\nNext steps\n- Auth\n"
    )
    assert names(page) == ["Project Atlas"]
    assert [progress.percent for progress in page.projects[0].progress] == [45]


def test_a_number_within_bold_type_is_left_out_of_the_name() -> None:
    page = parsed(
        "# 架构周报 2024-W29\n**一、重点工作**\n**1. 机房搬迁**\nM6 机柜，第一批完成，整体进度40%\n"
        "**二、故障**\n无\n"
    )
    assert names(page) == ["机房搬迁"]
    assert page.projects[0].text.startswith("M6")


def test_a_key_result_labels_the_lines_below_it() -> None:
    page = parsed(
        "# 增长周报 2024-W26\nO1：转化\nKR1：注册率12%\n - 短信登录：已上线\nKR2：首单率26%\n"
    )
    assert names(page) == ["短信登录"]
    assert page.projects[0].text == "已上线"


def test_lines_that_say_nothing_are_not_reported_as_unplaced() -> None:
    page = parsed(
        "# 2024-W33\n\nCreated: 2024年8月16日\n\n## 【O1 业务】\n\n1. \n\n## 【生产事件】\n\n暂无\n"
    )
    assert page.unplaced == ()


def test_a_table_of_projects_before_the_first_heading_is_work() -> None:
    page = parsed(
        "# Phoenix – Week of 2024-07-15\n\n"
        "| Workstream | % Complete | Target date |\n|---|---|---|\n"
        "| Backend | 75% | Aug 2 |\n| Mobile | 40% | Aug 16 |\n\n## Accomplishments this week\n"
        "- Backend: paging merged\n"
    )
    assert names(page) == ["Backend", "Mobile", "Backend"]
    assert [(p.percent, p.part) for p in page.projects[0].progress] == [(75, "")]


def test_a_table_of_plans_gives_planned_items() -> None:
    page = parsed(
        "# 二组周报（2024.08.05-2024.08.09）\n## 本周工作\n1. 入驻：联调中\n## 下周计划\n"
        "| 序号 | 工作内容 | 负责人 |\n|---|---|---|\n"
        "| 1 | 入驻提测 | 甲 |\n| 2 | 结算改版 | 乙 |\n"
    )
    assert [goal.text for goal in page.goals] == ["入驻提测", "结算改版"]
    assert page.unplaced == ()


def test_a_line_with_only_a_number_names_no_project() -> None:
    page = parsed(
        "# 2024-W10\n## O1 业务\n- 代扣签约率：76.5%，较上周+1.2pp\n- 本月1起\n- 新房：已上线\n"
    )
    assert names(page) == ["新房"]


def test_roman_numbers_are_not_objective_codes() -> None:
    page = parsed(
        "# Weekly Report 5 - 02/03/2025 to 02/07/2025\n# I. Overview of The Week\nGood.\n"
        "# II. Work Done\n- CLI: 40% complete\n# III. Next Week's Plan\n- Release\n"
    )
    assert page.objectives == ()
    assert names(page) == ["CLI"]
    assert [goal.text for goal in page.goals] == ["Release"]


def test_chapter_numbers_are_left_out_of_names() -> None:
    page = parsed(
        "# 周报（2025.06.23-2025.06.27）\n## 一、重点项目进展\n"
        "### 1.1 企业付款2.0（负责人：林小满）\n"
        "- 进度：75%\n### 1.2 风控\n- 进度：40%\n## 二、日常需求\n"
        "| 需求 | 状态 |\n|---|---|\n| 回单下载 | 测试中 |\n"
    )
    assert names(page) == ["企业付款2.0", "风控", "回单下载"]
    assert page.projects[0].owners == ("林小满",)
    assert page.projects[0].written == "1.1 企业付款2.0"


@each_row(
    ("line", "text"),
    [
        ("1. 430故障复盘", "430故障复盘"),
        ("1. 3个接口联调", "3个接口联调"),
        ("1、1400协议订阅逻辑", "1400协议订阅逻辑"),
        ("1、3个接口联调", "3个接口联调"),
        ("2、1号楼验收", "1号楼验收"),
        ("1、2号楼验收", "1、2号楼验收"),
        ("2) 5号楼验收", "5号楼验收"),
        ("1.5倍扩容", "1.5倍扩容"),
    ],
)
def test_the_mark_of_a_plan_line_is_no_part_of_it(line: str, text: str) -> None:
    page = parsed(f"# 2024-W25\n\n## 下周工作\n\n{line}\n")
    assert [goal.text for goal in page.goals] == [text]
    # Where a number follows the mark at once, it is kept: it may be one of the things.
    is_kept = line[1:2] == "、"
    assert [goal.written for goal in page.goals] == [line if is_kept else text]

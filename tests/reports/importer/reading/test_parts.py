"""Of which part of a project a number or a date is, and what the part is called."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.prose import DateKind
from projects.weeks import WEEK as ONE_WEEK
from reports.importer.history import milestone_of_date, milestone_of_progress
from reports.importer.page import ProjectMention
from reports.importer.plan import make_plan
from reports.importer.planned import KnownFacts
from tests.reports.importer.pages import WEEK, parsed
from tests.tables import each_row

type Part = tuple[str, object]


def mention(line: str, *below: str) -> ProjectMention:
    """The project on a page whose only item is this line with those below it."""
    rows = "\n".join([f"1. {line}", *(f"    - {row}" for row in below)])
    (project,) = parsed(f"# 周报\n\n## 【O1 硬件】\n\n{rows}\n").projects
    return project


def parts(project: ProjectMention) -> list[Part]:
    """Its milestones with their percents and due dates."""
    percents = [(milestone_of_progress(p), p.percent) for p in project.progress]
    dues = [d for d in project.dates if d.kind == DateKind.DUE]
    return [*percents, *((milestone_of_date(d), d.date) for d in dues)]


@each_row(
    ("line", "milestones"),
    [
        ("门锁：主板预计：7月9日到", [("主板", date(2024, 7, 9))]),
        ("门锁：首批交付预计7月15日", [("首批交付", date(2024, 7, 15))]),
        ("门锁：MVP交付预计7月15日", [("MVP交付", date(2024, 7, 15))]),
        ("账务：技术方案评审80%，接口开发30%", [("技术方案评审", 80), ("接口开发", 30)]),
        ("账务：需求评审完成，系统设计70%", [("系统设计", 70)]),
        ("账务：概要设计&库表拆分，技术开发进度20%", [("技术开发", 20)]),
        (
            "门户：一期预计7月5日上线；二期计划8月6日上线",
            [("一期", date(2024, 7, 5)), ("二期", date(2024, 8, 6))],
        ),
    ],
)
def test_a_part_is_called_as_the_line_calls_it(line: str, milestones: list[Part]) -> None:
    assert parts(mention(line)) == milestones


@each_row(
    ("below", "milestone"),
    [
        ("一期：80%", ("一期", 80)),
        ("首批交付：7月10日", ("首批交付", date(2024, 7, 10))),
        ("外壳计划：7月13日", ("外壳", date(2024, 7, 13))),
        ("主板预计：7月9日到", ("主板", date(2024, 7, 9))),
        ("终端预计7月12日", ("终端", date(2024, 7, 12))),
    ],
)
def test_a_line_below_names_its_part(below: str, milestone: Part) -> None:
    assert parts(mention("门锁", below)) == [milestone]


@each_row("line", ["门锁预计：7月20日上线", "门锁计划：7月20日上线"])
def test_the_word_of_a_plan_is_no_part_of_a_name(line: str) -> None:
    assert mention(line).name == "门锁"


def test_a_name_may_end_in_the_word_of_a_plan() -> None:
    assert mention("产能计划：进度30%").name == "产能计划"


def test_a_verb_is_no_part() -> None:
    assert [p.part for p in mention("收银台：开发中，进行60%").progress] == [""]


@each_row("words", ["开始时间：2024-06-01", "启动时间：6月1日"])
def test_a_day_on_which_it_began_is_not_due(words: str) -> None:
    assert [d.kind for d in mention(f"网关：{words}，进度40%").dates] == [DateKind.START]


def test_a_plan_that_the_page_says_was_moved_is_a_slip() -> None:
    line = "1. 国密改造：延期至8月20日，原计划8月1日"
    pages = [parsed(f"# 周报\n\n## 【O1 硬件】\n\n{line}\n", w) for w in (WEEK, WEEK + ONE_WEEK)]
    (milestone,) = make_plan(pages, KnownFacts("calendar")).histories["国密改造"].milestones
    changes = [(c.week, c.old_due_on, c.new_due_on) for c in milestone.changes()]
    assert changes == [(WEEK, date(2024, 8, 1), date(2024, 8, 20))]


def test_steps_in_a_table_are_parts_of_the_project_above_it() -> None:
    head = "| 事项 | 负责人 | 完成度 |\n|---|---|---|"
    table = f"{head}\n| 规则迁移 | 李倩 | 72% |\n| 灰度 | 王涛 | 30% |"
    page = parsed(f"# 周报\n\n## 一、重点工作\n\n### 1.1 规则引擎升级\n\n{table}\n")
    (project,) = page.projects
    assert (project.name, parts(project)) == ("规则引擎升级", [("规则迁移", 72), ("灰度", 30)])
    assert (project.owners, project.text) == (("李倩", "王涛"), table)


def test_the_owner_of_a_row_is_no_part() -> None:
    head = "| 项目 | 责任人 | 本周进展 | 进度 |\n|---|---|---|---|"
    rows = "| 产线改造 | 赵刚 | 安装 2 台 | 50% |\n|  | 钱伟 | 程序编写 | 30% |"
    (project,) = parsed(f"# 周报\n\n{head}\n{rows}\n").projects
    assert [p.part for p in project.progress] == ["", "程序编写"]


def test_a_whole_is_not_of_the_step_before_it() -> None:
    assert parts(mention("出境评估：材料准备完成，整体 60%")) == [("整体", 60)]


def test_bullets_beside_an_item_with_indented_lines_are_items() -> None:
    lines = "★ 发布会\n   嘉宾：12/20 已确认\n○ 渠道拓展\n   华南：进度50%"
    page = parsed(f"# 周报\n\n## 重点项目\n\n{lines}\n")
    assert [p.name for p in page.projects] == ["发布会", "渠道拓展"]


def test_numbers_below_an_unknown_heading_are_metrics() -> None:
    lines = "- 产量：12,350 台\n- 返工率：1.1%"
    page = parsed(f"# 周报\n\n## 【O1 产线】\n\n1. 甲：50%\n\n## 质量与产量\n\n{lines}\n")
    assert [(m.name, m.value) for m in page.metrics] == [
        ("产量", 12350),
        ("返工率", Decimal("1.1")),
    ]


def test_front_matter_names_no_project() -> None:
    page = parsed("---\ntitle: 合规周报\ntags: [周报]\n---\n\n- 隐私整改：60%\n")
    assert [project.name for project in page.projects] == ["隐私整改"]


def test_chapters_of_any_words_hold_the_projects_in_brackets() -> None:
    page = parsed(
        "# 周报\n\n一、客户项目\n【长风核心改造】\n1、数据迁移：演练50%\n【长风核心二期】\n"
        "方案编写中，预计 6 月底投标\n二、内部建设\n1. 工具链：脚本完成 75%\n"
        "三、下周重点\n1. 收尾\n"
    )
    assert [p.name for p in page.projects] == ["长风核心改造", "长风核心二期", "工具链"]
    assert [goal.text for goal in page.goals] == ["收尾"]


def test_steps_of_one_part_are_milestones_of_their_own() -> None:
    project = mention("门锁", "主控板：结构设计80%，样机测试30%")
    page = parsed(f"# 周报\n\n## 【O1 硬件】\n\n1. 门锁\n    - {project.text.lstrip('- ')}\n")
    history = make_plan([page], KnownFacts("calendar")).histories["门锁"]
    assert sorted(m.percent or 0 for m in history.milestones) == [30, 80]


@each_row(
    ("line", "milestones"),
    [
        ("知识库清洗：12 万条已洗 9 万条", [("整体", 75)]),
        ("Fraud rules: 12 of 12 migrated", [("整体", 100)]),
        ("Mobile: beta release slips from Jun 28 to Jul 11", [("beta release", date(2024, 7, 11))]),
        ("Ledger: 65% complete", [("complete", 65)]),
    ],
)
def test_a_verb_before_or_behind_a_number_is_no_part(line: str, milestones: list[Part]) -> None:
    assert parts(mention(line)) == milestones


def test_thoughts_with_a_label_are_no_project() -> None:
    page = parsed("# 周报\n\n## 【O1 推荐】\n\n- 召回：80%\n- 反思：评审太晚\n")
    assert [project.name for project in page.projects] == ["召回"]


def test_an_item_may_begin_with_a_number() -> None:
    page = parsed("# 周报\n\n## 下周计划\n\n1）ISO 预审\n2）8D 接口联调\n3)3D 打样\n")
    assert [goal.text for goal in page.goals] == ["ISO 预审", "8D 接口联调", "3D 打样"]


def test_the_value_of_a_key_results_measure_is_not_how_far_it_is() -> None:
    lines = (
        "KR1 点击率提升到 5%（当前 4.6%）\n  KR2 解决率 60%，目前 52%\n  KR3 覆盖率 80%，完成 50%"
    )
    page = parsed(f"# 周报\n\nO1：推荐\n  {lines}\n  - 召回：80%\n")
    assert [result.percent for result in page.key_results] == [None, None, 50]


@each_row(
    ("below", "milestone"),
    [
        ("文档整理 - 小陈 ——> 整体进度 70%", ("文档整理", 70)),
        ("文档整理 ——> 进度 70%", ("文档整理", 70)),
    ],
)
def test_an_arrow_and_an_owner_are_no_part(below: str, milestone: Part) -> None:
    assert parts(mention("性能优化 - 小陈、小李", below)) == [milestone]


def test_a_percent_is_no_part() -> None:
    project = mention("升级文档：完成: 100% 完成时间: 2024-06-19")
    assert [day.part for day in project.dates] == [""]

"""What an import would make, before anything is written."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from projects.weeks import WEEK as ONE_WEEK
from reports.importer.history import MilestoneHistory
from reports.importer.plan import digest_of, in_unit, make_plan
from reports.importer.planned import KnownFacts, KnownProject
from tests.reports.importer.pages import WEEK, parsed

NOTHING = KnownFacts(numbering="calendar")


def page(body: str, week: date = WEEK) -> str:
    return f"# 周报\n\n## 【O1 业务服务】\n\n{body}\n"


def changes(
    name: str, *pages: tuple[str, date], known_facts: KnownFacts = NOTHING
) -> list[tuple[object, ...]]:
    plan = make_plan([parsed(page(text), week) for text, week in pages], known_facts)
    return [
        (c.week, c.old_percent or c.old_due_on, c.new_percent or c.new_due_on)
        for m in plan.histories[name].milestones
        for c in m.changes()
    ]


def test_a_date_that_moves_from_page_to_page_is_a_slip() -> None:
    ledger = changes(
        "农行存管",
        ("1. 农行存管：下单页预计6月25日上线", WEEK),
        ("1. 农行存管：下单页预计6月25日上线", WEEK + ONE_WEEK),
        ("1. 农行存管：下单页预计7月9日上线", WEEK + 2 * ONE_WEEK),
    )
    assert ledger == [
        (WEEK, None, date(2024, 6, 25)),
        (WEEK + 2 * ONE_WEEK, date(2024, 6, 25), date(2024, 7, 9)),
    ]


def test_what_a_finished_project_promised_is_done() -> None:
    head = "| 项目 | 状态 | 完成度 | 计划完成 |\n|---|---|---|---|\n"
    row = f"{head}| 灯塔 | 已完成 | 100 | 6月28日 |\n"
    (milestone,) = make_plan([parsed(page(row))], NOTHING).histories["灯塔"].milestones
    assert (milestone.percent, milestone.due) == (Decimal(100), (date(2024, 6, 28), "day"))


def test_the_rate_of_another_thing_is_no_fall_of_the_whole() -> None:
    texts = [
        ("1. 实时数仓：整体进度98%", WEEK),
        ("1. 实时数仓：巡检任务项18个，已配置8项，整体配置率44.4%", WEEK + ONE_WEEK),
    ]
    plan = make_plan([parsed(page(text), week) for text, week in texts], NOTHING)
    assert [entry.percent for p in plan.pages for entry in p.entries] == [Decimal(98), None]


def test_a_part_that_stood_for_the_project_does_so_after_the_whole_was_told_once() -> None:
    texts = ("开发进度45%", "整体进度50%", "开发进度62%", "联调进度80%", "开发进度40%")
    pages = [
        parsed(page(f"1. 清分重构：{text}"), WEEK + at * ONE_WEEK) for at, text in enumerate(texts)
    ]
    plan = make_plan(pages, NOTHING)
    assert [entry.percent for p in plan.pages for entry in p.entries] == [45, 50, 62, None, None]


def test_pages_are_read_oldest_first_whatever_their_order() -> None:
    newest_first = [
        ("1. 农行存管：系统开发进度85%", WEEK + ONE_WEEK),
        ("1. 农行存管：系统开发进度60%", WEEK),
    ]
    assert changes("农行存管", *newest_first) == [
        (WEEK, None, Decimal(60)),
        (WEEK + ONE_WEEK, Decimal(60), Decimal(85)),
    ]


def test_an_older_page_does_not_change_what_newer_ones_said() -> None:
    milestone = MilestoneHistory("系统开发", 7, known_percents={WEEK + ONE_WEEK: Decimal(85)})
    known_facts = KnownFacts(
        "calendar", projects=(KnownProject(3, "农行存管", ("农行存管",), (milestone,)),)
    )
    plan = make_plan([parsed(page("1. 农行存管：系统开发进度60%"))], known_facts)
    (milestone,) = plan.histories[3].milestones
    assert [(c.week, c.new_percent) for c in milestone.changes()] == [(WEEK, Decimal(60))]
    assert milestone.percent == Decimal(85)


def test_other_names_of_a_known_project_become_aliases() -> None:
    known_facts = KnownFacts("calendar", projects=(KnownProject(3, "DocAI", ("docai",)),))
    plan = make_plan([parsed(page("1. AI影像数字化（DocAI）项目：一期上线"))], known_facts)
    assert plan.projects == {}
    assert plan.pages[0].entries[0].project == 3
    assert set(plan.aliases[3]) == {"ai影像数字化docai", "ai影像数字化"}


def test_alike_names_are_suggested_not_merged() -> None:
    plan = make_plan(
        [parsed(page("1. 自建POS：入网检测中\n2. POS收单系统建设：开发完成"))], NOTHING
    )
    assert list(plan.projects) == ["自建POS", "POS收单系统建设"]
    assert [(s.name, s.other) for s in plan.suggestions] == [("POS收单系统建设", "自建POS")]


def test_alike_names_come_in_clusters_under_the_name_of_most_lines() -> None:
    texts = [
        ("1. 自建POS：入网检测中\n2. 浮标：开发中", WEEK),
        ("1. POS收单系统建设：开发完成", WEEK + ONE_WEEK),
        ("1. POS收单系统建设：进度40%", WEEK + 2 * ONE_WEEK),
        ("1. POS机具：采购中", WEEK + 3 * ONE_WEEK),
    ]
    plan = make_plan([parsed(page(text), week) for text, week in texts], NOTHING)
    (cluster,) = plan.clusters
    assert (cluster.name, cluster.count) == ("POS收单系统建设", 2)
    assert {other.name: other.count for other in cluster.others} == {"自建POS": 1, "POS机具": 1}
    assert {other.example.text for other in cluster.others if other.example} == {
        "自建POS：入网检测中",
        "POS机具：采购中",
    }


def test_names_that_stand_together_for_weeks_are_not_suggested() -> None:
    body = "1. POS收单：开发中\n2. POS机具：采购中"
    plan = make_plan([parsed(page(body), WEEK + n * ONE_WEEK) for n in range(3)], NOTHING)
    assert plan.clusters == []


def test_a_second_mention_becomes_a_repeat_and_supplies_the_percent() -> None:
    plan = make_plan(
        [parsed(page("1. 实时数仓：补数中\n2. 收银台：联调\n3. 实时数仓项目：整体进度98%"))],
        NOTHING,
    )
    (first, _), (repeat,) = plan.pages[0].entries, plan.pages[0].repeats
    assert first.percent == Decimal(98)
    assert (repeat.project, repeat.name, repeat.text) == ("实时数仓", "实时数仓项目", "整体进度98%")


def test_a_second_page_of_a_week_comes_after_the_first() -> None:
    first, second = parsed(page("1. 收银台：联调")), parsed(page("1. 对账：完成"))
    plan = make_plan([first, second], NOTHING)
    assert [p.offset for p in plan.pages] == [0, first.source.lines[-1].number + 10]
    assert plan.pages[1].sections[0].heading == "周报"


def test_the_same_page_is_planned_only_once() -> None:
    parsed_page = parsed(page("1. 收银台：联调"))
    plan = make_plan([parsed_page, parsed_page], NOTHING)
    assert (len(plan.pages), len(plan.skipped)) == (1, 1)
    again = make_plan(
        [parsed_page], KnownFacts("calendar", digests=frozenset({digest_of(parsed_page)}))
    )
    assert again.is_empty


def test_a_project_that_pages_no_longer_name_is_closed() -> None:
    texts = [("1. 收银台：联调\n2. 对账：完成", WEEK), ("1. 对账：完成", WEEK + 5 * ONE_WEEK)]
    plan = make_plan([parsed(page(text), week) for text, week in texts], NOTHING)
    assert plan.closes == {"收银台": WEEK + timedelta(days=6)}


def test_a_project_belongs_to_the_objective_of_the_newest_page() -> None:
    old = parsed("# 周报\n\n- 【贝易转】\n    - 上线准备\n\n## 【O1 业务】\n1. 收银台：联调\n")
    new = parsed("# 周报\n\n## 【O2 能力】\n1. 贝易转：切量\n", WEEK + ONE_WEEK)
    project = make_plan([new, old], NOTHING).projects["贝易转"]
    assert (project.code, project.is_focus, project.first_week) == ("O2", False, WEEK)


def test_values_are_converted_to_the_unit_of_their_metric() -> None:
    assert in_unit(Decimal("1.2"), "亿元", "万元") == Decimal(12000)
    assert in_unit(Decimal(5), "%", "%") == 5
    assert in_unit(Decimal(5), "%", "元") is None

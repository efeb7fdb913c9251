"""Of which part of a project a number or a date is, and what the part is called."""

from __future__ import annotations

from datetime import date

import pytest

from projects.prose import DateKind
from projects.weeks import WEEK as ONE_WEEK
from reports.importer.history import milestone_of_date, milestone_of_progress
from reports.importer.page import ProjectMention
from reports.importer.plan import KnownFacts, make_plan
from tests.reports.importer.pages import WEEK, parsed

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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("line", ["门锁预计：7月20日上线", "门锁计划：7月20日上线"])
def test_the_word_of_a_plan_is_no_part_of_a_name(line: str) -> None:
    assert mention(line).name == "门锁"


def test_a_name_may_end_in_the_word_of_a_plan() -> None:
    assert mention("产能计划：进度30%").name == "产能计划"


def test_a_verb_is_no_part() -> None:
    assert [p.part for p in mention("收银台：开发中，进行60%").progress] == [""]


@pytest.mark.parametrize("words", ["开始时间：2024-06-01", "启动时间：6月1日"])
def test_a_day_on_which_it_began_is_not_due(words: str) -> None:
    assert [d.kind for d in mention(f"网关：{words}，进度40%").dates] == [DateKind.START]


def test_a_plan_that_the_page_says_was_moved_is_a_slip() -> None:
    line = "1. 国密改造：延期至8月20日，原计划8月1日"
    pages = [parsed(f"# 周报\n\n## 【O1 硬件】\n\n{line}\n", w) for w in (WEEK, WEEK + ONE_WEEK)]
    (milestone,) = make_plan(pages, KnownFacts("calendar")).histories["国密改造"].milestones
    changes = [(c.week, c.old_due_on, c.new_due_on) for c in milestone.changes()]
    assert changes == [(WEEK, date(2024, 8, 1), date(2024, 8, 20))]

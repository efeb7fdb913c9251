"""An update comes back as one text when its page is exported as Markdown and imported again."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from projects.prose import StateKind
from reports.importer.page import ParsedPage
from reports.render.markdown import markdown
from reports.weekly.compile import compile_week
from tests.reports.importer.pages import parsed
from tests.reports.weekly.builders import entry, milestone, objective, project, week_rows

# What in an update looks like the beginning of something else.
PIECES = (
    *("联调进行中，进度 60%", "张伟", "供应商来访", "2024-W30", "```", "> 引用一句", ""),
    *("## 生产事件", "# 下周计划", "【生产事件】", "**系统运行数据**", "一、下周计划"),
    *("【O2 系统升级】", "### A. 账户升级", "KR1：签约率 80%", "下周：提测", "生产事件："),
    *("- DocAI：进度 80%", "  - POS", "1. 路由改造：完成", "2) 收尾", "① 甲", "DocAI"),
    *("| 项目 | 进度 |", "|---|---|", "| POS | 80% |", "项目\t进度", "POS\t80%"),
    *("6月18日 12:03 监控发现：对账任务超时", "联调\n---\n收尾", "#话题# 上线", "    缩进四格"),
)


@cache
def exported(text: str) -> ParsedPage:
    """The page of a project with that update, between two others, read from its Markdown."""
    rows = [
        project("贝易转", entry("试点三家", 20, is_focus=True), pk=1, is_focus=True),
        project("收银台改版", entry(text, 60, stage="联调"), pk=2),
        project("DocAI", entry("跑批完成", 30), pk=3),
    ]
    document = compile_week(week_rows(rows, objectives=[objective()]))
    return parsed(markdown(document, language="zh-hans"))


def filled(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).filter(any))
@example(["联调进行中", "## 生产事件", "再说一句"])
@example(["```", "没有合上"])
@example(["联调", "", "| 项目 | 进度 |", "|---|---|", "| POS | 80% |"])
def test_structure_within_an_update_begins_nothing(pieces: list[str]) -> None:
    text = "\n".join(pieces).strip("\n")
    page, plain = exported(text), exported("联调")
    assert [mention.name for mention in page.projects] == ["贝易转", "收银台改版", "DocAI"]
    assert [section.heading for section in page.sections] == [
        section.heading for section in plain.sections
    ]
    assert (page.incidents, page.key_results, page.goals) == ((), (), ())
    back = filled(page.projects[1].text)
    assert back[:-1] == filled(text)
    assert back[-1] == "> ● 正常 · 联调 · 60%"


def test_state_and_date_in_chinese_come_back() -> None:
    steps = (milestone("二期", 60, date(2024, 6, 28)),)
    late = project("POS", entry("联调", 60, health="off_track"), milestones=steps)
    document = compile_week(week_rows([late], objectives=[objective()]))
    (mention,) = parsed(markdown(document, language="zh-hans")).projects
    assert mention.states == (StateKind.OFF_TRACK,)
    assert [(due.date, due.part) for due in mention.dates] == [(date(2024, 6, 28), "")]

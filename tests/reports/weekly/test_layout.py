from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reports.weekly.compile import compile_week
from reports.weekly.document import Block, PageSection, WeeklyDocument
from reports.weekly.rows import IncidentCountRow, RepeatRow, WeekRows
from reports.weekly.sections import Kind
from tests.reports.weekly.builders import (
    WEEK,
    entry,
    objective,
    planned,
    planned_before,
    project,
    reading,
    section,
    week_rows,
    weeks_ago,
)


def page_of(*projects: object, **more: object) -> WeeklyDocument:
    return compile_week(week_rows(projects, title="2024-W25", **more))  # type: ignore[arg-type]


def shape(page: WeeklyDocument) -> list[tuple[str, list[str]]]:
    """Each section's heading and what stands in it, in words."""
    return [(part.heading, [_text_of(block) for block in part.blocks]) for part in page.sections]


def _text_of(block: Block) -> str:
    if block.entry:
        return block.entry.name
    if block.metrics:
        return "+".join(metric.metric for metric in block.metrics)
    if block.incident_counts:
        return "+".join(count.severity for count in block.incident_counts)
    if block.plan:
        return "+".join(item.text for item in block.plan)
    return block.text


def at(line: int, kind: str, heading: str = "", body: str = "", **more: object) -> object:
    return replace(section(kind, heading, body), position=line, **more)  # type: ignore[arg-type]


def test_everything_stands_where_its_source_had_it() -> None:
    page = page_of(
        project("装修存管", entry(position=7, name="装修存管")),
        project("农行存管", entry(position=5, name="农行"), pk=2),
        sections=(
            at(1, "preamble", "", "Created: 2024年6月22日"),
            at(4, "objective", "【O1 业务服务】", objective_id=1),
            at(6, "objective", "", "说明一句"),
            at(9, "metrics", "【系统运行数据】", "支付成功率："),
            at(12, "metrics", "", "备注"),
            at(20, "plan", "下周工作"),
        ),
        readings=(
            reading("出金", position=11),
            reading("入金", position=10),
            reading("可用性", position=13),
            reading("未读", None),
        ),
        incident_counts=(IncidentCountRow("AB", Decimal(0), "AB级0次", 14),),
        facts=(planned("入网", 21), planned("压测", 22)),
    )
    assert shape(page) == [
        ("", ["Created: 2024年6月22日"]),
        ("【O1 业务服务】", ["农行", "说明一句", "装修存管"]),
        ("【系统运行数据】", ["支付成功率：", "入金+出金", "备注", "可用性", "AB"]),
        ("下周工作", ["入网+压测"]),
    ]
    assert page.is_imported
    assert [part.code for part in page.sections] == ["", "O1", "", ""]


def test_a_focus_project_is_a_section_of_its_own() -> None:
    page = page_of(
        project("贝易转", entry(position=3, name="贝易转", is_focus=True)),
        project("好店", entry(position=6, name="【好店】", is_focus=True), pk=2),
        project("农行存管", entry(position=9, is_focus=True, section="【O1】"), pk=3),
        sections=(at(8, "objective", "【O1】", objective_id=1), at(5, "custom", "", "插一句")),
    )
    assert shape(page) == [
        ("【贝易转】", ["贝易转", "插一句"]),
        ("【好店】", ["【好店】"]),
        ("【O1】", ["农行存管"]),
    ]
    assert [part.kind for part in page.sections] == [Kind.FOCUS, Kind.FOCUS, Kind.OBJECTIVE]


def test_focus_projects_may_stand_under_a_heading_of_theirs() -> None:
    page = page_of(
        project("贝易转", entry(position=3, is_focus=True, section="重点项目")),
        sections=(at(2, "focus", "重点项目"),),
    )
    assert shape(page) == [("重点项目", ["贝易转"])]


def test_a_project_told_twice_is_printed_in_both_places() -> None:
    again = (
        RepeatRow("【O3】", "国密认证", "6月18日开始检测", 9),
        RepeatRow("", "国密", "见上", 2, is_focus=True),
    )
    page = page_of(
        project("国密", entry(position=5, repeats=again)),
        sections=(at(4, "objective", "【O2】"), at(8, "objective", "【O3】")),
    )
    assert shape(page) == [
        ("【国密】", ["见上"]),
        ("【O2】", ["国密"]),
        ("【O3】", ["国密认证：6月18日开始检测"]),
    ]
    assert page.sections[2].blocks[0].repeat_of == "国密"


def test_what_a_page_says_of_a_project_that_was_reported_here_stays_in_its_place() -> None:
    repeat = RepeatRow("【O1】", "农行", "联调", 5)
    rows = week_rows(
        [project("农行存管", entry("上线", repeats=(repeat,)))],
        sections=(at(4, "objective", "【O1】", objective_id=1),),
    )
    assert rows.is_imported
    assert shape(compile_week(rows)) == [("【O1】", ["农行：联调", "农行存管"])]


def test_projects_the_page_does_not_speak_of_come_last() -> None:
    silent = {"previous": entry(week=weeks_ago(1))}
    page = page_of(
        project("农行存管", entry(position=5)),
        project("装修存管", pk=2, **silent),
        project("反诈", pk=3, previous=entry(week=weeks_ago(1), objective_id=8), objective_id=None),
        project("后补", entry(position=0, objective_id=None), pk=4),
        sections=(at(4, "objective", "【O1】", objective_id=1), at(8, "other", "【其他】", "团建")),
        objectives=(objective(), objective("O2", pk=2)),
    )
    assert shape(page) == [
        ("【O1】", ["农行存管", "装修存管"]),
        ("【其他】", ["团建"]),
        ("", ["反诈"]),
        ("", ["后补"]),
    ]
    assert [part.kind for part in page.sections[2:]] == [Kind.SILENT, Kind.WORK]


def test_what_is_added_here_later_finds_its_section() -> None:
    page = page_of(
        sections=(at(3, "metrics", "【数据】"), at(0, "custom", "补记", "一句")),
        readings=(reading("入金", position=4), reading("可用性")),
        facts=(planned_before("联调", "done"), planned_before("评审"), planned("压测")),
    )
    assert [(part.kind, part.heading) for part in page.sections] == [
        (Kind.METRICS, "【数据】"),
        (Kind.CUSTOM, "补记"),
        (Kind.LAST_PLAN, ""),
        (Kind.PLAN, ""),
    ]
    assert shape(page)[0][1] == ["入金+可用性"]
    assert [item.text for item in page.sections[2].blocks[0].last_plan] == ["联调"]


def test_an_imported_page_has_no_sections_that_its_source_had_not() -> None:
    assert page_of().sections == ()


def test_imported_page_does_not_say_that_the_importer_closed_a_project() -> None:
    row = project(entry=entry(position=4))
    closed = replace(row, closed_on=WEEK, close_reason="导入")
    (imported,) = compile_week(week_rows([closed])).entries
    assert (imported.closed_on, imported.is_owed) == (None, False)


def test_what_makes_a_page_an_imported_one() -> None:
    def is_imported(rows: WeekRows) -> bool:
        return compile_week(rows).is_imported

    assert not is_imported(week_rows([project(entry=entry())], readings=(reading(),)))
    assert is_imported(week_rows(title="2024-W25"))
    assert is_imported(week_rows([project(entry=entry(position=4))]))
    assert is_imported(week_rows(readings=(reading(text="入金 99%"),)))
    assert is_imported(week_rows(sections=(section("preamble", body="Created"),)))
    assert PageSection(Kind.OTHER, "other", "").is_empty

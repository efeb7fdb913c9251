"""What one edition changes against the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils import translation
from hypothesis import given

from reports.render.editions import change_text
from reports.weekly.changes import Change, ChangedPart, ChangeKind, changes_between, dump, load
from reports.weekly.compile import compile_week
from reports.weekly.document import (
    Block,
    Finding,
    PageSection,
    Verdict,
    WeeklyDocument,
    canonical,
)
from reports.weekly.document import dump as dump_document
from reports.weekly.document import load as load_document
from reports.weekly.rows import WeekRows
from reports.weekly.sections import Kind
from tests.reports.render.sample import imported_week, kept_week
from tests.reports.weekly.builders import entry, milestone, project, reading, section, week_rows
from tests.reports.weekly.strategies import any_rows
from tests.tables import each_row


@given(any_rows(), any_rows())
def test_equal_documents_have_none_and_others_at_least_one(
    document: WeekRows, other: WeekRows
) -> None:
    old, new = compile_week(document), compile_week(other)
    assert changes_between(old, compile_week(document)) == ()
    assert changes_between(old, load_document(dump_document(old))) == ()
    changes = changes_between(old, new)
    assert bool(changes) == (canonical(old) != canonical(new))
    assert load(dump(changes)) == changes


def of_page(**fields: Any) -> WeeklyDocument:
    return compile_week(week_rows(**fields))


def changes_listed(old: WeeklyDocument, new: WeeklyDocument) -> list[tuple[str, ...]]:
    """part, what, name, field, old, new of each change."""
    return [
        (str(item.part), item.what.value, item.name, item.field, item.old, item.new)
        for item in changes_between(old, new)
    ]


def of_pos(text: str = "提测", percent: int | None = 60, **fields: Any) -> WeeklyDocument:
    pos = project("POS", entry(text, percent, **fields), pk=2)
    return of_page(projects=(pos,))


def test_percent_text_and_state_of_a_project() -> None:
    new = of_pos("已上线", 100, health="done", stage="上线", risks="回滚窗口")
    assert changes_listed(of_pos(health="on_track", stage="测试"), new) == [
        ("entry", "changed", "POS", "health", "on_track", "done"),
        ("entry", "changed", "POS", "stage", "测试", "上线"),
        ("entry", "changed", "POS", "percent", "60", "100"),
        ("entry", "changed", "POS", "text", "提测", "已上线"),
        ("entry", "changed", "POS", "risks", "", "回滚窗口"),
    ]


def test_a_date_with_its_precision() -> None:
    def due(on: date, precision: str) -> WeeklyDocument:
        stone = milestone("上线", 60, on)
        stone = replace(stone, due_precision=precision)
        return of_page(projects=(project("POS", entry("提测", 60), milestones=(stone,)),))

    listed = changes_listed(due(date(2024, 7, 31), "month"), due(date(2024, 7, 31), "day"))
    assert listed == [("entry", "changed", "POS", "due_on", "2024-07-31 month", "2024-07-31 day")]


def test_a_project_that_came_and_one_that_went() -> None:
    old = of_page(projects=(project("POS", entry("提测"), pk=1), project("DocAI", pk=2)))
    new = of_page(projects=(project("DocAI", pk=2), project("实时数仓", pk=3)))
    # Where the one stood that went, and in the new page's order.
    assert changes_listed(old, new) == [
        ("entry", "removed", "POS", "", "", ""),
        ("entry", "added", "实时数仓", "", "", ""),
    ]


def test_an_update_that_came_late() -> None:
    silent = of_page(projects=(project("POS", previous=entry("提测", 60), pk=2),))
    fields = [field for _, _, _, field, _, _ in changes_listed(silent, of_pos())]
    assert fields[0] == "is_updated"
    assert "text" in fields


def test_findings_and_what_was_said_to_them() -> None:
    page = of_pos("已上线", 60)
    (finding,) = page.entries[0].findings
    (removed,) = (c for c in changes_between(page, of_pos()) if c.part is ChangedPart.FINDING)
    assert (removed.what, removed.finding) == (ChangeKind.REMOVED, finding)

    verdict = Verdict("只上线了一期", "林岚", datetime(2024, 6, 21, tzinfo=UTC))
    explained = with_entry(page, findings=(replace(finding, verdict=verdict),))
    (change,) = changes_between(page, explained)
    assert (change.part, change.field, change.anchor) == (
        ChangedPart.FINDING,
        "verdict",
        "project-2",
    )
    assert change.finding is not None
    assert change.finding.verdict == verdict


def with_entry(page: WeeklyDocument, **fields: Any) -> WeeklyDocument:
    """The page with its first entry changed."""

    def changed(block: Block) -> Block:
        if block.entry is None or block.entry != page.entries[0]:
            return block
        return replace(block, entry=replace(block.entry, **fields))

    sections = (replace(s, blocks=tuple(map(changed, s.blocks))) for s in page.sections)
    return replace(page, sections=tuple(sections))


def test_a_metrics_value() -> None:
    old = of_page(readings=(reading("入金有效成功率", "99.996"),))
    new = of_page(readings=(reading("入金有效成功率", "99.990"),))
    (change, *_rest) = changes_between(old, new)
    assert (change.part, change.name, change.field) == ("metric", "入金有效成功率", "value")
    assert (change.old, change.new, change.unit) == ("99.996", "99.99", "%")


def test_objectives_in_rows_of_a_new_cycle_are_the_same_to_a_reader() -> None:
    old = of_pos()

    def carried(section: PageSection) -> PageSection:
        return replace(section, objective_id=section.objective_id and section.objective_id + 70)

    new = with_entry(replace(old, sections=tuple(map(carried, old.sections))), objective_id=71)
    assert canonical(new) != canonical(old)
    with_other_text = with_entry(new, text="改过")
    assert [change.field for change in changes_between(old, with_other_text)] == ["text"]


def test_a_project_that_is_closed_or_goes_on() -> None:
    closed = with_entry(of_pos(), closed_on=date(2024, 6, 21), close_reason="已移交")
    assert changes_listed(of_pos(), closed) == [
        ("entry", "changed", "POS", "closed_on", "", "2024-06-21"),
        ("entry", "changed", "POS", "close_reason", "", "已移交"),
    ]
    with translation.override("zh-hans"):
        sentences = [
            change_text(change, year=2024)
            for pages in ((of_pos(), closed), (closed, of_pos()))
            for change in changes_between(*pages)
        ]
    assert sentences == [
        "POS：6月21日 结束",
        "POS：结束原因改为 「已移交」",
        "POS：已恢复进行",
        "POS：结束原因已去掉（原为 「已移交」）",
    ]


def test_the_managers_words() -> None:
    def page(text: str) -> WeeklyDocument:
        return of_page(sections=(section("reflection", "", text, position=0),))

    (change,) = changes_between(page("少开会"), page("少开会，多写字"))
    assert (change.part, change.field) == (ChangedPart.SECTION, "text")
    assert (change.old, change.new, change.anchor) == ("少开会", "少开会，多写字", "reflection")
    assert change.section is not None
    assert change.section.kind is Kind.REFLECTION


def test_a_section_of_ones_own_that_came() -> None:
    own = section("custom", "团队建设", "周五聚餐", position=0)
    (change,) = changes_between(of_page(), of_page(sections=(own,)))
    assert (change.part, change.what) == (ChangedPart.SECTION, ChangeKind.ADDED)


def _each_entry(page: WeeklyDocument) -> WeeklyDocument:
    return with_entry(page, text="改过")


def _history(page: WeeklyDocument) -> WeeklyDocument:
    return with_entry(page, weeks_silent=9)


def _sections_swapped(page: WeeklyDocument) -> WeeklyDocument:
    return replace(page, sections=tuple(reversed(page.sections)))


def _counted(page: WeeklyDocument) -> WeeklyDocument:
    return replace(page, updated=page.updated + 1)


def _finding(page: WeeklyDocument) -> WeeklyDocument:
    return replace(page, findings=(*page.findings, Finding("written_in_another_week")))


@each_row("page", [kept_week(), imported_week()])
@each_row(
    "change",
    [_each_entry, _history, _sections_swapped, _counted, _finding],
)
def test_nothing_passes_unseen(
    page: WeeklyDocument, change: Callable[[WeeklyDocument], WeeklyDocument]
) -> None:
    changes = changes_between(page, change(page))
    assert changes
    assert all(isinstance(item, Change) for item in changes)


def test_a_lead_told_apart_from_a_namesake_is_no_change() -> None:
    def led_by(name: str) -> WeeklyDocument:
        return of_page(projects=(project("POS", entry("提测"), lead=name),))

    assert changes_listed(led_by("许澄"), led_by("许澄 (xu)")) == []
    assert changes_listed(led_by("许澄 (xu)"), led_by("许澄")) == []
    changed = ("entry", "changed", "POS", "lead", "许澄 (xu)", "许澄 (xu2)")
    assert changes_listed(led_by("许澄 (xu)"), led_by("许澄 (xu2)")) == [changed]

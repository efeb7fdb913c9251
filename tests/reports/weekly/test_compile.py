from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given

from reports.weekly import document
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.rows import (
    FinishedRow,
    IncidentCountRow,
    KeyResultRow,
    WeekRows,
)
from reports.weekly.sections import Kind
from tests.reports.weekly.builders import (
    entry,
    incident,
    milestone,
    objective,
    planned,
    planned_before,
    project,
    reading,
    section,
    week_rows,
    weeks_ago,
)
from tests.reports.weekly.strategies import any_rows


def names(page: WeeklyDocument, kind: Kind) -> list[str]:
    return [
        block.entry.project
        for part in page.sections
        if part.kind is kind
        for block in part.blocks
        if block.entry
    ]


def test_sections_stand_in_the_order_of_the_page() -> None:
    rows = week_rows(
        [project("贝易转", entry(is_focus=True)), project("零活", entry(objective_id=None), pk=2)],
        objectives=(objective(), objective("O2", "能力升级", pk=2)),
        sections=(
            section("reflection", body="少即是多"),
            section("custom", "团队建设", "春游"),
            section("other", body="预算编制"),
        ),
    )
    page = compile_week(rows)
    anchors = [part.anchor for part in page.sections]
    assert anchors[:8] == ["focus", "o1", "o2", "work", "metrics", "incidents", "other", "own"]
    assert anchors[8:] == ["reflection", "last-plan", "plan"]


def test_what_nobody_filled_is_there_and_empty() -> None:
    page = compile_week(week_rows())
    assert [part.anchor for part in page.sections if part.is_empty] == (
        ["o1", "metrics", "incidents", "other", "reflection", "last-plan", "plan"]
    )


def test_a_focus_project_stands_once_and_first() -> None:
    page = compile_week(
        week_rows([project("贝易转", entry(is_focus=True)), project("农行存管", entry(), pk=2)])
    )
    assert names(page, Kind.FOCUS) == ["贝易转"]
    assert names(page, Kind.OBJECTIVE) == ["农行存管"]


def test_key_results_stand_with_their_objective() -> None:
    result = KeyResultRow("AI初审占比", "%", Decimal(0), Decimal(60), Decimal(30))
    with_result = objective("O4", "支付 × AI")
    with_result = type(with_result)(1, "O4", "支付 × AI", 1, (result,))
    (part,) = (p for p in compile_week(week_rows(objectives=(with_result,))).sections if p.code)
    assert [state.score for state in part.key_results] == [Decimal("0.50")]
    assert not part.is_empty


def test_objectives_with_the_same_code_have_their_own_anchors() -> None:
    rows = week_rows(objectives=(objective(), objective("O1", "新的业务", pk=2)))
    assert [p.anchor for p in compile_week(rows).sections][:2] == ["o1", "o1-2"]


def test_numbers_incidents_and_plans_stand_in_their_sections() -> None:
    rows = week_rows(
        readings=(reading(),),
        incident_counts=(IncidentCountRow("AB", Decimal(0), "", 0),),
        facts=(
            incident("超时", detected_by="监控发现", severity="C"),
            planned_before("联调排期", "done"),
            planned("入网复审", 1),
            planned("压测", 2),
        ),
    )
    parts = {part.kind: part.blocks for part in compile_week(rows).sections}
    metrics, counts = parts[Kind.METRICS]
    assert (len(metrics.metrics), len(counts.incident_counts)) == (1, 1)
    assert [block.incident.description for block in parts[Kind.INCIDENTS] if block.incident] == [
        "超时"
    ]
    assert [item.outcome for item in parts[Kind.LAST_PLAN][0].last_plan] == ["done"]
    assert [item.text for item in parts[Kind.PLAN][0].plan] == ["入网复审", "压测"]


def test_the_managers_words_stand_below_the_facts_of_their_section() -> None:
    rows = week_rows(
        [project(entry=entry())],
        sections=(
            section("objective", body="总体可控", objective_id=1),
            section("objective", body="?", objective_id=9),
        ),
    )
    parts = compile_week(rows).sections
    assert [bool(block.entry) for block in parts[0].blocks] == [True, False]
    assert [(p.kind, p.blocks[0].text) for p in parts if p.kind is Kind.WORK] == [(Kind.WORK, "?")]


def test_updated_and_expected_are_counted() -> None:
    page = compile_week(
        week_rows(
            [
                project("a", entry()),
                project("b", previous=entry(week=weeks_ago(1)), pk=2),
                project("c", previous=entry(week=weeks_ago(1), health="paused"), pk=3),
            ]
        )
    )
    assert (page.updated, page.expected) == (1, 2)
    assert [e.is_updated for e in page.entries] == [True, False, False]


def test_findings_stand_with_their_entry_and_on_the_page() -> None:
    late = milestone(percent=10, due_on=date(2024, 6, 1))
    page = compile_week(week_rows([project(entry=entry(), milestones=(late,))], title="2024-W20"))
    assert [f.code for f in page.findings] == ["label_mismatch", "past_due_on_track"]
    assert [f.code for f in page.entries[0].findings] == ["past_due_on_track"]


# --- any rows -------------------------------------------------------------------------------


@given(any_rows())
def test_any_week_compiles_and_loses_nothing(rows: WeekRows) -> None:
    page = compile_week(rows)
    assert sorted(e.project_id for e in page.entries) == sorted(p.id for p in rows.projects)
    printed = [block.text for part in page.sections for block in part.blocks]
    assert all(s.body in printed for s in rows.sections if s.body.strip())
    anchors = [part.anchor for part in page.sections]
    assert len(set(anchors)) == len(anchors)
    assert all(
        sum(finding is f for f in page.findings) == 1
        for e in page.entries
        for finding in e.findings
    )


@given(any_rows())
def test_a_document_comes_back_from_its_json(rows: WeekRows) -> None:
    page = compile_week(rows)
    assert document.load(document.dump(page)) == page


def test_a_finished_project_stands_with_the_first_section_of_its_objective() -> None:
    done = FinishedRow(7, "早已上线", 2, Decimal(100), weeks_ago(3))
    other = objective("O2", "能力升级", pk=2)
    page = compile_week(week_rows(objectives=(objective(), other), finished=(done,)))
    names = {
        part.objective_id: [entry.project for entry in part.finished] for part in page.sections
    }
    assert (names[1], names[2]) == ([], ["早已上线"])
    assert document.load(document.dump(page)) == page

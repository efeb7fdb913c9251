from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects.weeks import monday_of
from reports.models import SectionKind
from reports.weekly import document
from reports.weekly.compile import compile_week
from reports.weekly.document import Kind, WeeklyDocument
from reports.weekly.rows import (
    EntryRow,
    IncidentCountRow,
    IncidentRow,
    KeyResultRow,
    PlannedRow,
    WeekRows,
)
from tests.reports.weekly.builders import (
    AT,
    WEEK,
    entry,
    milestone,
    objective,
    project,
    reading,
    section,
    week_rows,
    weeks_ago,
)


def names(page: WeeklyDocument, kind: Kind) -> list[str]:
    return [
        block.entry.project
        for part in page.sections
        if part.kind is kind
        for block in part.blocks
        if block.entry
    ]


def test_every_kind_of_section_that_is_stored_can_be_printed() -> None:
    assert set(SectionKind.values) < {kind.value for kind in Kind}


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
        incidents=(IncidentRow(AT, "监控发现", "C", "超时", "", "", None, "", "", 0),),
        last_plan=(PlannedRow("联调排期", 1, "done", ""),),
        plan=(PlannedRow("入网复审", 1, "", ""), PlannedRow("压测", 2, "", "")),
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

_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["已上线，整体进度60%", "\n- a\n    - b", "| a |\n|---|", "", "1. x\n2. y", "14/44=31.8%"]
    ),
)
_PERCENTS = st.none() | st.decimals(0, 100, places=2)
_LINES = st.integers(0, 30)
_DAYS = st.dates(date(2023, 1, 1), date(2026, 1, 1))
_HEALTHS = st.sampled_from(["", "on_track", "at_risk", "off_track", "done", "paused"])


@st.composite
def any_rows(draw: st.DrawFn) -> WeekRows:
    """A week of the kind the database can hold, sensible or not."""

    def an_entry(week: date) -> EntryRow:
        return entry(
            draw(_TEXTS),
            week=week,
            percent=draw(_PERCENTS),
            weighted_percent=draw(_PERCENTS),
            health=draw(_HEALTHS),
            is_focus=draw(st.booleans()),
            objective_id=draw(st.sampled_from([None, 1, 2, 9])),
            position=draw(_LINES),
            name=draw(st.text(max_size=6)),
            section=draw(st.sampled_from(["", "【O1】"])),
        )

    projects = []
    for number in range(draw(st.integers(0, 4))):
        due = draw(st.none() | _DAYS)
        projects.append(
            project(
                draw(st.text(min_size=1, max_size=6)),
                pk=number + 1,
                entry=an_entry(WEEK) if draw(st.booleans()) else None,
                previous=an_entry(weeks_ago(2)) if draw(st.booleans()) else None,
                last_percent=draw(_PERCENTS),
                history=tuple((weeks_ago(n), Decimal(50)) for n in range(draw(st.integers(0, 8)))),
                milestones=(replace(milestone(draw(_TEXTS), None, due), percent=draw(_PERCENTS)),),
            )
        )
    sections = [
        section(
            draw(st.sampled_from(SectionKind.values)),
            draw(st.sampled_from(["", "【O1】", "其他"])),
            draw(_TEXTS),
            position=draw(_LINES),
            level=draw(st.integers(1, 6)),
            objective_id=draw(st.sampled_from([None, 1, 9])),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]
    at = datetime(2024, 6, 18, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 99)))
    return week_rows(
        projects,
        week=monday_of(WEEK),
        today=draw(_DAYS),
        title=draw(_TEXTS),
        sections=tuple(sections),
        objectives=(objective(), objective("O2", pk=2)),
        readings=(reading(text=draw(_TEXTS), position=draw(_LINES), target=draw(_PERCENTS)),),
        incident_counts=(IncidentCountRow("C", Decimal("0.5"), draw(_TEXTS), draw(_LINES)),),
        incidents=(
            IncidentRow(at, "", "", draw(_TEXTS), "", "", None, "", draw(_TEXTS), draw(_LINES)),
        ),
        plan=(PlannedRow(draw(_TEXTS) or "x", draw(_LINES), "", ""),),
        last_plan=(PlannedRow("y", 1, draw(st.sampled_from(["", "done"])), ""),),
    )


@given(any_rows())
def test_any_week_compiles_and_loses_nothing(rows: WeekRows) -> None:
    page = compile_week(rows)
    assert sorted(e.project_id for e in page.entries) == sorted(p.id for p in rows.projects)
    printed = [block.text for part in page.sections for block in part.blocks]
    assert all(s.body in printed for s in rows.sections if s.body.strip())
    anchors = [part.anchor for part in page.sections]
    assert len(set(anchors)) == len(anchors)
    assert all(
        sum(found is f for f in page.findings) == 1 for e in page.entries for found in e.findings
    )


@given(any_rows())
def test_a_document_comes_back_from_its_json(rows: WeekRows) -> None:
    page = compile_week(rows)
    assert document.load(document.dump(page)) == page

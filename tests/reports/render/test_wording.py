from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils import translation
from hypothesis import given

from reports.render import finding_words, html, markdown, wording
from reports.weekly.compile import compile_week
from reports.weekly.document import Entry, Finding, IncidentCountState, Move, PageSection
from reports.weekly.rows import WeekRows
from reports.weekly.sections import Kind
from reports.weekly.states import entry_of
from tests.reports.weekly.builders import WEEK, entry, milestone, move, project, weeks_ago
from tests.reports.weekly.strategies import any_rows
from tests.tables import each_row

_FINDINGS = [
    (
        "percent_dropped",
        {"old": "65", "new": "60"},
        "percent fell from 65% to 60%, no reason given",
        "完成度由 65% 降到 60%，没有说明",
    ),
    (
        "percent_stalled",
        {"percent": "85", "weeks": "3", "days": "7"},
        "85% unchanged for 3 weeks, 7 days to the due date",
        "85% 已 3 周未变，距计划完成 7 天",
    ),
    (
        "percent_stalled",
        {"percent": "85", "weeks": "4"},
        "85% unchanged for 4 weeks",
        "85% 已 4 周未变",
    ),
    (
        "launched_below_100",
        {"words": "已上线", "percent": "60"},
        "the text says “已上线”, the percent says 60%",
        "文字写「已上线」，完成度却是 60%",
    ),
]


@each_row(("code", "params", "english", "chinese"), _FINDINGS)
def test_findings_in_either_language(
    code: str, params: dict[str, str], english: str, chinese: str
) -> None:
    for language, sentence in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert finding_words.finding_text(Finding(code, params=params), year=2024) == sentence


def test_a_date_in_a_finding_has_its_precision_and_where_needed_its_year() -> None:
    params = {"milestone": "验收", "due": "2023-12-31", "precision": "month", "days": "172"}
    with translation.override("en"):
        sentence = finding_words.finding_text(
            Finding("past_due_on_track", params=params), year=2024
        )
    assert sentence == "验收 was due on Dec, 2023, 172 days ago, and is still called on track"


def slipped(*dates: date) -> Entry:
    moves = tuple(move(old, new, weeks_ago(1)) for old, new in pairwise(dates))
    row = milestone(due_on=dates[-1], first_due_on=dates[0], moves=moves)
    return entry_of(project(entry=entry(), milestones=(row,)), WEEK)


def test_slips() -> None:
    june, july, august = date(2024, 6, 30), date(2024, 7, 1), date(2024, 8, 15)
    with translation.override("en"):
        assert wording.slip(slipped(june, july, august)) == "46 days late · 2 moves"
        assert wording.slip(slipped(june, july)) == "1 day late · 1 move"
        assert wording.slip(slipped(june, july, june)) == "1 move"
        assert wording.slip(slipped(july, june)) == wording.slip(slipped(june)) == ""


def test_paused_project_is_called_not_updated_only_by_documents_from_before() -> None:
    """A frozen edition keeps its words, whatever rule came later."""
    last = entry(week=weeks_ago(1), health="paused", text="等大版本")
    paused = entry_of(project(previous=last), WEEK)
    from_before = replace(paused, duty="")
    with translation.override("en"):
        assert wording.not_updated(paused, year=2024) == "Last: Jun 16: 等大版本"
        words = wording.not_updated(from_before, year=2024)
    assert words == "Not updated this week. Last: Jun 16: 等大版本"


def test_moves_say_from_where_to_where_and_why() -> None:
    later = Move("工行直联", date(2024, 7, 24), date(2024, 7, 31), "day", 7, 1, "专线晚到", "")
    nearer = replace(later, old=later.new, new=later.old, days=-7, number=2, reason="")
    with translation.override("en"):
        assert (
            wording.moved(later, year=2024)
            == "工行直联 moved from Jul 24 to Jul 31 (7 days later, move 1): 专线晚到"
        )
        assert (
            wording.moved(nearer, year=2024)
            == "工行直联 moved from Jul 31 to Jul 24 (7 days earlier, move 2)"
        )


@each_row(
    ("value", "text"),
    [(Decimal("5.00"), "↑5"), (Decimal(-3), "↓3"), (Decimal(0), "—"), (None, "—")],
)
def test_change_of_a_percent_has_an_arrow(value: Decimal | None, text: str) -> None:
    assert wording.change(value) == text


@each_row(("unit", "text"), [("%", "99.99%"), ("笔", "99.99笔"), ("ms", "99.99 ms"), ("", "99.99")])
def test_quantities(unit: str, text: str) -> None:
    assert wording.quantity(Decimal("99.9900"), unit) == text


@each_row("kind", [k for k in Kind if k not in (Kind.PREAMBLE, Kind.CUSTOM)])
def test_every_section_has_a_heading_in_chinese(kind: Kind) -> None:
    with translation.override("zh-hans"):
        heading = wording.printed_heading(PageSection(kind, "", "", code="O1", name="业务服务"))
    assert heading
    assert not heading.isascii()


def test_headings_have_the_brackets_of_the_old_pages() -> None:
    objective = PageSection(Kind.OBJECTIVE, "o1", "", code="O1", name="业务服务")
    with translation.override("zh-hans"):
        assert wording.printed_heading(objective) == "【O1 业务服务】"
        assert wording.heading(objective) == "O1 业务服务"
        assert wording.printed_heading(PageSection(Kind.OTHER, "other", "杂项")) == "杂项"
    with translation.override("en"):
        assert wording.printed_heading(objective) == "O1 业务服务"


@each_row(
    ("section", "heading"),
    [
        (
            PageSection(Kind.OBJECTIVE, "", "## 【O2系统升级】", code="O2", name="系统升级"),
            "O2 系统升级",
        ),
        (PageSection(Kind.FOCUS, "", "**【贝易转】**"), "贝易转"),
        (PageSection(Kind.FOCUS, "", ""), "重点项目"),
        (PageSection(Kind.METRICS, "", ""), "系统运行数据"),
        (PageSection(Kind.PREAMBLE, "", ""), ""),
    ],
)
def test_the_contents_have_headings_without_marks(section: PageSection, heading: str) -> None:
    with translation.override("zh-hans"):
        assert wording.short_heading(section) == heading


def test_entered_incident_counts_read_as_on_the_old_pages() -> None:
    counts = [
        IncidentCountState("AB", Decimal(0), ""),
        IncidentCountState("C", Decimal("0.50"), ""),
    ]
    with translation.override("zh-hans"):
        assert wording.incident_counts(counts) == ["生产事件数：AB级 0次 · C级 0.5次"]
    with translation.override("en"):
        assert wording.incident_counts(counts) == ["Incidents: AB 0 · C 0.5"]


@given(any_rows())
def test_any_week_can_be_printed(rows: WeekRows) -> None:
    page = compile_week(rows)
    for language in ("en", "zh-hans"):
        text = markdown.markdown(page, language=language)
        assert text.startswith("# ")
        assert text.endswith("\n")
        assert html.sheet(page, language=language).strip().startswith("<article")

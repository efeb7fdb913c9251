"""What an edition says of itself and of its changes, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.utils import translation

from reports.render import editions
from reports.weekly.changes import Change, ChangedPart, ChangeKind, Imprint, JoinedWeek
from reports.weekly.document import Finding, PageSection, Verdict
from reports.weekly.sections import Kind
from tests.tables import each_row

AT = datetime(2024, 6, 21, 17, 42, tzinfo=UTC)


def entry(field: str, old: str = "", new: str = "") -> Change:
    return Change(ChangedPart.ENTRY, ChangeKind.CHANGED, "project-1", "农行存管", field, old, new)


FOUND = Finding("percent_stalled", 1, "农行存管", {"percent": "85", "weeks": "3"})
REFLECTION = PageSection(Kind.REFLECTION, "reflection", "")


@each_row(
    ("change", "sentence"),
    [
        (entry("percent", "85", "90.5"), "农行存管: percent 85% → 90.5%"),
        (entry("percent", "", "90"), "农行存管: percent now 90%"),
        (entry("percent", "85", ""), "农行存管: percent taken away (was 85%)"),
        (entry("due_on", "2024-06-28 day", "2024-07-31 month"), "农行存管: due date Jun 28 → Jul"),
        (entry("health", "on_track", "done"), "农行存管: state ● on track → ✓ done"),
        (entry("text", "- 联调\n- 压测", "提测"), "农行存管: text “联调；压测” → “提测”"),
        (entry("is_updated", "", "yes"), "农行存管: updated after all"),
        (entry("place"), "农行存管: stands in another section"),
        (entry("details"), "农行存管: details changed"),
        (Change(ChangedPart.ENTRY, ChangeKind.ADDED, name="POS"), "POS: added"),
        (Change(ChangedPart.ENTRY, ChangeKind.REMOVED, name="POS"), "POS: removed"),
        (
            Change("metric", ChangeKind.CHANGED, "", "成功率", "value", "99.9", "99.99", "%"),
            "成功率: value 99.9% → 99.99%",
        ),
        (
            Change("metric", ChangeKind.ADDED, "", "交易笔数", "value", "", "120", "笔"),
            "交易笔数: added (120笔)",
        ),
        (
            Change("incident_count", ChangeKind.CHANGED, "", "C", "count", "0", "0.5"),
            "Incidents C: count 0 → 0.5",
        ),
        (
            Change("last_plan", ChangeKind.CHANGED, "", "提测", "outcome", "", "done"),
            "Last week's plan “提测”: outcome now done",
        ),
        (
            Change(
                ChangedPart.SECTION,
                ChangeKind.CHANGED,
                "",
                "",
                "text",
                "",
                "少开会",
                section=REFLECTION,
            ),
            "Lessons and reflections: text now “少开会”",
        ),
        (
            Change(ChangedPart.PAGE, ChangeKind.CHANGED, field="details"),
            "The page: details changed",
        ),
        (
            Change(ChangedPart.FINDING, ChangeKind.ADDED, "", "农行存管", finding=FOUND),
            "农行存管: now found: 85% unchanged for 3 weeks",
        ),
    ],
)
def test_each_change_is_one_sentence(change: Change, sentence: str) -> None:
    with translation.override("en"):
        assert editions.change_text(change, year=2024) == sentence


def test_change_of_a_verdict_quotes_the_finding() -> None:
    judged = replace(FOUND, verdict=Verdict("等专线", "林岚", AT))
    change = Change(
        ChangedPart.FINDING, ChangeKind.CHANGED, "", "农行存管", "verdict", finding=judged
    )
    with translation.override("en"):
        assert "林岚: 等专线" in editions.change_text(change, year=2024)


def test_two_long_texts_are_quoted_from_where_they_differ() -> None:
    old = "专线扩容晚到，工行直联推到12月4日投产；收银台第三批城市按计划切换。上线日期未定"
    change = Change(
        ChangedPart.ENTRY, ChangeKind.CHANGED, "1", "贝易转", "text", old, f"{old[:-2]}已定"
    )
    with translation.override("zh-hans"):
        assert editions.change_text(change, year=2024) == (
            "贝易转：正文 「…城市按计划切换。上线日期未定」 → 「…城市按计划切换。上线日期已定」"
        )


def test_the_weeks_that_were_published_together() -> None:
    imprint = Imprint(1, AT, "", "0123456789abcdef", joined=(JoinedWeek(AT.date(), "2024-W24"),))
    assert not editions.together(replace(imprint, joined=()), year=2024)
    with translation.override("en"):
        sentence = "Published together with it: 2024-W24 (Jun 21 – Jun 27)"
        assert editions.together(imprint, year=2024) == sentence


def test_the_imprint() -> None:
    imprint = Imprint(2, AT, "林岚", "0123456789abcdef", "写错了", (), 1)
    with translation.override("zh-hans"):
        assert (
            editions.published(imprint, year=2024)
            == "第 2 版 · 6月21日 17:42 · 林岚 · 0123456789ab"
        )
        assert editions.published_by(imprint) == "由林岚发布"
        assert editions.reason(imprint) == "更正：写错了"
    with translation.override("en"):
        by_itself = Imprint(1, AT, "", "0123456789abcdef")
        assert editions.published(by_itself, year=2023).startswith("Edition 1 · Jun 21, 2024 17:42")
        assert editions.published_by(by_itself) == "Published by schedule"

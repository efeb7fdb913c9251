"""What a person decided about names, pages and lines, and what comes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.prose import DateKind, Precision
from projects.weeks import WEEK as ONE_WEEK
from reports.importer.deciding import decided_pages
from reports.importer.decisions import (
    Decisions,
    DecisionsUnreadable,
    PersonDecision,
    ValueCorrection,
    ValueKind,
    all_of,
    as_json,
    from_json,
    from_plain,
    key_of,
)
from reports.importer.page import ParsedPage
from reports.importer.plan import make_plan
from reports.importer.planned import KnownFacts, KnownProject
from tests.reports.importer.pages import WEEK, parsed
from tests.tables import each_row

NOTHING = KnownFacts(numbering="calendar")


def page(body: str, week: date = WEEK) -> ParsedPage:
    return parsed(f"# 周报\n\n## 【O1 业务服务】\n\n{body}\n", week)


def names_of(
    pages: list[ParsedPage], decisions: Decisions, known_facts: KnownFacts = NOTHING
) -> list[str]:
    plan = make_plan(decided_pages(pages, decisions), known_facts, decisions)
    return list(plan.projects)


def test_names_that_mean_one_project_make_one_with_aliases() -> None:
    pages = [page("1. 对账平台：进度30%"), page("1. 新对账：进度50%", WEEK + ONE_WEEK)]
    decisions = Decisions(same={"对账平台": "对账中台", "新对账": "对账中台"})
    plan = make_plan(decided_pages(pages, decisions), NOTHING, decisions)
    (project,) = plan.projects.values()
    assert project.name == "对账中台"
    assert set(project.aliases.values()) == {"对账中台", "对账平台", "新对账"}
    assert [entry.mention.written for p in plan.pages for entry in p.entries] == [
        "对账平台",
        "新对账",
    ]


def test_a_name_can_mean_a_project_that_there_is() -> None:
    known_facts = KnownFacts("calendar", projects=(KnownProject(7, "对账中台", ("对账中台",)),))
    decisions = Decisions(same={"新对账": "对账中台"})
    plan = make_plan([page("1. 新对账：进度50%")], known_facts, decisions)
    assert plan.projects == {}
    assert list(plan.aliases[7].values()) == ["新对账"]


def test_a_part_is_reported_as_its_project() -> None:
    decisions = Decisions(parts={"对账报表": "对账中台"})
    pages = [page("1. 对账中台：进度30%\n2. 对账报表：开发进度80%，预计6月28日上线")]
    plan = make_plan(decided_pages(pages, decisions), NOTHING, decisions)
    assert list(plan.projects) == ["对账中台"]
    milestones = {m.name: m.percent for m in plan.histories["对账中台"].milestones}
    assert milestones == {"对账报表": 80}
    assert plan.pages[0].repeats[0].name == "对账报表"


def test_what_is_no_project_stays_as_text() -> None:
    pages = [page("1. 对账中台：进度30%\n2. 团建安排：周五下午")]
    decisions = Decisions(no_projects=("团建安排",))
    (decided,) = decided_pages(pages, decisions)
    assert [mention.name for mention in decided.projects] == ["对账中台"]
    assert any("团建安排：周五下午" in section.body for section in decided.sections)


def test_a_line_can_report_another_project_or_none() -> None:
    pages = [page("1. 对账中台：进度30%\n2. 短信网关切换到 60%\n3. 例会：照常")]
    lines = {"6": "短信网关", "7": ""}
    decisions = Decisions(lines={key_of(pages[0].source): lines})
    (decided,) = decided_pages(pages, decisions)
    assert [mention.name for mention in decided.projects] == ["对账中台", "短信网关"]
    assert decided.projects[1].written == "短信网关切换"


def test_a_week_that_a_person_gave_holds_and_a_page_can_be_left_out() -> None:
    pages = [page("1. 对账中台：进度30%"), page("1. 对账中台：进度40%")]
    first, second = (key_of(p.source) for p in pages)
    decisions = Decisions(weeks={first: date(2023, 4, 10), second: None})
    (decided,) = decided_pages(pages, decisions)
    assert decided.week.start == date(2023, 4, 10)


@each_row("goes_on", [True, False])
def test_what_goes_on_is_decided(goes_on: bool) -> None:
    pages = [page("1. 旧系统：收尾"), page("1. 新系统：启动", WEEK + 6 * ONE_WEEK)]
    decisions = Decisions(goes_on={"旧系统": goes_on, "新系统": goes_on})
    plan = make_plan(pages, NOTHING, decisions)
    assert ("旧系统" in plan.closes, "新系统" in plan.closes) == (not goes_on, not goes_on)


def test_later_decisions_hold_where_two_differ() -> None:
    first = Decisions(same={"甲": "乙"}, apart=(("甲", "丙"),), lines={"k": {"3": "乙"}})
    later = Decisions(same={"甲": "丁"}, goes_on={"丁": True}, lines={"k": {"4": ""}})
    assert all_of([first, later]) == Decisions(
        same={"甲": "丁"},
        apart=(("甲", "丙"),),
        goes_on={"丁": True},
        lines={"k": {"3": "乙", "4": ""}},
    )


def test_the_file_says_what_was_decided() -> None:
    decisions = Decisions(
        same={"甲": "乙"},
        weeks={"k": None, "l": date(2024, 6, 17)},
        people={"周砚": PersonDecision("invite", email="zhou@example.com")},
        starts_on=date(2024, 7, 1),
    )
    assert from_json(as_json(decisions)) == decisions
    assert b"apart" not in as_json(decisions)


@each_row(
    "text",
    [
        *(b"", b"[]", b"\xff", b'{"same": [1]}', b'{"people": {"a": {"role": "king"}}}'),
        *(b'{"lines": {"a": {"x": ""}}}', b'{"values": {"a": {"%s": []}}}' % (b"9" * 5_000)),
    ],
)
def test_a_file_that_says_something_else_is_refused(text: bytes) -> None:
    with pytest.raises(DecisionsUnreadable):
        from_json(text)


def corrected(body: str, line: int, *values: ValueCorrection) -> ParsedPage:
    """The page as it is imported with these corrections of one line, which the file brings back."""
    read = page(body)
    decisions = Decisions(values={key_of(read.source): {str(line): values}})
    (decided,) = decided_pages([read], from_json(as_json(decisions)))
    return decided


def test_a_wrong_number_and_a_wrong_date_are_imported_as_corrected() -> None:
    values = (
        ValueCorrection(ValueKind.PERCENT, was="30", now="45.5"),
        ValueCorrection(ValueKind.DUE, was="2024-06-28", now="2024-07-02"),
    )
    (mention,) = corrected("1. 对账平台：整体进度30%，预计6月28日上线", 5, *values).projects
    assert [p.percent for p in mention.progress] == [Decimal("45.5")]
    assert [(d.date, d.precision) for d in mention.dates] == [(date(2024, 7, 2), Precision.DAY)]


def test_of_two_equal_numbers_the_one_of_that_name_is_corrected() -> None:
    body = "1. 对账平台：开发进度60%，测试进度60%"
    (read,) = page(body).projects
    name = read.progress[1].part or read.progress[1].label
    correction = ValueCorrection(ValueKind.PERCENT, name, "60", "20")
    (mention,) = corrected(body, 5, correction).projects
    assert [p.percent for p in mention.progress] == [60, 20]


def test_a_value_that_is_none_goes_and_one_that_was_missed_is_added() -> None:
    values = (
        ValueCorrection(ValueKind.PERCENT, was="30"),
        ValueCorrection(ValueKind.PERCENT, now="80"),
        ValueCorrection(ValueKind.DONE, now="2024-06-20"),
    )
    (mention,) = corrected("1. 对账平台：整体进度30%，差不多了", 5, *values).projects
    assert [p.percent for p in mention.progress] == [80]
    assert [(d.date, d.kind) for d in mention.dates] == [(date(2024, 6, 20), DateKind.DONE)]


def test_a_line_of_which_no_reading_is_left_stays_as_text() -> None:
    read = parsed("# 周报\n\n## 【系统运行数据】\n\n- 到账成功率：99.9%\n- 可用性：99.5%\n")
    values: dict[str, tuple[ValueCorrection, ...]] = {
        "5": (ValueCorrection(ValueKind.READING, "到账成功率", "99.9"),),
        "6": (ValueCorrection(ValueKind.READING, "可用性", "99.5", "99.95"),),
    }
    decisions = Decisions(values={key_of(read.source): values})
    (decided,) = decided_pages([read], decisions)
    assert [(m.name, m.value) for m in decided.metrics] == [("可用性", Decimal("99.95"))]
    assert "到账成功率：99.9%" in [section.body for section in decided.sections]


def test_the_time_of_an_incident_is_corrected_and_none_stays_as_text() -> None:
    line = "- 06/18 12:03 监控发现：对账任务超时，12:40恢复"
    read = parsed(f"# 周报\n\n## 生产事件\n\n{line}\n")

    def decided(now: str) -> ParsedPage:
        name, was = read.incidents[0].detected_by, "2024-06-18T12:03"
        corrections = (ValueCorrection(ValueKind.TIME, name, was, now),)
        values: dict[str, tuple[ValueCorrection, ...]] = {"5": corrections}
        (page,) = decided_pages([read], Decisions(values={key_of(read.source): values}))
        return page

    (incident,) = decided("2024-06-19T13:05").incidents
    assert f"{incident.occurred_at:%m-%d %H:%M}" == "06-19 13:05"
    assert f"{incident.recovered_at:%m-%d %H:%M}" == "06-19 13:42"  # as long after as it was read
    assert decided("").incidents == ()
    assert line[2:] in [section.body for section in decided("").sections]


@each_row(
    ("kind", "now"),
    [
        ("time", "2024-06-18T25:00"),
        ("time", "2024-06-18T12:00+08:00"),
        ("percent", "101"),
        ("percent", "x"),
        ("score", "1.2"),
        ("due", "2024-02-30"),
        ("due", "1200-01-01"),
    ],
)
def test_a_correction_that_is_no_value_is_refused(kind: str, now: str) -> None:
    plain = {"values": {"x": {"5": [{"kind": kind, "was": "1", "now": now}]}}}
    with pytest.raises(DecisionsUnreadable):
        from_plain(plain)

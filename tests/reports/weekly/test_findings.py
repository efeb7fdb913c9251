from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reports.weekly import findings, states
from reports.weekly.document import Finding
from reports.weekly.rows import EntryRow, IncidentCountRow, ProjectRow, RepeatRow
from reports.weekly.states import entry_of
from tests.reports.weekly.builders import (
    FRIDAY,
    WEEK,
    drop,
    entry,
    history,
    milestone,
    project,
    reading,
    week_rows,
    weeks_ago,
)
from tests.tables import each_row


def findings_of(row: ProjectRow, day: date = FRIDAY) -> dict[str, dict[str, str]]:
    """The findings of one project: their figures by code."""
    made = findings.of_entry(entry_of(row, WEEK), row, WEEK, day)
    assert all(finding.project_id == row.id for finding in made)
    return {finding.code: finding.params for finding in made}


def on_page(**more: Any) -> tuple[Finding, ...]:
    rows = week_rows(**more)
    return findings.of_page(rows, [state for _, state in states.metrics(rows.readings)])


def test_nothing_is_found_where_nothing_contradicts() -> None:
    row = project(
        entry=entry("整体进度85%，预计7月9日上线", 85),
        last_percent=Decimal(80),
        history=history(70, 80, 85),
        milestones=(milestone(percent=85, due_on=date(2024, 7, 9)),),
    )
    assert findings_of(row) == {}


# --- a percent that fell --------------------------------------------------------------------


def test_a_drop_without_a_reason_is_found() -> None:
    row = project(entry=entry(percent=60), last_percent=Decimal(65))
    assert findings_of(row) == {"percent_dropped": {"old": "65", "new": "60"}}


@each_row("change", [drop(65, 60, "补测试用例"), drop(70, 30, "范围变大")])
def test_a_drop_with_a_reason_is_not(change: Any) -> None:
    row = project(
        entry=entry(percent=60),
        last_percent=Decimal(65),
        milestones=(milestone(percent=60, percent_changes=(change,)),),
    )
    assert findings_of(row) == {}


def test_a_rise_or_an_unknown_percent_is_no_drop() -> None:
    assert findings_of(project(entry=entry(percent=70), last_percent=Decimal(65))) == {}
    assert findings_of(project(entry=entry(), last_percent=Decimal(65))) == {}
    assert findings_of(project(entry=entry(percent=70))) == {}


@each_row(
    ("now", "before", "is_found"),
    [
        # (own percent, mean of the milestones): this week and the week before
        ((None, 44), (None, 98), False),  # the page names one milestone more
        ((44, 44), (98, 98), False),
        ((44, 44), (98, None), False),  # a mean, after a percent of the whole
        ((44, None), (98, 98), False),
        ((44, None), (98, None), True),
    ],
)
def test_percents_of_old_pages_are_compared_with_their_like(
    now: tuple[int | None, int | None], before: tuple[int | None, int | None], is_found: bool
) -> None:
    def imported(percents: tuple[int | None, int | None], week: date) -> EntryRow:
        own, mean = (None if percent is None else Decimal(percent) for percent in percents)
        return entry(percent=own, weighted_percent=mean, source="imported", week=week)

    row = project(
        entry=imported(now, WEEK),
        previous=imported(before, weeks_ago(1)),
        last_percent=Decimal(98),
    )
    assert ("percent_dropped" in findings_of(row)) is is_found


def test_a_milestone_that_fell_while_the_project_did_not_is_found() -> None:
    fallen = milestone("联调", 40, percent_changes=(drop(60, 40),))
    row = project(entry=entry(percent=70), last_percent=Decimal(65), milestones=(fallen,))
    assert findings_of(row) == {
        "milestone_dropped": {"milestone": "联调", "old": "60", "new": "40"}
    }


# --- a percent that stands still ------------------------------------------------------------


def test_three_weeks_at_the_same_percent_are_found_with_the_days_left() -> None:
    row = project(
        entry=entry(percent=85),
        history=history(78, 85, 85, 85, 85),
        milestones=(milestone(percent=85, due_on=date(2024, 6, 28)),),
    )
    figures = {"percent": "85", "weeks": "3", "due": "2024-06-28", "days": "7"}
    assert findings_of(row) == {"percent_stalled": figures}


def test_weeks_without_an_entry_count_as_unchanged() -> None:
    row = project(entry=entry(percent=85), history=history(85, None, None, 85))
    assert findings_of(row) == {"percent_stalled": {"percent": "85", "weeks": "3"}}


@each_row(
    "row",
    [
        project(entry=entry(percent=85), history=history(80, 85, 85, 85)),
        project(entry=entry(percent=85), history=history(85, 84, 85, 85)),
        project(entry=entry(percent=100), history=history(100, 100, 100, 100)),
        project(entry=entry(percent=85, health="paused"), history=history(85, 85, 85, 85)),
        project(entry=entry(percent=85, health="done"), history=history(85, 85, 85, 85)),
        project(previous=entry(percent=85, week=weeks_ago(1)), history=history(85, 85, 85, 85)),
    ],
)
def test_no_stall(row: ProjectRow) -> None:
    assert "percent_stalled" not in findings_of(row)


# --- 100% -----------------------------------------------------------------------------------


def test_an_open_milestone_at_100_is_found() -> None:
    row = project(entry=entry(percent=100), milestones=(milestone("割接", 90), milestone("验收")))
    made = findings.of_entry(entry_of(row, WEEK), row, WEEK, FRIDAY)
    assert [(f.code, f.params) for f in made] == [
        ("open_milestone", {"milestone": "割接", "percent": "90"}),
        ("open_milestone", {"milestone": "验收", "percent": ""}),
    ]


def test_what_history_told_last_is_not_asked_about() -> None:
    more: dict[str, Any] = {"last_percent": Decimal(100), "milestones": (milestone("割接", 90),)}
    assert findings_of(project(last_of_history=entry(percent=100), **more)) == {}
    assert "open_milestone" in findings_of(project(previous=entry(percent=100), **more))


def test_closed_milestones_at_100_are_fine() -> None:
    done = (milestone("割接", 100), milestone("验收", None, is_closed=True))
    assert findings_of(project(entry=entry(percent=100), milestones=done)) == {}
    assert findings_of(project(entry=entry(percent=90), milestones=(milestone("割接", 90),))) == {}


# --- live, says the text --------------------------------------------------------------------


@each_row(
    "text",
    [
        "已上线",
        "农行存管已上线，观察中",
        "本周完成上线",
        "灰度观察一周\n- 已上线",
        "农行存管项目：已上线",
    ],
)
def test_live_below_100_is_found(text: str) -> None:
    assert findings_of(project(entry=entry(text, 60))).keys() == {"launched_below_100"}


@each_row(
    "text",
    [
        "一期已上线，二期进行中",
        "预计7月9日上线",
        "下周上线",
        "尚未上线",
        "直联行：已上线\n代发：联调中",
        "直联行：\n    - 已上线",
    ],
)
def test_a_part_or_a_promise_is_not_the_project(text: str) -> None:
    assert findings_of(project(entry=entry(text, 60))) == {}


def test_live_at_100_or_without_a_percent_is_fine() -> None:
    assert findings_of(project(entry=entry("已上线", 100))) == {}
    assert findings_of(project(entry=entry("已上线"))) == {}


# --- past due -------------------------------------------------------------------------------


def test_past_due_and_on_track_is_found_even_when_nobody_updated() -> None:
    late = (milestone("联调", 80, date(2024, 6, 14)), milestone("上线", 0, date(2024, 7, 1)))
    figures = {"milestone": "联调", "due": "2024-06-14", "precision": "day", "days": "7"}
    assert findings_of(project(entry=entry(), milestones=late)) == {"past_due_on_track": figures}
    silent = project(previous=entry(week=weeks_ago(1)), milestones=late)
    assert findings_of(silent) == {"past_due_on_track": figures}


@each_row("health", ["at_risk", "off_track", "paused", "done", ""])
def test_past_due_and_said_so_is_fine(health: str) -> None:
    late = milestone("联调", 80, date(2024, 6, 14))
    assert findings_of(project(entry=entry(health=health), milestones=(late,))) == {}


def test_due_today_or_reached_is_not_past_due() -> None:
    today = milestone("联调", 80, FRIDAY)
    reached = milestone("联调", 100, date(2024, 6, 14))
    closed = milestone("联调", 80, date(2024, 6, 14), is_closed=True)
    assert findings_of(project(entry=entry(), milestones=(today, reached, closed))) == {}
    assert findings_of(project(entry=entry(), milestones=(today,)), FRIDAY + timedelta(days=1))


# --- two percents for one thing -------------------------------------------------------------


def test_text_and_field_that_differ_are_found() -> None:
    figures = {"milestone": "", "text": "85", "field": "60"}
    assert findings_of(project(entry=entry("整体进度85%", 60))) == {"text_differs": figures}
    assert findings_of(project(entry=entry("85% complete", 60))) == {"text_differs": figures}


def test_text_and_milestone_that_differ_are_found() -> None:
    row = project(entry=entry("二期进度30%", 60), milestones=(milestone("二期", 45),))
    assert findings_of(row) == {"text_differs": {"milestone": "二期", "text": "30", "field": "45"}}


@each_row(
    "text", ["整体进度60%", "测试完成20%，联调完成90%", "成功率99.98%", "直联行：\n    - 进度20%"]
)
def test_percents_of_other_things_do_not_contradict_the_field(text: str) -> None:
    assert findings_of(project(entry=entry(text, 60))) == {}


def test_reported_and_weighted_that_are_far_apart_are_found() -> None:
    row = project(entry=entry(percent=90, weighted_percent=Decimal("62.50")))
    assert findings_of(row) == {"milestones_differ": {"reported": "90", "weighted": "62.5"}}
    assert findings_of(project(entry=entry(percent=65, weighted_percent=Decimal("62.5")))) == {}


def test_two_percents_for_one_thing_in_the_words_are_found() -> None:
    figures = {"thing": "联调进度", "first": "40", "second": "60"}
    assert findings_of(project(entry=entry("联调进度40%。\n联调进度60%"))) == {
        "said_twice": figures
    }
    again = RepeatRow("【O3】", "农行存管", "整体进度98%", 40)
    row = project(entry=entry("进度90%", repeats=(again,)))
    assert findings_of(row) == {"said_twice": {"thing": "", "first": "90", "second": "98"}}


def test_two_things_may_have_two_percents() -> None:
    texts = (
        "一期进度100%，二期进度30%",
        "联调进度40%。联调进度40%",
        "- 工行：进度80%\n- 交行：进度60%",
    )
    assert [findings_of(project(entry=entry(text))) for text in texts] == [{}, {}, {}]


# --- the page -------------------------------------------------------------------------------


def test_a_title_of_another_week_is_found() -> None:
    (wrong,) = on_page(title="2024-w26")
    assert wrong.code == "label_mismatch"
    assert wrong.params == {"title": "2024-w26", "start": "2024-06-17", "end": "2024-06-23"}


def test_a_page_that_was_written_in_another_week_is_found() -> None:
    for title in ("2024-W25", "周报"):
        (late,) = on_page(title=title, warnings=("label_mismatch",))
        assert (late.code, late.params) == ("written_in_another_week", {"label": "2024-W25"})
    (wrong,) = on_page(title="2024-W24", warnings=("label_mismatch",))
    assert wrong.code == "label_mismatch"


@each_row("title", ["", "2024-W25", "周报 2024-w25", "第25周", "季度小结"])
def test_a_title_of_this_week_or_of_none_is_fine(title: str) -> None:
    assert on_page(title=title) == ()
    assert on_page(title=title, warnings=("week_guessed",)) == ()


def test_a_missed_success_rate_without_an_incident_is_found() -> None:
    missed = reading(value="99.90", target=Decimal("99.99"))
    (finding,) = on_page(readings=(missed,))
    assert finding.code == "target_missed_without_incident"
    figures = {"metric": "入金有效成功率", "unit": "%", "value": "99.9", "target": "99.99"}
    assert finding.params == figures


def test_a_missed_rate_with_an_incident_or_another_metric_is_fine() -> None:
    missed = reading(value="99.90", target=Decimal("99.99"))
    half = IncidentCountRow("C", Decimal("0.5"), "", 0)
    none = IncidentCountRow("C", Decimal(0), "", 0)
    assert on_page(readings=(missed,), incident_counts=(half,)) == ()
    assert on_page(readings=(missed,), incident_counts=(none,))
    share = reading("AI初审占比", "40", target=Decimal(60))
    assert on_page(readings=(share, reading(target=Decimal("99.99")), reading(value=None))) == ()

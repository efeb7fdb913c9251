from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from projects.checkin import ledger
from projects.models import (
    EntrySource,
    Health,
    IncidentCount,
    KeyResult,
    Milestone,
    PlannedItem,
    ProgressChange,
    Project,
    Question,
    Reading,
    Team,
    WeekFacts,
)
from projects.weeks import WEEK as DAYS
from reports.models import WeeklyPage
from reports.weekly.compile import compile_week
from reports.weekly.load.week import load_week
from reports.weekly.rows import ProjectRow
from reports.weekly.sections import Kind
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_entry,
    make_incident,
    make_key_result,
    make_metric,
    make_milestone,
    make_objective,
    make_page,
    make_project,
    make_question,
    make_reading,
    make_section,
    make_stage,
    make_team,
    make_user,
)
from tests.reports.weekly.builders import QUERIES

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 19)


@pytest.fixture
def team() -> Team:
    return make_team()


def projects_in(team: Team, week: date = WEEK) -> dict[str, ProjectRow]:
    return {row.name: row for row in load_week(team, week, today=TODAY).projects}


def ago(weeks: int) -> date:
    return WEEK - weeks * DAYS


def fill(team: Team, projects: int, weeks: int) -> None:
    """A team with that many projects, each with an entry, a reading and a moved date a week."""
    cycle = make_cycle(team, starts_on=date(2014, 1, 1), ends_on=date(2025, 1, 1))
    objective = make_objective(cycle)
    metric = make_metric(team)
    make_key_result(objective, metric)
    lead = make_user(team=team)
    make_section(make_page(team))
    make_incident(team)
    for number in range(projects):
        project = make_project(team, f"项目{number}", objective, lead)
        milestone = make_milestone(project, percent=1, due_on=WEEK, week=ago(weeks))
        make_question(project, lead)
        for back in range(weeks):
            make_entry(project, ago(back), percent=50)
            ledger.change_percent(milestone, Decimal(50 + back % 2), week=ago(weeks - back - 1))
    for back in range(weeks):
        make_reading(metric, "99.99", ago(back))


@pytest.mark.parametrize(("projects", "weeks"), [(2, 2), (8, 3), (3, 30)])
def test_the_number_of_queries_does_not_grow(
    team: Team, projects: int, weeks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(team, projects, weeks)
    with django_assert_num_queries(QUERIES):
        rows = load_week(team, WEEK, today=TODAY)
    assert len(rows.projects) == projects


# --- which projects -------------------------------------------------------------------------


def test_projects_with_an_entry_and_those_that_owe_one(team: Team) -> None:
    make_entry(make_project(team, "已报"))
    make_project(team, "新建")
    make_project(team, "未开始", started_on=WEEK + DAYS)
    make_project(team, "已关", closed_on=WEEK - timedelta(days=1))
    make_entry(make_project(team, "关了还报", closed_on=WEEK - timedelta(days=1)))
    make_entry(make_project(make_team("risk", "风控"), "别的团队"))
    assert list(projects_in(team)) == ["已报", "新建", "关了还报"]


def test_a_done_project_leaves_the_page_after_the_week_it_was_done_in(team: Team) -> None:
    make_entry(make_project(team, "交易路由"), ago(1), health=Health.DONE)
    assert list(projects_in(team, ago(1))) == ["交易路由"]
    assert list(projects_in(team)) == []


def test_a_paused_project_stays(team: Team) -> None:
    make_entry(make_project(team, "人脸"), ago(3), health=Health.PAUSED)
    assert projects_in(team)["人脸"].previous is not None


def test_an_old_page_does_not_show_what_began_later(team: Team) -> None:
    make_entry(make_project(team, "后来"), WEEK)
    make_project(team, "新建")
    make_project(team, "早有", started_on=ago(9))
    assert list(projects_in(team, ago(2))) == ["早有"]


# --- as it was then -------------------------------------------------------------------------


def test_entries_of_this_week_and_before(team: Team) -> None:
    project = make_project(team, "农行存管")
    make_entry(project, ago(9), "很久以前", 10)
    make_entry(project, ago(3), "有百分比", 40)
    make_entry(project, ago(1), "没有百分比")
    make_entry(project, WEEK, "本周", 60)
    make_entry(project, WEEK + DAYS, "下周", 90)
    row = projects_in(team)["农行存管"]
    assert row.entry is not None
    assert row.previous is not None
    assert (row.entry.text, row.previous.text) == ("本周", "没有百分比")
    assert row.last_percent == Decimal(40)
    assert row.history == ((ago(3), Decimal(40)), (WEEK, Decimal(60)))
    assert row.gains == ((ago(3), None), (ago(1), None), (WEEK, Decimal(20)))
    assert row.entry.reported_at.utcoffset() == timedelta(hours=8)


def test_the_percent_by_milestones_stands_in_for_a_missing_one(team: Team) -> None:
    entry = make_entry(make_project(team, "农行存管"), ago(1))
    entry.weighted_percent = Decimal("44.40")
    entry.save()
    row = projects_in(team)["农行存管"]
    assert row.last_percent == Decimal("44.40")
    assert row.history == ((ago(1), Decimal("44.40")),)


def test_what_an_imported_entry_looked_like(team: Team) -> None:
    entry = make_entry(make_project(team, "农行存管"), source=EntrySource.IMPORTED)
    entry.name, entry.section, entry.position = "农行", "【O1】", 12
    entry.repeats = [{"section": "【O3】", "name": "农行", "text": "见上", "position": 30}]
    entry.stage = make_stage(team, "联调")
    entry.save()
    loaded = projects_in(team)["农行存管"].entry
    assert loaded is not None
    assert (loaded.name, loaded.section, loaded.position) == ("农行", "【O1】", 12)
    assert (loaded.source, loaded.stage) == ("imported", "联调")
    (repeat,) = loaded.repeats
    assert (repeat.text, repeat.position, repeat.is_focus) == ("见上", 30, False)


def test_a_silent_project_stands_where_it_stood_then(team: Team) -> None:
    cycle = make_cycle(team)
    then, now = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    project = make_project(team, "农行存管", then, is_focus=True)
    make_entry(project, ago(5))
    project.objective, project.is_focus = now, False
    project.save()
    old, present = projects_in(team, ago(3))["农行存管"], projects_in(team)["农行存管"]
    assert (old.objective_id, old.is_focus) == (then.pk, True)
    assert (present.objective_id, present.is_focus) == (now.pk, False)


def test_what_was_done_earlier_in_the_cycle_still_counts_for_its_objective(team: Team) -> None:
    earlier = make_objective(make_cycle(team, "2023H2", date(2023, 7, 1), date(2023, 12, 31)))
    objective = make_objective(make_cycle(team))
    done = make_project(team, "早已上线", objective)
    make_entry(done, ago(3), percent=95)
    make_entry(done, ago(2), health=Health.DONE)
    make_entry(make_project(team, "上个周期", earlier), ago(26), health=Health.DONE)
    rows = load_week(team, WEEK, today=TODAY)
    assert [(row.name, row.objective_id, row.percent, row.week) for row in rows.finished] == [
        ("早已上线", objective.pk, Decimal(95), ago(2))
    ]
    assert rows.projects == ()
    assert load_week(team, ago(2), today=TODAY).finished == ()
    make_entry(done, WEEK, percent=90)
    again = load_week(team, WEEK, today=TODAY)
    assert ([row.name for row in again.projects], again.finished) == (["早已上线"], ())


def test_a_project_carried_over_ahead_stays_where_it_was_until_the_cycle_begins(
    team: Team,
) -> None:
    old = make_objective(make_cycle(team))
    following = make_cycle(team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
    new = make_objective(following, "O1")
    new.carried_from = old
    new.save()
    make_project(team, "POS", new)

    def codes(week: date) -> list[tuple[int | None, int]]:
        sections = compile_week(load_week(team, week, today=week)).sections
        return [(s.objective_id, len(s.blocks)) for s in sections if s.kind == "objective"]

    assert codes(WEEK) == [(old.pk, 1)]
    assert codes(date(2024, 7, 1)) == [(new.pk, 1)]


def test_milestones_are_those_of_the_week(team: Team) -> None:
    project = make_project(team, "POS", started_on=ago(9))
    june, july, august = date(2024, 6, 30), date(2024, 7, 15), date(2024, 8, 15)
    lead = make_user(name="许澄")
    milestone = make_milestone(project, "入网", 40, june, due_precision="month", week=ago(3))
    ledger.move_due_date(milestone, july, "day", week=ago(1), reason="材料", by=lead, at=NOW)
    ledger.change_percent(milestone, Decimal(60), week=ago(1), at=NOW)
    ledger.change_percent(milestone, Decimal(55), week=WEEK, reason="返工", by=lead, at=NOW)
    ledger.move_due_date(milestone, august, "month", week=WEEK + DAYS, at=NOW)
    make_milestone(project, "以后", 0, week=WEEK + DAYS)

    (last_week,) = projects_in(team, ago(1))["POS"].milestones
    assert (last_week.percent, last_week.due_on) == (Decimal(60), july)
    assert (last_week.first_due_on, last_week.first_precision) == (june, "month")
    assert [(m.old, m.new, m.reason, m.by) for m in last_week.moves] == [
        (june, july, "材料", "许澄")
    ]

    (this_week,) = projects_in(team)["POS"].milestones
    assert (this_week.percent, this_week.due_on) == (Decimal(55), july)
    assert [(c.old, c.new, c.reason, c.by) for c in this_week.percent_changes] == [
        (Decimal(60), Decimal(55), "返工", "许澄")
    ]
    (next_week,) = [m for m in projects_in(team, WEEK + DAYS)["POS"].milestones if m.moves]
    assert (next_week.due_on, next_week.due_precision, len(next_week.moves)) == (august, "month", 2)


def test_a_change_that_was_told_late_is_replayed_in_its_week(team: Team) -> None:
    milestone = make_milestone(make_project(team, "POS"), percent=20, due_on=WEEK, week=ago(4))
    ledger.move_due_date(milestone, date(2024, 8, 1), "day", week=WEEK)
    ledger.move_due_date(milestone, date(2024, 7, 1), "day", week=ago(2))
    ledger.change_percent(milestone, Decimal(50), week=WEEK)
    ledger.change_percent(milestone, Decimal(40), week=ago(1))
    (row,) = projects_in(team)["POS"].milestones
    assert [(m.old, m.new) for m in row.moves] == [
        (WEEK, date(2024, 7, 1)),
        (date(2024, 7, 1), date(2024, 8, 1)),
    ]
    assert [(c.old, c.new) for c in row.percent_changes] == [(Decimal(40), Decimal(50))]


def test_a_milestone_is_closed_from_the_week_it_was_closed_in(team: Team) -> None:
    project = make_project(team, "POS", started_on=ago(9))
    milestone = make_milestone(project, percent=20, week=ago(4))
    milestone.closed_at = datetime(2024, 6, 16, 15, 30, tzinfo=UTC)  # Sunday, 23:30 in Shanghai
    milestone.save()
    assert [m.is_closed for m in projects_in(team, ago(2))["POS"].milestones] == [False]
    assert [m.is_closed for m in projects_in(team, ago(1))["POS"].milestones] == [True]


def test_a_milestone_that_no_ledger_knows_is_there(team: Team) -> None:
    Milestone.objects.create(team=team, project=make_project(team, "POS"), name="割接")
    assert [m.name for m in projects_in(team)["POS"].milestones] == ["割接"]
    assert not ProgressChange.objects.exists()


def test_open_questions_up_to_the_week(team: Team) -> None:
    project, manager = make_project(team, "POS"), make_user("manager", "林岚")
    asked = make_question(project, manager, "复审定了吗？")
    make_entry(project, ago(2))
    assert [(q.id, q.text, q.asked_by) for q in projects_in(team)["POS"].questions] == [
        (asked.pk, "复审定了吗？", "林岚")
    ]
    assert projects_in(team, ago(1))["POS"].questions == ()


def test_an_answered_question_is_of_the_weeks_of_asking_and_answering(team: Team) -> None:
    project, manager = make_project(team, "POS"), make_user("manager", "林岚")
    make_entry(project, ago(3))
    asked = make_question(project, manager, "专线呢？")
    Question.objects.filter(pk=asked.pk).update(
        week=ago(2), answer="到了", answered_by=manager, answered_at=NOW
    )
    for week in (ago(2), ago(0)):
        (question,) = projects_in(team, week)["POS"].questions
        assert (question.answer, question.answered_by, question.answered_at) == (
            "到了",
            "林岚",
            NOW,
        )
    for week in (ago(3), ago(1)):
        assert projects_in(team, week)["POS"].questions == ()


# --- the rest of the page -------------------------------------------------------------------


def test_the_objectives_of_the_cycle_and_those_the_page_refers_to(team: Team) -> None:
    old, cycle = make_cycle(team, "2023H2", date(2023, 7, 1), date(2023, 12, 31)), make_cycle(team)
    before, here = make_objective(old, "O9", "旧"), make_objective(cycle, "O1")
    make_objective(old, "O8", "更旧")
    make_entry(make_project(team, "遗留", before))
    metric = make_metric(team)
    make_key_result(here, metric, 0, 100)
    make_reading(metric, "70", ago(3))
    make_reading(metric, "90", WEEK + DAYS)
    rows = load_week(team, WEEK, today=TODAY).objectives
    assert [row.code for row in rows] == ["O9", "O1"]
    (result,) = rows[1].key_results
    assert (result.metric, result.target, result.value) == ("入金有效成功率", 100, 70)
    assert KeyResult.objects.count() == 1


def test_readings_with_last_weeks_and_their_history(team: Team) -> None:
    metric = make_metric(team, target=Decimal("99.99"))
    for back, value in ((0, "99.996"), (1, "99.998"), (7, "99.9"), (8, "98")):
        make_reading(metric, value, ago(back))
    (row,) = load_week(team, WEEK, today=TODAY).readings
    assert (row.value, row.last_value) == (Decimal("99.996"), Decimal("99.998"))
    assert [week for week, _ in row.history] == [ago(7), ago(1), WEEK]
    assert [week for week, _ in row.course] == [ago(8), ago(7), ago(1), WEEK]


def test_metrics_that_are_read_no_more_are_gone(team: Team) -> None:
    make_reading(make_metric(team, "旧指标"), "1", ago(8))
    make_reading(make_metric(team, "上周读过"), "1", ago(1))
    make_metric(team, "还没读过")
    make_reading(make_metric(team, "以后才有"), "1", WEEK + DAYS)
    make_metric(team, "项目自己的", project=make_project(team))
    rows = load_week(team, WEEK, today=TODAY).readings
    assert {row.metric: row.value for row in rows} == {"上周读过": None, "还没读过": None}
    assert Reading.objects.count() == 3


def test_incidents_are_told_by_the_teams_clock(team: Team) -> None:
    make_incident(team)
    make_incident(team, ago(1))
    IncidentCount.objects.create(team=team, week=WEEK, severity="C", count=Decimal("0.5"))
    rows = load_week(team, WEEK, today=TODAY)
    assert [row.occurred_at.hour for row in rows.incidents] == [10]
    assert [(row.severity, row.count) for row in rows.incident_counts] == [("C", Decimal("0.5"))]


def test_sections_plans_title_and_revision(team: Team) -> None:
    page = make_page(team)
    page.title, page.warnings = "2024-w26", ["label_mismatch"]
    page.save()
    make_section(page, Kind.OTHER, "【其他】", "预算")
    make_section(make_page(team, ago(1)), body="别的一周")
    for week, text in ((WEEK, "压测"), (ago(1), "联调"), (ago(2), "更早")):
        PlannedItem.objects.create(team=team, week=week, text=text)
    WeekFacts.objects.create(team=team, week=WEEK, revision=7)
    rows = load_week(team, WEEK, today=TODAY)
    assert (rows.title, rows.warnings, rows.revision) == ("2024-w26", ("label_mismatch",), 7)
    assert [(row.kind, row.heading, row.body) for row in rows.sections] == [
        ("other", "【其他】", "预算")
    ]
    plans = {row.kind: row.block.plan or row.block.last_plan for row in rows.facts}
    texts = {kind: [item.text for item in items] for kind, items in plans.items()}
    assert texts == {Kind.LAST_PLAN: ["联调"], Kind.PLAN: ["压测"]}


def test_a_week_without_anything(team: Team) -> None:
    rows = load_week(team, WEEK, today=TODAY)
    assert (rows.title, rows.sections, rows.projects, rows.revision) == ("", (), (), 0)
    assert not WeeklyPage.objects.exists()
    assert not Project.objects.exists()

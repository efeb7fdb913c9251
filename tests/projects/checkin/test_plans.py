"""What was promised last week: whose it is, and what became of it."""

from __future__ import annotations

import pytest

from projects.checkin import plans
from projects.models import AuditRecord, Outcome, PlannedItem, Team, WeekFacts
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import WEEK, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


def promise(team: Team, text: str, weeks_ago: int = 1) -> PlannedItem:
    return PlannedItem.objects.create(team=team, week=WEEK - weeks_ago * ONE_WEEK, text=text)


def test_items_of_last_weeks_plan_are_promised_for_this_week(team: Team) -> None:
    item = promise(team, "路由灰度 29 城")
    promise(team, "更早的计划", weeks_ago=2)
    promise(team, "下周的计划", weeks_ago=0)
    assert plans.promised_for(team, WEEK) == [item]


def test_item_belongs_to_the_projects_that_it_names_by_name_or_alias(team: Team) -> None:
    named, by_alias = promise(team, "AI 影像数字化第三批"), promise(team, "docai 上线")
    items = [named, by_alias, promise(team, "贝易转路由灰度"), promise(team, "新人培训")]
    assert plans.naming(items, ["ai影像数字化", "docai"]) == [named, by_alias]
    assert plans.naming(items, []) == []


def test_promise_is_of_the_lead_whose_project_it_names(team: Team) -> None:
    lead, other = make_user("lead"), make_user("other")
    make_project(team, "贝易转", lead=lead)
    item = promise(team, "贝易转路由灰度")
    assert plans.is_promise_of(item, {lead.pk})
    assert not plans.is_promise_of(item, {other.pk})


def test_outcome_is_audited_and_makes_the_page_of_its_week_stale(team: Team) -> None:
    item, manager = promise(team, "路由灰度"), make_user("manager")
    plans.set_outcome(item, Outcome.DONE, by=manager)
    item.refresh_from_db()
    assert item.outcome == "done"
    record = AuditRecord.objects.get()
    assert (record.action, record.subject, record.by) == (
        "planned_item.outcome",
        "路由灰度",
        manager,
    )
    assert (record.before["outcome"], record.after["outcome"]) == ("", "done")
    assert WeekFacts.objects.get(week=WEEK).revision == 1
    assert not WeekFacts.objects.filter(week__lt=WEEK).exists()


def test_same_outcome_again_changes_nothing(team: Team) -> None:
    item = promise(team, "路由灰度")
    for _ in range(2):
        plans.set_outcome(item, Outcome.PARTLY, by=None)
    assert AuditRecord.objects.count() == 1
    assert WeekFacts.objects.get(week=WEEK).revision == 1


def test_outcome_can_be_taken_back_and_its_note_stays(team: Team) -> None:
    item = promise(team, "路由灰度")
    plans.set_outcome(item, Outcome.DONE, by=None, note="提前两天")
    plans.set_outcome(item, None, by=None)
    item.refresh_from_db()
    assert (item.outcome, item.outcome_note) == ("", "提前两天")


def next_plan(team: Team) -> list[str]:
    return list(PlannedItem.objects.filter(team=team, week=WEEK).values_list("text", flat=True))


def test_carried_on_item_stands_in_the_next_plan_once(team: Team) -> None:
    manager, item = make_user("manager"), promise(team, "路由灰度 29 城")
    PlannedItem.objects.create(team=team, week=WEEK, text="已有的一行", position=3)
    plans.set_outcome(item, Outcome.CARRIED_ON, by=manager)
    plans.set_outcome(item, Outcome.CARRIED_ON, by=manager, note="还差两城")
    assert next_plan(team) == ["已有的一行", "路由灰度 29 城"]
    assert AuditRecord.objects.filter(action="planned_item.carry_on").count() == 1


def test_taking_carried_on_back_removes_the_line_again(team: Team) -> None:
    manager, item = make_user("manager"), promise(team, "路由灰度 29 城")
    plans.set_outcome(item, Outcome.CARRIED_ON, by=manager)
    plans.set_outcome(item, Outcome.DONE, by=manager)
    assert next_plan(team) == []
    plans.set_outcome(item, Outcome.CARRIED_ON, by=manager)
    assert next_plan(team) == ["路由灰度 29 城"]


def test_line_that_was_planned_anyway_or_edited_since_stays(team: Team) -> None:
    manager = make_user("manager")
    planned, edited = promise(team, "路由灰度 29 城"), promise(team, "装修存管提测")
    PlannedItem.objects.create(team=team, week=WEEK, text=planned.text)
    for item in (planned, edited):
        plans.set_outcome(item, Outcome.CARRIED_ON, by=manager)
    PlannedItem.objects.filter(week=WEEK, text=edited.text).update(text="装修存管提测（两家）")
    for item in (planned, edited):
        plans.set_outcome(item, Outcome.PARTLY, by=manager)
    assert sorted(next_plan(team)) == ["装修存管提测（两家）", "路由灰度 29 城"]

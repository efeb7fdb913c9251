"""Which projects and milestones of old pages go on, and how an import meets a team at work."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.models import Milestone, ProgressChange, Project, Team
from projects.teams import setup
from projects.weeks import WEEK as SEVEN_DAYS
from reports.importer.database.known import start_of
from reports.importer.decisions import Decisions
from reports.importer.plan import make_plan
from reports.importer.planned import ImportPlan, KnownFacts
from tests.factories import WEEK, make_entry, make_milestone, make_project, make_team
from tests.reports.importer.pages import parsed
from tests.tables import each_row

OLD, NEWEST = WEEK - 6 * SEVEN_DAYS, WEEK - SEVEN_DAYS
BEFORE = """\
## O1 业务

- 旧网关：开发进度40%，预计5月20日上线
- 账单中心：联调进度30%，预计7月12日上线
"""
LATEST = "## O1 业务\n\n- 账单中心：联调进度55%，预计6月5日提测\n- 票据池：进度20%\n"


def plan_of(decisions: Decisions | None = None, **known_values: object) -> ImportPlan:
    values = {"numbering": "calendar", "starts_on": WEEK, **known_values}
    pages = [parsed(BEFORE, OLD), parsed(LATEST, NEWEST)]
    return make_plan(pages, KnownFacts(**values), decisions)  # type: ignore[arg-type]


def left(plan: ImportPlan) -> set[str]:
    histories = plan.histories.values()
    return {m.name for history in histories for m in history.milestones if m.is_left}


def test_what_the_newest_pages_speak_of_goes_on_but_for_what_was_due_before_the_start() -> None:
    plan = plan_of()
    assert set(plan.projects) == {"旧网关", "账单中心", "票据池"}
    assert set(plan.closes) == {"旧网关"}
    assert plan.closes["旧网关"] == OLD + SEVEN_DAYS - date.resolution
    names = {m.name: m.is_left for m in plan.histories["账单中心"].milestones}
    assert names.pop("提测")
    assert names
    assert all(m.is_left for m in plan.histories["旧网关"].milestones)


@each_row(
    ("words", "is_over"),
    [
        ("联调完成，项目已结项。", True),
        ("已正式结项", True),
        ("The project is closed.", True),
        ("已提交结项材料", False),
        ("计划12月项目结项", False),
        ("问题 18 个，已关闭", False),
    ],
)
def test_a_project_that_its_newest_page_calls_closed_does_not_go_on(
    words: str, *, is_over: bool
) -> None:
    page = parsed(f"## O1 业务\n\n- 账单中心：{words}\n- 票据池：进度20%\n", NEWEST)
    known_facts = KnownFacts(numbering="calendar", starts_on=WEEK)
    plan = make_plan([parsed(BEFORE, OLD), page], known_facts)
    assert ("账单中心" in plan.closes) is is_over
    later = parsed("## O1 业务\n\n- 账单中心：二期启动，进度5%\n", WEEK)
    assert "账单中心" not in make_plan([page, later], known_facts).closes


def test_person_decides_otherwise() -> None:
    plan = plan_of(Decisions(goes_on={"票据池": False, "旧网关": True}, closes_overdue=False))
    assert set(plan.closes) == {"票据池"}
    assert "提测" not in left(plan)


def test_nothing_goes_on_in_a_team_that_is_at_work() -> None:
    plan = plan_of(is_running=True)
    assert set(plan.closes) == set(plan.projects)
    assert {m for h in plan.histories.values() for m in h.milestones if not m.is_left} == set()


def test_pages_since_the_start_are_present_whoever_is_at_work() -> None:
    plan = plan_of(is_running=True, starts_on=NEWEST)
    assert set(plan.closes) == {"旧网关"}


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
class TestInTheDatabase:
    def import_page(self, folder: Path, text: str, week: date = NEWEST, slug: str = "pay") -> Team:
        path = folder / f"{week.isoformat()}.md"
        path.write_text(f"# {week.isoformat()}\n\n{text}", encoding="utf-8")
        call_command("import_weekly", str(path), "--team", slug, "--apply", stdout=io.StringIO())
        return Team.objects.get(slug=slug)

    def test_new_team_starts_with_this_week(self, tmp_path: Path) -> None:
        team = self.import_page(tmp_path, LATEST)
        assert team.starts_on == WEEK
        assert [p.name for p in Project.objects.owing(team, WEEK)] == ["账单中心", "票据池"]

    def test_team_without_a_start_starts_with_its_first_own_entry(self, tmp_path: Path) -> None:
        team = make_team()
        make_entry(make_project(team, "收银台"), NEWEST)
        assert start_of(team) == NEWEST
        team = self.import_page(tmp_path, BEFORE, OLD)
        assert team.starts_on == NEWEST
        assert [p.name for p in Project.objects.owing(team, WEEK)] == ["收银台"]

    def test_history_does_not_move_what_stands_in_the_present(self, tmp_path: Path) -> None:
        team = make_team()
        setup.change_start(team, WEEK, by=None)
        project = make_project(team, "账单中心", started_on=WEEK)
        make_entry(project, WEEK, percent=70)
        milestone = make_milestone(project, "提测")
        self.import_page(tmp_path, LATEST)
        milestone.refresh_from_db()
        project.refresh_from_db()
        assert (milestone.due_on, milestone.percent, project.started_on) == (None, None, WEEK)
        assert not ProgressChange.objects.filter(milestone=milestone).exists()
        rows = Milestone.objects.exclude(pk=milestone.pk)
        of_history = rows.get(project=project, name="提测 (2024)")
        assert (of_history.is_history, of_history.due_on) == (True, date(2024, 6, 5))
        assert all(rows.values_list("is_history", flat=True))

    def test_further_pages_go_on_with_the_milestones_of_history(self, tmp_path: Path) -> None:
        team = make_team()
        setup.change_start(team, WEEK, by=None)
        project = make_project(team, "账单中心", started_on=WEEK)
        make_entry(project, WEEK)
        make_milestone(project, "提测")
        for week, day in ((NEWEST - SEVEN_DAYS, 5), (NEWEST, 12)):
            self.import_page(tmp_path, f"- 账单中心：预计6月{day}日提测\n", week)
        milestone = Milestone.objects.get(project=project, name="提测 (2024)")
        assert milestone.changes.count() == 2
        assert milestone.is_dropped

    def test_closed_project_stays_closed_when_history_names_it_later(self, tmp_path: Path) -> None:
        team = make_team()
        setup.change_start(team, WEEK, by=None)
        make_entry(make_project(team, "收银台"), WEEK)
        closed = make_project(team, "票据池", started_on=OLD, closed_on=OLD)
        self.import_page(tmp_path, LATEST)
        closed.refresh_from_db()
        assert closed.closed_on == NEWEST + SEVEN_DAYS - date.resolution


def test_a_day_of_what_was_done_long_ago_is_not_the_projects() -> None:
    head = "| 项目 | 子任务 | 进度 | 计划完成 |\n|---|---|---|---|\n"
    done, going = "| 账单中心 | 联调 | 100% | 6月5日 |\n", "| 账单中心 | 提测 | 40% | |\n"
    known_facts = KnownFacts(numbering="calendar", starts_on=WEEK)
    assert left(make_plan([parsed(head + done, NEWEST)], known_facts))
    assert not left(make_plan([parsed(head + done + going, NEWEST)], known_facts))

"""Projects begun, described, put in order, closed and re-opened; each leaves its trace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.conflicts import DecidedAlready
from projects.models import AuditRecord, Project, Team, WeekFacts
from projects.portfolio import aliases, lifecycle
from projects.portfolio.lifecycle import Description, NewProject
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_objective,
    make_project,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TODAY = date(2024, 6, 19)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def project(team: Team) -> Project:
    return make_project(team, objective=make_objective(make_cycle(team)))


def names_of(team: Team) -> list[str]:
    return [project.name for project in Project.objects.filter(team=team)]


def revision() -> int:
    week_facts = WeekFacts.objects.filter(week=WEEK).first()
    return week_facts.revision if week_facts else 0


class TestCreate:
    def test_makes_it_the_last_with_its_name_among_the_aliases(self, project: Project) -> None:
        lead = make_user(team=project.team)

        wanted = NewProject(" POS ", project.objective, lead)
        (made,) = lifecycle.create_projects(project.team, [wanted], by=lead)

        made.refresh_from_db()
        assert (made.name, made.objective, made.lead) == ("POS", project.objective, lead)
        assert names_of(project.team) == [project.name, "POS"]
        assert [alias.key for alias in made.aliases.all()] == ["pos"]
        record = AuditRecord.objects.get()
        assert (record.action, record.by, record.after["lead"]) == (
            "project.create",
            lead,
            str(lead),
        )
        assert revision() == 1

    @pytest.mark.parametrize("name", ["贝易转", "「贝易转」项目", "BYZ"])
    def test_a_taken_name_is_refused_with_the_project_that_has_it(
        self, team: Team, name: str
    ) -> None:
        project = make_project(team, "贝易转", aliases=("byz",))

        with pytest.raises(lifecycle.NamesRefused) as refusal:
            lifecycle.create_projects(team, [NewProject(name)], by=None)

        assert refusal.value.lines == {0: project}
        assert names_of(team) == ["贝易转"]

    def test_marks_alone_are_no_name(self, team: Team) -> None:
        with pytest.raises(lifecycle.NamesRefused) as refusal:
            lifecycle.create_projects(team, [NewProject(" —— ")], by=None)

        assert refusal.value.lines == {0: None}
        assert not Project.objects.exists()


class TestCreateSeveral:
    def test_they_begin_together(self, personas: Personas) -> None:
        objective = make_objective(make_cycle(personas.team))
        wanted = [
            NewProject("日切提速", objective, personas.lead, "许澄"),
            NewProject("对账平台", lead_name="赵宁"),
        ]
        lifecycle.create_projects(personas.team, wanted, by=personas.manager, started_on=TODAY)
        _, second, other = Project.objects.filter(team=personas.team)
        assert (second.objective, second.lead, second.lead_name) == (objective, personas.lead, "")
        assert (other.lead, other.lead_name, other.started_on) == (None, "赵宁", TODAY)
        assert aliases.meant_by(personas.team, "对账平台项目") == other
        record = AuditRecord.objects.get(project=other)
        assert (record.action, record.by) == ("project.create", personas.manager)

    def test_or_none_of_them_does(self, personas: Personas) -> None:
        wanted = [NewProject(name) for name in ("新的", "贝易转项目", "——", "「新的」")]
        with pytest.raises(lifecycle.NamesRefused) as refused:
            lifecycle.create_projects(personas.team, wanted, by=personas.manager)
        named = {line: project and project.name for line, project in refused.value.lines.items()}
        assert named == {1: "贝易转", 2: None, 3: "新的"}
        assert Project.objects.count() == 1

    def test_no_query_for_each(self, team: Team) -> None:
        def queries(numbers: range) -> int:
            wanted = [NewProject(f"项目{number}") for number in numbers]
            with CaptureQueriesContext(connection) as captured:
                lifecycle.create_projects(team, wanted, by=None)
            return len(captured)

        queries(range(1))
        assert queries(range(1, 3)) == queries(range(3, 33))


class TestChange:
    def test_describes_it_anew(self, project: Project) -> None:
        lead, by = make_user("new", team=project.team), make_user("boss", team=project.team)
        description = Description("贝易转", None, lead, is_focus=True, started_on=date(2024, 3, 1))

        lifecycle.change_project(project, description, by=by)

        project.refresh_from_db()
        assert (project.objective, project.lead, project.is_focus) == (None, lead, True)
        assert project.started_on == date(2024, 3, 1)
        record = AuditRecord.objects.get()
        assert record.before == {
            "objective": "O1 业务服务",
            "lead": None,
            "is_focus": False,
            "started_on": None,
        }
        assert record.after["started_on"] == "2024-03-01"
        assert revision() == 1

    def test_the_same_is_no_change(self, project: Project) -> None:
        description = Description(project.name, project.objective)

        lifecycle.change_project(project, description, by=None)

        assert not AuditRecord.objects.exists()
        assert revision() == 0

    def test_it_goes_by_its_old_name_still(self, project: Project) -> None:
        lifecycle.change_project(project, Description("贝易转 2.0"), by=None)

        for name in ("贝易转", "贝易转2.0"):
            assert aliases.meant_by(project.team, name) == project

    def test_a_new_spelling_is_no_second_name(self, project: Project) -> None:
        lifecycle.change_project(project, Description("「贝易转」"), by=None)

        assert [alias.name for alias in project.aliases.all()] == ["「贝易转」"]

    def test_a_name_of_another_project_changes_nothing(self, project: Project) -> None:
        make_project(project.team, "POS")

        with pytest.raises(aliases.ProjectNameTaken):
            lifecycle.change_project(project, Description("pos 系统", is_focus=True), by=None)

        project.refresh_from_db()
        assert (project.name, project.is_focus) == ("贝易转", False)

    def test_it_cannot_begin_after_it_ended(self, project: Project) -> None:
        lifecycle.close_project(project, "已移交", by=None)

        with pytest.raises(lifecycle.ClosedBeforeStart):
            lifecycle.change_project(
                project, Description(project.name, started_on=TODAY + timedelta(days=1)), by=None
            )

    def test_the_present_week_follows_and_the_past_stays(self, project: Project) -> None:
        before = make_entry(project, WEEK - timedelta(days=7))
        now = make_entry(project, WEEK)

        lifecycle.change_project(project, Description(project.name, is_focus=True), by=None)

        for entry in (before, now):
            entry.refresh_from_db()
        assert (before.is_focus, before.objective) == (False, project.objective)
        assert (now.is_focus, now.objective) == (True, None)

    def test_a_move_into_a_cycle_to_come_waits_until_it_begins(self, project: Project) -> None:
        now, before = make_entry(project, WEEK), project.objective
        following = make_cycle(project.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
        ahead = make_objective(following, "O5")

        lifecycle.change_project(project, Description(project.name, ahead), by=None)

        now.refresh_from_db()
        project.refresh_from_db()
        assert (now.objective, project.objective) == (before, ahead)


class TestPlace:
    @pytest.mark.parametrize(
        ("after", "order"),
        [
            (None, ["丙", "甲", "乙"]),
            ("甲", ["甲", "丙", "乙"]),
            ("乙", ["甲", "乙", "丙"]),
        ],
    )
    def test_behind_another(self, team: Team, after: str | None, order: list[str]) -> None:
        projects = {name: make_project(team, name) for name in ("甲", "乙", "丙")}

        lifecycle.place_after(projects["丙"], projects[after] if after else None, by=None)

        assert names_of(team) == order
        assert AuditRecord.objects.count() == (order != ["甲", "乙", "丙"])


class TestClosing:
    def test_a_closed_one_owes_nothing_after_it(self, project: Project) -> None:
        lifecycle.close_project(project, " 已移交运营 ", by=None)

        project.refresh_from_db()
        assert project.closed_on == TODAY
        record = AuditRecord.objects.get()
        assert (record.action, record.after) == (
            "project.close",
            {"closed_on": "2024-06-19", "reason": "已移交运营"},
        )
        for week in (WEEK, WEEK + timedelta(days=7)):
            assert project not in Project.objects.owing(project.team, week)

    def test_it_goes_on_again(self, project: Project) -> None:
        lifecycle.close_project(project, "已移交", by=None)

        lifecycle.reopen_project(project, "二期立项", by=None)

        project.refresh_from_db()
        assert project.closed_on is None
        assert AuditRecord.objects.filter(action="project.reopen").get().before == {
            "closed_on": "2024-06-19"
        }

    def test_both_say_why(self, project: Project) -> None:
        with pytest.raises(lifecycle.NoReasonToClose):
            lifecycle.close_project(project, "  ", by=None)
        lifecycle.close_project(project, "已移交", by=None)
        with pytest.raises(lifecycle.NoReasonToClose):
            lifecycle.reopen_project(project, "", by=None)

    def test_twice_is_once(self, project: Project) -> None:
        for _ in range(2):
            lifecycle.close_project(project, "已移交", by=None)
        for _ in range(2):
            lifecycle.reopen_project(project, "二期立项", by=None)

        assert AuditRecord.objects.count() == 2

    def test_another_reason_is_not_dropped_without_a_word(self, project: Project) -> None:
        lifecycle.close_project(project, "已移交", by=None)
        with pytest.raises(DecidedAlready, match="已移交"):
            lifecycle.close_project(project, "客户取消", by=None)
        lifecycle.reopen_project(project, "二期立项", by=None)
        with pytest.raises(DecidedAlready, match="二期立项"):
            lifecycle.reopen_project(project, "关错了", by=None)
        assert AuditRecord.objects.count() == 2

    def test_not_before_it_began(self, team: Team) -> None:
        project = make_project(team, started_on=TODAY)

        with pytest.raises(lifecycle.ClosedBeforeStart):
            lifecycle.close_project(project, "立错了", on=TODAY - timedelta(days=1), by=None)

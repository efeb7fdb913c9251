from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from projects.models import Alias, AuditRecord, Project
from projects.portfolio import aliases, lifecycle, merge
from projects.portfolio.lifecycle import NewProject
from tests.conftest import Personas
from tests.factories import make_cycle, make_entry, make_objective, make_project, make_user
from tests.html import form_data, opened_json, row

pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/settings/"


def page(personas: Personas, who: str = "manager") -> str:
    return personas.client(who).get(address(personas)).content.decode()


def post(personas: Personas, path: str, who: str = "manager", /, **data: object) -> HttpResponse:
    response = personas.client(who).post(address(personas) + path, data)
    assert isinstance(response, HttpResponse)
    return response


def test_lead_sees_settings_without_the_managers_controls(personas: Personas) -> None:
    seen = page(personas, "lead")
    assert "A manager of the team changes name, objective and lead." in seen
    for path in ("place/", "close/", "merge/"):
        assert f'{address(personas)}{path}"' not in seen
    assert f'{address(personas)}aliases/"' in seen


class TestWhatItIs:
    def test_settings_are_saved(self, personas: Personas) -> None:
        objective = make_objective(make_cycle(personas.team))
        response = post(
            personas,
            "",
            name="贝易转 2.0",
            objective=objective.pk,
            lead=personas.other_lead.pk,
            is_focus="on",
            started_on="2024-03-01",
        )
        assert (response.status_code, response["Location"]) == (302, address(personas))
        project = Project.objects.get()
        assert (project.name, project.objective, project.lead) == (
            "贝易转 2.0",
            objective,
            personas.other_lead,
        )
        assert (project.is_focus, project.started_on) == (True, date(2024, 3, 1))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"name": ""}, "This field is required."),
            ({"name": "——"}, "A name needs a letter, a digit or a character."),
            ({"name": "pos 项目"}, "already is a name of POS."),
            ({"name": "贝易转", "started_on": "soon"}, "A date from 2000 to 2100"),
            ({"name": "贝易转", "objective": "999"}, "Select a valid choice"),
            ({"name": "贝易转", "lead": "viewer"}, "Select a valid choice"),
        ],
    )
    def test_wrong_settings_are_marked(
        self, personas: Personas, typed: dict[str, str], words: str
    ) -> None:
        make_project(personas.team, "POS")
        if typed.get("lead"):
            typed = {**typed, "lead": str(personas.viewer.pk)}
        response = post(personas, "", **typed)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert 'aria-invalid="true"' in response.content.decode()
        assert not AuditRecord.objects.exists()

    def test_name_changed_in_another_tab_is_shown_before_it_is_replaced(
        self, personas: Personas
    ) -> None:
        opened = {"opened": opened_json(name="贝易转", is_focus="", lead=personas.lead.pk)}
        post(personas, "", name="贝壳易转", is_focus="on", lead="")
        mine = {**opened, "name": "易转", "lead": personas.lead.pk}

        refused = post(personas, "", "manager", **mine)
        page = refused.content.decode()
        personas.project.refresh_from_db()
        assert (refused.status_code, personas.project.name) == (422, "贝壳易转")
        assert 'value="易转"' in page
        assert row(refused, "Name", "table.differences") == {
            "Differs": "Name",
            "Yours": "易转",
            "Theirs": "贝壳易转",
        }

        again = form_data(refused, "section:has(#what) form")
        assert post(personas, "", "manager", **again).status_code == 302
        personas.project.refresh_from_db()
        assert personas.project.name == "易转"
        assert personas.project.is_focus  # this tab left it alone
        assert personas.project.lead is None

    def test_start_after_the_end_is_refused(self, personas: Personas) -> None:
        lifecycle.close_project(personas.project, "已移交", by=None)
        response = post(personas, "", name="贝易转", started_on="2024-08-01")
        assert response.status_code == 422
        assert "The project was closed before that day." in response.content.decode()

    def test_lead_who_left_the_team_is_kept(self, personas: Personas) -> None:
        personas.lead.memberships.all().delete()
        post(personas, "", name="贝易转", lead=personas.lead.pk, is_focus="on")
        assert Project.objects.get().lead == personas.lead

    def test_objectives_and_people_of_another_team_are_refused(self, personas: Personas) -> None:
        theirs = make_objective(make_cycle(personas.outsider.memberships.get().team))
        for typed in ({"objective": theirs.pk}, {"lead": personas.outsider.pk}):
            assert post(personas, "", name="贝易转", **typed).status_code == 422


class TestPlace:
    def test_project_is_placed_behind_another(self, personas: Personas) -> None:
        last = make_project(personas.team, "POS")
        post(personas, "place/", after=last.pk)
        assert [project.name for project in Project.objects.filter(team=personas.team)] == [
            "POS",
            "贝易转",
        ]
        post(personas, "place/", after="")
        assert [project.name for project in Project.objects.filter(team=personas.team)] == [
            "贝易转",
            "POS",
        ]

    def test_project_of_another_team_is_no_place(self, personas: Personas) -> None:
        other = make_project(personas.outsider.memberships.get().team, "反欺诈")
        assert post(personas, "place/", after=other.pk).status_code == 422


class TestEnd:
    def test_project_is_closed_and_reopened(self, personas: Personas) -> None:
        post(personas, "close/", reason="已移交")
        assert Project.objects.get().closed_on == date(2024, 6, 19)
        assert "Open again" in page(personas)
        post(personas, "reopen/", reason="二期立项")
        assert Project.objects.get().closed_on is None

    @pytest.mark.parametrize("path", ["close/", "reopen/"])
    def test_reason_is_required(self, personas: Personas, path: str) -> None:
        response = post(personas, path, reason=" ")
        assert response.status_code == 422
        assert "Please say why." in response.content.decode()

    def test_project_is_not_closed_before_it_begins(self, personas: Personas) -> None:
        Project.objects.update(started_on=date(2024, 8, 1))
        response = post(personas, "close/", reason="立错了")
        assert response.status_code == 422
        assert "The project has not begun yet." in response.content.decode()


class TestNames:
    @pytest.mark.parametrize("who", ["lead", "manager"])
    def test_alias_is_added_and_removed(self, personas: Personas, who: str) -> None:
        post(personas, "aliases/", who, name=" BYZ ")
        alias = Alias.objects.get(name="BYZ")
        assert "BYZ" in page(personas, who)
        post(personas, f"aliases/{alias.pk}/remove/", who)
        assert not Alias.objects.filter(name="BYZ").exists()

    def test_alias_of_another_project_is_refused_and_names_it(self, personas: Personas) -> None:
        make_project(personas.team, "POS", aliases=("收单",))
        response = post(personas, "aliases/", "lead", name="收单系统")
        assert response.status_code == 422
        assert "收单系统 already is a name of POS." in response.content.decode()
        assert 'value="收单系统"' in response.content.decode()

    def test_alias_of_marks_alone_is_refused(self, personas: Personas) -> None:
        assert post(personas, "aliases/", "lead", name="——").status_code == 422

    def test_own_name_and_aliases_of_other_projects_are_not_removed(
        self, personas: Personas
    ) -> None:
        own = Alias.objects.get(project=personas.project)
        theirs = Alias.objects.get(project=make_project(personas.team, "POS"))
        for alias in (own, theirs):
            assert post(personas, f"aliases/{alias.pk}/remove/").status_code == 404
        assert Alias.objects.count() == 2


class TestMerge:
    @pytest.fixture
    def other(self, personas: Personas) -> Project:
        other = make_project(personas.team, "贝易转收银台")
        make_entry(other, text="另一半的话")
        return other

    def test_likely_projects_come_first(self, personas: Personas, other: Project) -> None:
        make_project(personas.team, "POS")
        seen = personas.client("manager").get(address(personas) + "merge/").content.decode()
        assert seen.index("Looks like it") < seen.index("贝易转收银台") < seen.index("All others")

    def test_merge_is_previewed_done_and_undone(self, personas: Personas, other: Project) -> None:
        make_entry(personas.project, text="我的话")
        client = personas.client("manager")
        seen = client.get(address(personas) + "merge/", {"other": other.pk}).content.decode()
        assert "In 1 week both have an update" in seen
        assert "2024-W25" in seen
        assert Project.objects.count() == 2

        post(personas, "merge/", other=other.pk)
        assert [project.name for project in Project.objects.all()] == ["贝易转"]
        done = personas.project.merges.get()
        assert f"merges/{done.pk}/undo/" in page(personas)

        response = post(personas, f"merges/{done.pk}/undo/")
        assert response["Location"] == f"/t/pay/projects/{other.pk}/settings/"
        assert Project.objects.count() == 2
        assert "undone" in page(personas)

    @pytest.mark.parametrize("typed", ["", "x", "999"])
    def test_unknown_project_is_refused(self, personas: Personas, typed: str) -> None:
        response = post(personas, "merge/", other=typed)
        assert response.status_code == 422
        assert "Choose a project of this team." in response.content.decode()

    def test_project_is_not_merged_with_itself(self, personas: Personas) -> None:
        assert post(personas, "merge/", other=personas.project.pk).status_code == 422

    def test_refused_undo_says_why(self, personas: Personas, other: Project) -> None:
        done = merge.merge(personas.project, other, by=None)
        Alias.objects.filter(name=other.name).delete()
        lifecycle.create_projects(personas.team, [NewProject(other.name)], by=None)
        client = personas.client("manager")
        response = client.post(f"{address(personas)}merges/{done.pk}/undo/", follow=True)
        assert "names another project by now" in response.content.decode()
        done.refresh_from_db()
        assert done.undone_at is None

    def test_merge_of_another_project_is_not_found(
        self, personas: Personas, other: Project
    ) -> None:
        third = make_project(personas.team, "POS")
        done = merge.merge(third, other, by=None)
        assert post(personas, f"merges/{done.pk}/undo/").status_code == 404


@pytest.mark.parametrize("path", ["", "merge/"])
def test_aliases_and_merges_add_no_queries(personas: Personas, path: str) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address(personas) + path)
        return len(captured)

    cycle = make_cycle(personas.team)

    def fill(numbers: range) -> None:
        for number in numbers:
            make_objective(cycle, f"O{number}")
            make_user(f"user{number}", team=personas.team)
            aliases.add(personas.project, f"别名{number}", by=None)
            other = make_project(personas.team, f"项目{number}")
            make_project(personas.team, f"另一个{number}")
            merge.merge(personas.project, other, by=personas.manager)

    fill(range(1))
    few = queries()
    fill(range(1, 8))
    assert queries() == few

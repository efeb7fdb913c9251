"""Many projects changed at once, from the list."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.checkin import recording
from projects.models import AuditRecord, Objective, Project, Role, User
from projects.portfolio import lifecycle, stages
from projects.portfolio.lifecycle import Description, WantedChange
from projects.teams import invitations
from projects.teams.invitations import Guest
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_objective,
    make_project,
    make_stage,
    make_user,
)
from tests.html import attribute, element, elements, row, text, texts
from tests.plain import PlainBrowser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LIST, BULK = "/t/pay/projects/", "/t/pay/projects/bulk/"


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def boxes(client: Client, *names: str) -> list[str]:
    """What the boxes of these projects send."""
    page = client.get(LIST)
    return [
        attribute(page, f'input[name="project"][aria-label="{name}"]', "value") for name in names
    ]


def of(project: Project) -> Project:
    project.refresh_from_db()
    return project


class TestLead:
    def test_becomes_that_of_all_ticked_projects_with_a_trace_each(
        self, personas: Personas
    ) -> None:
        second = make_project(personas.team, "POS")
        third = make_project(personas.team, "交易路由")
        client = personas.client("manager")

        data = {"project": boxes(client, "贝易转", "POS"), "verb": "lead", "lead": "陈默"}
        response = client.post(BULK, data, follow=True)

        assert texts(response, ".notice.success") == ["2 projects changed."]
        leads = [of(project).lead for project in (personas.project, second, third)]
        assert leads == [personas.other_lead, personas.other_lead, None]
        records = AuditRecord.objects.filter(action="project.change").order_by("project")
        assert [(record.project, record.by, record.before, record.after) for record in records] == [
            (personas.project, personas.manager, {"lead": "许澄"}, {"lead": "陈默"}),
            (second, personas.manager, {"lead": None}, {"lead": "陈默"}),
        ]

    def test_may_be_somebody_who_has_no_account_yet(self, personas: Personas) -> None:
        client = personas.client("manager")
        invitations.invite(
            personas.team, [Guest("wu@example.com", "吴敏")], Role.LEAD, by=personas.manager
        )
        second = make_project(personas.team, "POS")

        for name, lead in (("贝易转", "wu@example.com"), ("POS", "赵宁")):
            client.post(BULK, {"project": boxes(client, name), "verb": "lead", "lead": lead})

        assert (of(personas.project).lead, personas.project.lead_name) == (None, "吴敏")
        assert (of(second).lead, second.lead_name) == (None, "赵宁")

    def test_that_two_people_could_be_is_asked(self, personas: Personas) -> None:
        make_user("xu2", "许澄", personas.team)
        client = personas.client("manager")
        data = {"project": boxes(client, "贝易转"), "verb": "lead", "lead": "许澄"}

        response = client.post(BULK, data)

        assert response.status_code == 422
        assert text(response, ".of-lead .errorlist").endswith("Write one of: lead, xu2")
        assert elements(response, 'input[aria-label="贝易转"][checked]')


class TestOtherValues:
    def test_objective_and_focus_are_followed_by_the_entry_of_the_week(
        self, personas: Personas, objective: Objective
    ) -> None:
        entry = make_entry(personas.project)
        client = personas.client("manager")

        for verb in ("objective", "focus"):
            client.post(
                BULK,
                {"project": boxes(client, "贝易转"), "verb": verb, "objective": objective.pk},
            )

        entry.refresh_from_db()
        assert (of(personas.project).objective, personas.project.is_focus) == (objective, True)
        assert (entry.objective, entry.is_focus) == (objective, True)

    def test_stage_is_that_of_the_entry_of_the_week_or_of_the_next(
        self, personas: Personas
    ) -> None:
        stage, second = make_stage(personas.team), make_project(personas.team, "POS")
        entry, last = make_entry(personas.project), make_entry(second, WEEK - ONE_WEEK)
        client = personas.client("manager")

        data = {"project": boxes(client, "贝易转", "POS"), "verb": "stage", "stage": stage.pk}
        client.post(BULK, data)

        for unchanged in (entry, last):
            unchanged.refresh_from_db()
        assert (entry.stage, last.stage) == (stage, None)
        assert (of(personas.project).stage, of(second).stage) == (None, stage)
        assert [row(client.get(LIST), name)["Health"] for name in ("贝易转", "POS")] == [
            "●on track 研发",
            "●on track 研发",
        ]
        assert "研发" in text(client.get("/t/pay/"), 'tr:has(a:-soup-contains("POS"))')
        records = AuditRecord.objects.filter(action="project.change")
        assert [(record.before, record.after) for record in records] == [
            ({"stage": None}, {"stage": "研发"})
        ] * 2

        confirmed = recording.confirm_unchanged(second, WEEK, by=personas.manager)
        assert (confirmed.stage, of(second).stage) == (stage, None)

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            ({"verb": "lead", "lead": " "}, "Who leads them?"),
            ({"verb": "objective", "objective": ""}, "Choose an objective."),
            ({"verb": "stage", "stage": ""}, "Choose a stage."),
            ({"verb": "stage", "stage": "99"}, "Select a valid choice"),
            ({"verb": "focus", "project": []}, "Tick the projects first."),
            ({"verb": "focus", "project": ["12", "project=x", "project=-1&lead=2"]}, "Tick"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_changed(
        self, personas: Personas, data: dict[str, object], problem: str
    ) -> None:
        client = personas.client("manager")

        response = client.post(BULK, {"project": boxes(client, "贝易转"), **data})

        assert response.status_code == 422
        assert text(response, "#bulk .errorlist").startswith(problem)
        assert not AuditRecord.objects.exists()

    def test_project_of_another_team_stays_as_it_is(self, personas: Personas) -> None:
        foreign = make_project(personas.outsider.memberships.get().team, "反诈平台")

        personas.client("manager").post(BULK, {"project": f"project={foreign.pk}", "verb": "focus"})

        assert not of(foreign).is_focus


class TestConflict:
    def test_shows_both_versions_and_does_the_others(self, personas: Personas) -> None:
        second = make_project(personas.team, "POS")
        client = personas.client("manager")
        data = {"project": boxes(client, "贝易转", "POS"), "verb": "lead", "lead": "林岚"}
        theirs = Description("贝易转", lead=personas.other_lead)
        lifecycle.change_project(personas.project, theirs, by=None)

        response = client.post(BULK, data)

        assert response.status_code == 422
        assert (of(personas.project).lead, of(second).lead) == (
            personas.other_lead,
            personas.manager,
        )
        difference = element(response, "table.differences tbody tr")
        assert texts(difference, "th, td") == ["贝易转", "林岚", "陈默"]
        ticked = [box["value"] for box in elements(response, "input[name=project][checked]")]
        assert len(ticked) == 1

        client.post(BULK, {**data, "project": ticked})
        assert of(personas.project).lead == personas.manager

    def test_is_none_where_something_else_was_changed(self, personas: Personas) -> None:
        client = personas.client("manager")
        data = {"project": boxes(client, "贝易转"), "verb": "lead", "lead": "林岚"}
        theirs = Description("贝易转", lead=personas.lead, is_focus=True)
        lifecycle.change_project(personas.project, theirs, by=None)

        client.post(BULK, data)

        assert (of(personas.project).lead, personas.project.is_focus) == (personas.manager, True)

    def test_of_a_stage_shows_both(self, personas: Personas) -> None:
        mine, theirs = make_stage(personas.team), make_stage(personas.team, "联调", 1)
        client = personas.client("manager")
        data = {"project": boxes(client, "贝易转"), "verb": "stage", "stage": mine.pk}
        wanted = WantedChange(personas.project.pk, {"stage": theirs})
        stages.put_projects(personas.team, [wanted], by=None)

        response = client.post(BULK, data)

        assert texts(response, "table.differences tbody td") == ["研发", "联调"]
        assert not elements(response, ".notice.success, .notice.info")
        assert of(personas.project).stage == theirs


class TestClose:
    def test_asks_with_number_and_names_then_closes_for_a_reason(self, personas: Personas) -> None:
        make_project(personas.team, "POS")
        make_project(personas.team, "旧网关", closed_on=date(2024, 1, 5))
        browser = PlainBrowser(personas.client("manager"), f"{LIST}?tick=open")
        browser.fill("verb", "close")
        browser.press("Apply")
        assert text(browser.response, "h1") == "Close 2 projects?"
        assert texts(browser.response, "ul.names li") == ["贝易转", "POS"]
        browser.press("Close 2 projects")
        assert texts(browser.response, ".errorlist") == ["Please say why."]
        assert not Project.objects.filter(closed_on=date(2024, 6, 19)).exists()

        browser.fill("reason", "已移交")
        browser.press("Close 2 projects")

        assert texts(browser.response, ".notice.success") == ["2 projects closed."]
        closed = Project.objects.filter(closed_on=date(2024, 6, 19))
        assert {project.name for project in closed} == {"贝易转", "POS"}
        records = AuditRecord.objects.filter(action="project.close")
        assert [record.after["reason"] for record in records] == ["已移交", "已移交"]


def test_search_is_kept(personas: Personas) -> None:
    make_project(personas.team, "POS")
    browser = PlainBrowser(personas.client("manager"), f"{LIST}?q=POS&tick=leadless")
    browser.fill("lead", "林岚")
    browser.press("Apply")
    assert browser.path == f"{LIST}?q=POS"
    assert Project.objects.get(name="POS").lead == personas.manager


def test_without_a_lead_means_without_a_name_too(personas: Personas) -> None:
    named, bare = make_project(personas.team, "POS"), make_project(personas.team, "DocAI")
    Project.objects.filter(pk=named.pk).update(lead_name="赵宁")
    page = personas.client("manager").get(f"{LIST}?tick=leadless")
    (ticked,) = elements(page, "input[name=project][checked]")
    assert ticked["aria-label"] == bare.name


def test_list_of_a_viewer_has_no_boxes(personas: Personas) -> None:
    page = personas.client("viewer").get(LIST)
    assert not elements(page, "#bulk, input[type=checkbox]")


@pytest.mark.parametrize("verb", ["lead", "stage"])
def test_queries_do_not_grow_with_the_ticked_projects(
    personas: Personas, objective: Objective, verb: str
) -> None:
    client = personas.client("manager")

    def queries(verb: str, lead: User, count: int) -> int:
        for _number in range(count):
            name = f"项目{Project.objects.count()}"
            make_entry(make_project(personas.team, name, objective, personas.lead))
        data = {
            "project": [f"project={key}" for key in Project.objects.values_list("pk", flat=True)],
            "verb": verb,
            "lead": lead.username,
            "stage": make_stage(personas.team, f"{lead}{count}").pk,
        }
        with CaptureQueriesContext(connection) as captured:
            assert client.post(BULK, data).status_code == 302
        return len(captured)

    queries(verb, personas.manager, 2)
    assert queries(verb, personas.other_lead, 2) == queries(verb, personas.manager, 20)

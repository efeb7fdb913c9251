"""The list of a team's first week, the table of imported projects, and the names on old pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import (
    AuditRecord,
    EntrySource,
    Invitation,
    Membership,
    Project,
    Team,
    User,
)
from projects.portfolio import lifecycle
from projects.portfolio.lifecycle import Description
from projects.teams import invitations, setup
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas, english_client
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_entry,
    make_milestone,
    make_objective,
    make_project,
    make_user,
)
from tests.html import attribute, element, elements, form_data, row, text, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SETUP = "/t/pay/setup/"
PROJECTS, NAMES = f"{SETUP}projects/", f"{SETUP}names/"


def imported(
    personas: Personas, name: str, lead_name: str = "", weeks_ago: int = 2, **fields: Any
) -> Project:
    """A project that old pages spoke of, last so many weeks ago."""
    week = WEEK - weeks_ago * ONE_WEEK
    project = make_project(personas.team, name, started_on=week - ONE_WEEK, **fields)
    Project.objects.filter(pk=project.pk).update(lead_name=lead_name)
    make_entry(project, week, source=EntrySource.IMPORTED)
    return project


@pytest.fixture
def started(personas: Personas) -> Personas:
    """The team starts with this week."""
    Team.objects.update(starts_on=WEEK)
    personas.team.refresh_from_db()
    return personas


def of(project: Project) -> Project:
    project.refresh_from_db()
    return project


class TestList:
    def test_of_a_new_team_begins_with_the_cycle(self, personas: Personas) -> None:
        Project.objects.all().delete()
        page = personas.client("manager").get(SETUP)
        assert attribute(page, "main .button.primary", "href") == "/t/pay/cycles/new/?setup=1"
        assert texts(page, ".steps-list strong") == [
            *("Cycle", "Objectives", "Projects and leads", "Members"),
            *("Start", "Schedule", "Test mail"),
        ]
        assert text(page, ".head b") == "2 / 7"

    def test_after_an_import_begins_with_the_start_and_the_projects(
        self, personas: Personas
    ) -> None:
        imported(personas, "POS", "赵宁")
        page = personas.client("manager").get(SETUP)
        assert texts(page, ".steps-list strong")[:3] == ["Start", "Projects and leads", "Members"]
        assert text(page, "button.primary") == "Start with this week"
        assert "not invited yet: 赵宁" in text(page, ".steps-list")

    def test_says_when_nothing_is_missing(self, personas: Personas) -> None:
        make_objective(make_cycle(personas.team))
        for action in ("team.change", "digest.test"):
            AuditRecord.objects.create(team=personas.team, action=action, subject="支付产研")
        page = personas.client("manager").get(SETUP)
        assert "Everything is there." in text(page, ".notice.ok")
        assert text(page, ".head b") == "7 / 7"

    def test_takes_a_fixed_number_of_queries(self, started: Personas) -> None:
        client = started.client("manager")

        def queries(path: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            return len(captured)

        objective = make_objective(make_cycle(started.team))
        imported(started, "POS", "赵宁")
        few = [queries(path) for path in (SETUP, PROJECTS, NAMES)]
        for number in range(8):
            project = imported(started, f"项目{number}", f"某人{number}", objective=objective)
            make_milestone(project, percent=20, due_on=WEEK)
            make_user(f"member{number}", team=started.team)
        assert [queries(path) for path in (SETUP, PROJECTS, NAMES)] == few

    def test_start_and_schedule_take_one_click_each(self, personas: Personas) -> None:
        client = personas.client("manager")
        assert client.post(f"{SETUP}start/")["Location"] == SETUP
        assert client.post("/t/pay/settings/?setup=1")["Location"] == SETUP
        personas.team.refresh_from_db()
        assert personas.team.starts_on == WEEK
        assert "as preset" not in text(client.get(SETUP), ".steps-list")

    def test_test_mail_leads_back_to_the_list(self, personas: Personas) -> None:
        client = personas.client("manager")
        assert "Add my mail address" in texts(client.get(SETUP), ".steps-list a")
        User.objects.filter(pk=personas.manager.pk).update(email="lin@example.com")
        form = element(client.get(SETUP), 'form[action$="/digest/test/?setup=1"]')
        response = client.post(str(form["action"]), form_data(form), follow=True)
        assert response.redirect_chain[-1][0] == SETUP
        assert [message.to for message in mail.outbox] == [["lin@example.com"]]
        assert "A test mail was sent." in text(response, ".steps-list")

    def test_superuser_becomes_the_manager_with_one_click(self, personas: Personas) -> None:
        client = english_client()
        root = User.objects.create_superuser("root")
        client.force_login(root)
        assert text(client.get(SETUP), ".steps-list li button.primary") == "Manage this team"
        client.post(f"{SETUP}claim/")
        assert Membership.objects.get(user=root).role == "manager"
        assert "Manager" not in texts(client.get(SETUP), ".steps-list strong")

    def test_is_shown_on_the_dashboard_of_a_new_team(self, personas: Personas) -> None:
        cache.clear()
        manager, lead = personas.client("manager"), personas.client("lead")
        link = f'.first-steps a[href="{SETUP}"]'
        assert texts(manager.get("/t/pay/"), link) == ["Continue the set-up"]
        assert not elements(lead.get("/t/pay/"), link)
        Team.objects.update(created_at=NOW - 5 * ONE_WEEK)
        assert not elements(manager.get("/t/pay/"), link)


def sorting(client: Client, **typed: str | None) -> dict[str, str]:
    """The table as it is opened, with what is typed; ``None`` takes a tick away."""
    data = form_data(client.get(PROJECTS), "form.sorting")
    for name, value in typed.items():
        key = name.replace("_", "-", 1)
        if value is None:
            del data[key]
        else:
            data[key] = value
    return data


class TestProjects:
    def test_of_a_team_without_projects_leads_to_the_first(self, personas: Personas) -> None:
        Project.objects.filter(team=personas.team).delete()
        page = personas.client("manager").get(PROJECTS)
        assert attribute(page, "main .empty a", "href") == "/t/pay/projects/new/"
        assert not elements(page, "main form")

    def test_lead_and_going_on_of_all_are_saved_as_one(self, started: Personas) -> None:
        pos, old = imported(started, "POS", "赵宁"), imported(started, "旧网关", weeks_ago=9)
        past = imported(started, "更旧", weeks_ago=20, closed_on=date(2024, 2, 4))
        client = started.client("manager")
        page = client.get(PROJECTS)
        assert text(page, "h1 small") == "1 has no lead"
        assert row(page, "POS", "form > .table-wrap")["Open milestones"] == "–"
        assert text(page, "form details summary") == "1 project ended with the history"

        typed = {f"p{pos.pk}_lead": "陈默", f"p{old.pk}_goes_on": None}
        response = client.post(PROJECTS, sorting(client, **typed, **{f"p{past.pk}_goes_on": "on"}))

        assert response["Location"] == SETUP
        assert of(pos).lead == started.other_lead
        assert of(old).closed_on == date(2024, 4, 21)  # with the last week that spoke of it
        assert of(past).closed_on is None
        assert of(started.project).lead == started.lead
        changed = AuditRecord.objects.filter(action="project.change")
        assert [record.project for record in changed] == [pos]
        assert AuditRecord.objects.filter(action="team.projects", by=started.manager).count() == 1

    def test_names_typed_as_they_stand_are_no_change(self, started: Personas) -> None:
        imported(started, "POS", "赵宁")
        client = started.client("manager")
        client.post(PROJECTS, sorting(client))
        assert not AuditRecord.objects.filter(action="project.change").exists()

    def test_project_of_the_present_cannot_be_left_behind(self, started: Personas) -> None:
        make_entry(started.project)
        page = started.client("manager").get(PROJECTS)
        assert not elements(page, "input[type=checkbox]")

    def test_without_a_start_only_leads_are_saved(self, personas: Personas) -> None:
        pos = imported(personas, "POS")
        make_project(personas.team, "旧网关", closed_on=date(2024, 2, 4))
        client = personas.client("manager")
        typed = {f"p{pos.pk}_lead": "陈默"}
        assert client.post(PROJECTS, sorting(client, **typed)).status_code == 302
        assert (of(pos).lead, pos.closed_on) == (personas.other_lead, None)
        assert Project.objects.filter(closed_on=None).count() == 2

    def test_project_that_ended_stays_ended_unless_it_is_ticked(self, started: Personas) -> None:
        over = make_project(started.team, "旧网关", closed_on=date(2024, 2, 4))
        client = started.client("manager")
        client.post(PROJECTS, sorting(client))
        assert of(over).closed_on == date(2024, 2, 4)

    def test_name_of_two_people_is_marked_and_nothing_is_lost(self, started: Personas) -> None:
        make_user("xu2", "许澄", started.team)
        pos = imported(started, "POS")
        client = started.client("manager")
        typed = {f"p{pos.pk}_lead": "许澄", f"p{started.project.pk}_lead": "林岚"}
        response = client.post(PROJECTS, sorting(client, **typed))
        assert response.status_code == 422
        assert texts(response, ".errorlist li") == [
            "Several people have this name. Write one of: lead, xu2"
        ]
        assert attribute(response, f'[name="p{started.project.pk}-lead"]', "value") == "林岚"
        assert of(started.project).lead == started.lead

    def test_lead_changed_by_two_is_shown_and_the_others_are_saved(self, started: Personas) -> None:
        pos = imported(started, "POS", "赵宁")
        client = started.client("manager")
        typed = {f"p{pos.pk}_lead": "陈默", f"p{started.project.pk}_lead": "陈默"}
        data = sorting(client, **typed)
        lifecycle.change_project(pos, Description("POS", lead=started.manager), by=None)

        response = client.post(PROJECTS, data)

        assert response.status_code == 422
        assert texts(response, "table.differences tbody tr > *") == ["POS", "陈默", "林岚"]
        assert (of(pos).lead, of(started.project).lead) == (started.manager, started.other_lead)
        client.post(PROJECTS, form_data(response, "form.sorting"))
        assert of(pos).lead == started.other_lead

    @pytest.mark.parametrize("opened", ["", "x", "project=1&lead=%00", "project=" + "9" * 40])
    def test_broken_row_changes_nothing_and_never_fails(
        self, started: Personas, opened: str
    ) -> None:
        key = f"p{started.project.pk}"
        data = {f"{key}-opened": opened, f"{key}-lead": "许澄"}
        assert started.client("manager").post(PROJECTS, data).status_code == 302
        assert of(started.project).lead == started.lead


def names_form(client: Client, *typed: str) -> dict[str, Any]:
    names = texts(client.get(NAMES), ".rows strong")
    return {"name": names, **{f"n{number}-who": who for number, who in enumerate(typed)}}


class TestNames:
    def test_are_invited_or_known_as_a_member(self, personas: Personas) -> None:
        pos, route = imported(personas, "POS", "赵宁"), imported(personas, "交易路由", "小陈")
        make_project(personas.team, "DocAI")
        imported(personas, "对账", "老周")
        imported(personas, "清分", "赵宁")
        client = personas.client("manager")
        assert texts(client.get(NAMES), ".rows strong") == ["赵宁", "小陈", "老周"]

        response = client.post(NAMES, names_form(client, "Zhao@example.com", "陈默", ""))

        assert response["Location"] == SETUP
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.name, invitation.role) == (
            "zhao@example.com",
            "赵宁",
            "lead",
        )
        assert of(route).lead == personas.other_lead
        invitations.accept(invitation, make_user("zhao", "宁宁"))
        assert of(pos).lead == User.objects.get(username="zhao")

    def test_two_names_of_one_address_are_one_person(self, personas: Personas) -> None:
        pos, route = imported(personas, "POS", "赵宁"), imported(personas, "交易路由", "小赵")
        client = personas.client("manager")
        client.post(NAMES, names_form(client, "zhao@example.com", "zhao@example.com"))
        invitations.accept(Invitation.objects.get(), make_user("zhao"))
        assert of(pos).lead == of(route).lead == User.objects.get(username="zhao")

    @pytest.mark.parametrize("who", ["zhao@", "<script>", "没有这个人", "长" * 300])
    def test_what_is_nobody_is_marked_and_kept(self, personas: Personas, who: str) -> None:
        imported(personas, "POS", "赵宁")
        client = personas.client("manager")
        response = client.post(NAMES, names_form(client, who))
        assert response.status_code == 422
        assert elements(response, ".errorlist li")
        assert attribute(response, "[name=n0-who]", "value") == who
        assert not Invitation.objects.exists()

    def test_more_than_may_be_invited_today_are_refused(
        self, personas: Personas, settings: LazySettings
    ) -> None:
        imported(personas, "POS", "赵宁")
        settings.INVITATIONS_A_DAY = 0
        client = personas.client("manager")
        response = client.post(NAMES, names_form(client, "zhao@example.com"))
        assert texts(response, ".errorlist li") == ["Today you can invite 0 more people."]

    def test_are_all_settled(self, personas: Personas) -> None:
        page = personas.client("manager").get(NAMES)
        assert "Every lead is a member or invited." in text(page, ".empty")


def test_manager_of_the_team_claims_nothing_new(personas: Personas) -> None:
    setup.claim_team(personas.team, personas.manager)
    assert not AuditRecord.objects.exists()

"""Who may lead, whom a name means, and the projects that wait for a name."""

from __future__ import annotations

import pytest

from projects.models import AuditRecord, Invitation, Project, Role, User
from projects.portfolio import leads
from projects.portfolio.leads import Lead, SeveralMeant
from projects.teams import invitations, members
from projects.teams.invitations import Guest
from tests.conftest import Personas
from tests.factories import make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def waiting(personas: Personas, name: str, lead_name: str) -> Project:
    project = make_project(personas.team, name)
    Project.objects.filter(pk=project.pk).update(lead_name=lead_name)
    return project


def invited(personas: Personas, email: str = "wu@example.com", name: str = "吴敏") -> Invitation:
    (invitation,) = invitations.invite(
        personas.team, [Guest(email, name)], Role.LEAD, by=personas.manager
    )
    return invitation


def leads_of(*projects: Project) -> list[User | None]:
    for project in projects:
        project.refresh_from_db()
    return [project.lead for project in projects]


class TestResolve:
    @pytest.mark.parametrize("typed", ["许澄", "許澄", " 许 澄", "@许澄", "lead", "ＬＥＡＤ"])
    def test_name_or_user_name_in_any_dress_means_the_member(
        self, personas: Personas, typed: str
    ) -> None:
        assert leads.people_of(personas.team).resolve(typed) == Lead(personas.lead)

    def test_address_of_an_invitation_means_the_name_invited(self, personas: Personas) -> None:
        invited(personas)
        people = leads.people_of(personas.team)
        assert people.resolve("WU@example.com") == people.resolve("吴敏") == Lead(name="吴敏")

    def test_two_of_one_name_are_told_apart_by_user_name_and_address(
        self, personas: Personas
    ) -> None:
        invited(personas, name="许澄")
        people = leads.people_of(personas.team)
        with pytest.raises(SeveralMeant) as several:
            people.resolve("许澄")
        assert several.value.people == ("lead", "wu@example.com")
        assert people.resolve("lead") == Lead(personas.lead)
        assert people.resolve("wu@example.com") == Lead(name="wu@example.com")

    def test_viewer_is_no_member_who_leads(self, personas: Personas) -> None:
        assert leads.people_of(personas.team).resolve("高远") == Lead(name="高远")

    def test_offers_members_then_invited_then_names_of_pages(self, personas: Personas) -> None:
        invited(personas)
        waiting(personas, "POS", "赵宁")
        waiting(personas, "DocAI", "吴敏")
        offers = leads.people_of(personas.team).offers()
        assert offers[-2:] == [("吴敏", "invited"), ("赵宁", "waiting")]
        assert {kind for _name, kind in offers[:-2]} == {"member"}


class TestHandOver:
    def test_projects_of_the_name_are_the_members_with_a_trace(self, personas: Personas) -> None:
        pos, other = waiting(personas, "POS", "吴 敏"), waiting(personas, "DocAI", "赵宁")
        user = make_user("wu", "随便")

        invitations.accept(invited(personas), user)

        assert leads_of(pos, other) == [user, None]
        record = AuditRecord.objects.get(action="project.hand_over")
        assert (record.project, record.by) == (pos, user)
        assert (record.before, record.after) == ({"lead": "吴 敏"}, {"lead": "随便"})

    def test_name_of_two_people_is_left_to_a_manager(self, personas: Personas) -> None:
        pos = waiting(personas, "POS", "吴敏")
        first = invited(personas)
        second = invited(personas, "wumin@example.com")

        invitations.accept(first, make_user("wu", "吴敏"))
        invitations.accept(second, make_user("wu2", "吴敏"))

        assert leads_of(pos) == [None]

    def test_name_is_that_of_the_member_once_the_other_invitation_is_withdrawn(
        self, personas: Personas
    ) -> None:
        pos, user = waiting(personas, "POS", "吴敏"), make_user("wu", "吴敏")
        first, second = invited(personas), invited(personas, "wumin@example.com")
        invitations.accept(first, user)

        invitations.withdraw(second, by=personas.manager)

        assert leads_of(pos) == [user]

    def test_viewer_is_given_projects_once_made_a_lead(self, personas: Personas) -> None:
        pos = waiting(personas, "POS", "高远")
        assert leads.hand_over(personas.team, by=None) == []

        viewer = personas.viewer.memberships.get()
        members.change_roles(personas.team, {viewer.pk: Role.LEAD}, by=personas.manager)

        assert leads_of(pos) == [personas.viewer]

    def test_who_leaves_and_comes_back_has_the_projects_again(self, personas: Personas) -> None:
        members.remove_member(personas.lead.memberships.get(), by=personas.manager)
        assert leads_of(personas.project) == [None]

        invitations.accept(invited(personas, "xu@example.com", ""), personas.lead)

        assert leads_of(personas.project) == [personas.lead]

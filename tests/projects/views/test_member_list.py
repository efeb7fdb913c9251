from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Role, User
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas
from tests.factories import NOW, make_project, make_user

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/members/"


def invite(personas: Personas, *emails: str) -> None:
    guests = [Guest(email) for email in emails]
    invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("manager", 200)]
)
def test_every_member_may_see_the_others(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_addresses_and_controls_are_for_managers(personas: Personas, name: str, may: bool) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="xu@example.com")
    invite(personas, "zhao@example.com")
    page = personas.client(name).get(ADDRESS).text
    assert "许澄" in page
    assert "leads 1 project" in page
    for words in ("xu@example.com", "zhao@example.com", 'name="role"', "/remove/", "Invite"):
        assert (words in page) is may


def test_an_invitation_tells_how_far_it_is(personas: Personas) -> None:
    invite(personas, "zhao@example.com")
    client = personas.client("manager")
    assert "The mail is on its way" in client.get(ADDRESS).text
    invitations.send_due()
    assert "holds until Jul 3" in client.get(ADDRESS).text
    invitation = invitations.waiting(personas.team).get()
    invitation.expires_at = NOW - timedelta(days=1)
    invitation.save()
    assert "expired on Jun 18" in client.get(ADDRESS).text


def test_it_names_the_leads_who_have_no_account(personas: Personas) -> None:
    project = make_project(personas.team, "POS")
    project.lead_name = "赵宁<b>"
    project.save()
    page = personas.client("manager").get(ADDRESS).text
    assert "have no account yet: 赵宁&lt;b&gt;" in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    invite(personas, "a@example.com")
    few = queries()
    for number in range(6):
        user = make_user(f"member{number}", team=personas.team)
        make_project(personas.team, f"项目{number}", lead=user)
    invite(personas, "b@example.com", "c@example.com", "d@example.com")
    assert queries() == few

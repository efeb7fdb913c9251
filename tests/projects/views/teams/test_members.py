from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import (
    AuditRecord,
    Membership,
    Project,
    Role,
    User,
)
from projects.teams import invitations
from projects.teams.invitations import Guest
from tests.conftest import Personas
from tests.factories import NOW, make_project, make_question, make_user
from tests.html import elements, form_data, row, text, texts

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/members/"


def invite(personas: Personas, *emails: str) -> None:
    guests = [Guest(email) for email in emails]
    invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_only_managers_see_addresses_and_controls(personas: Personas, name: str, may: bool) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="xu@example.com")
    invite(personas, "zhao@example.com")
    response = personas.client(name).get(LIST)
    page = response.text
    (lead,) = [row for row in elements(response, "li .what") if text(row, "strong") == "许澄"]
    assert text(lead, "small").endswith("leads 1 project")
    for words in ("xu@example.com", "zhao@example.com", 'name="role"', "/remove/", "Invite"):
        assert (words in page) is may


def test_invitation_shows_its_state(personas: Personas) -> None:
    invite(personas, "zhao@example.com")
    client = personas.client("manager")
    assert "The mail is on its way" in client.get(LIST).text
    invitations.send_due()
    assert "holds until Jul 3" in client.get(LIST).text
    invitation = invitations.waiting(personas.team).get()
    invitation.expires_at = NOW - timedelta(days=1)
    invitation.save()
    assert "expired on Jun 18" in client.get(LIST).text


def test_leads_without_account_are_named(personas: Personas) -> None:
    project = make_project(personas.team, "POS")
    project.lead_name = "赵宁<b>"
    project.save()
    page = personas.client("manager").get(LIST).text
    assert "have no account yet: 赵宁<b>" in text(page)


def test_members_add_no_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    invite(personas, "a@example.com")
    few = queries()
    for number in range(6):
        user = make_user(f"member{number}", team=personas.team)
        make_project(personas.team, f"项目{number}", lead=user)
    invite(personas, "b@example.com", "c@example.com", "d@example.com")
    assert queries() == few


ROLES = f"{LIST}roles/"


def role_field(personas: Personas, user: User) -> str:
    return f"role-{membership(personas, user).pk}"


def membership(personas: Personas, user: User) -> Membership:
    return Membership.objects.get(team=personas.team, user=user)


def test_roles_of_the_list_are_saved_at_once(personas: Personas) -> None:
    client = personas.client("manager")
    form = form_data(client.get(LIST), f'form[action="{ROLES}"]')
    chosen = {
        role_field(personas, personas.viewer): "lead",
        role_field(personas, personas.lead): "viewer",
    }
    assert client.post(ROLES, form | chosen)["Location"] == LIST
    assert membership(personas, personas.viewer).role == "lead"
    assert membership(personas, personas.lead).role == "viewer"
    assert text(client.get(LIST), "[role=status]") == "The roles are saved."
    assert AuditRecord.objects.filter(action="member.role").count() == 2


def test_role_that_two_managers_change_is_shown_with_all_that_was_chosen(
    personas: Personas,
) -> None:
    client = personas.client("manager")
    form = form_data(client.get(LIST), f'form[action="{ROLES}"]')
    viewer, lead = (role_field(personas, user) for user in (personas.viewer, personas.lead))
    client.post(ROLES, {viewer: "manager"})
    response = client.post(ROLES, form | {viewer: "lead", lead: "viewer"})
    assert response.status_code == 422
    assert row(response, "Role of 高远", "table.differences")["Theirs"] == "manager"
    assert membership(personas, personas.lead).role == "lead"
    again = form_data(response, f'form[action="{ROLES}"]')
    assert (again[viewer], again[lead]) == ("lead", "viewer")
    assert client.post(ROLES, again).status_code == 302
    assert membership(personas, personas.lead).role == "viewer"


def test_role_of_somebody_who_left_meanwhile_is_named(personas: Personas) -> None:
    client = personas.client("manager")
    form = form_data(client.get(LIST), f'form[action="{ROLES}"]')
    viewer, lead = (role_field(personas, user) for user in (personas.viewer, personas.lead))
    membership(personas, personas.viewer).delete()
    page = client.post(ROLES, form | {viewer: "lead", lead: "viewer"}, follow=True)
    assert text(page, "p.notice.warning").endswith("what it was typed for: lead")
    assert membership(personas, personas.lead).role == "viewer"


def test_button_of_a_row_saves_the_roles_first(personas: Personas) -> None:
    client = personas.client("manager")
    form = form_data(client.get(LIST), f'form[action="{ROLES}"]')
    chosen = {role_field(personas, personas.viewer): "lead"}
    client.post(remove_address(personas, personas.other_lead), form | chosen)
    assert membership(personas, personas.viewer).role == "lead"
    assert not personas.team.memberships.filter(user=personas.other_lead).exists()


def test_role_of_the_last_manager_stays(personas: Personas) -> None:
    sent = {role_field(personas, personas.manager): "viewer"}
    response = personas.client("manager").post(ROLES, sent)
    assert response.status_code == 422
    assert "林岚 is the only manager" in response.text
    assert membership(personas, personas.manager).role == "manager"


@pytest.mark.parametrize("role", ["", "king", "<script>"])
def test_unknown_role_is_refused(personas: Personas, role: str) -> None:
    sent = {role_field(personas, personas.viewer): role}
    response = personas.client("manager").post(ROLES, sent)
    assert response.status_code == 422
    assert "Choose one of the roles." in response.text


def test_role_of_another_teams_member_stays(personas: Personas) -> None:
    theirs = personas.outsider.memberships.get()
    personas.client("manager").post(ROLES, {f"role-{theirs.pk}": "viewer"})
    assert personas.outsider.memberships.get().role == theirs.role


def remove_address(personas: Personas, user: User) -> str:
    return f"/t/pay/members/{Membership.objects.get(team=personas.team, user=user).pk}/remove/"


def test_member_is_removed(personas: Personas) -> None:
    client, path = personas.client("manager"), remove_address(personas, personas.lead)
    assert client.post(path)["Location"] == "/t/pay/members/"
    assert client.post(path).status_code == 404
    assert personas.client("lead").get("/t/pay/").status_code == 404
    personas.project.refresh_from_db()
    assert (personas.project.lead, personas.project.lead_name) == (None, "许澄")


def test_last_manager_is_not_removed(personas: Personas) -> None:
    response = personas.client("manager").post(remove_address(personas, personas.manager))
    assert response.status_code == 422
    assert "林岚 is the only manager" in response.text


def test_manager_who_removes_themselves_leaves_the_team_pages(personas: Personas) -> None:
    make_user("second", team=personas.team, role=Role.MANAGER)
    client = personas.client("manager")
    assert client.post(remove_address(personas, personas.manager))["Location"] == "/"
    assert client.get("/").status_code == 200


def test_another_teams_member_is_not_removed(personas: Personas) -> None:
    theirs = personas.outsider.memberships.get()
    client = personas.client("manager")
    assert client.post(f"/t/pay/members/{theirs.pk}/remove/").status_code == 404


# --- handing projects over, and members of one name -------------------------------------------


def test_projects_are_handed_over_with_their_questions(personas: Personas) -> None:
    other = make_project(personas.team, "POS", lead=personas.lead)
    closed = make_project(personas.team, "旧柜面", lead=personas.lead)
    closed.closed_on = date(2024, 6, 3)
    closed.save()
    question = make_question(other, personas.manager)
    manager = personas.client("manager")
    lead = Membership.objects.get(user=personas.lead)
    to = Membership.objects.get(user=personas.other_lead)
    sent = {f"hand-over-{lead.pk}-to": str(to.pk)}
    page = manager.post(f"{LIST}{lead.pk}/hand-over/", sent, follow=True)
    assert "陈默 leads 2 projects of 许澄 now." in text(page)
    led = Project.objects.filter(lead=personas.other_lead).values_list("name", flat=True)
    assert set(led) == {"贝易转", "POS"}
    records = AuditRecord.objects.filter(action="project.change", by=personas.manager)
    assert {record.subject for record in records} == {"贝易转", "POS"}
    assert question.text in personas.client("other_lead").get("/t/pay/checkin/").text
    assert question.text not in personas.client("lead").get("/t/pay/checkin/").text


def test_nothing_is_handed_to_who_cannot_lead(personas: Personas) -> None:
    lead = Membership.objects.get(user=personas.lead)
    for name in ("viewer", "lead"):
        to = Membership.objects.get(user=getattr(personas, name))
        address = f"{LIST}{lead.pk}/hand-over/"
        page = personas.client("manager").post(address, {f"hand-over-{lead.pk}-to": str(to.pk)})
        assert page.status_code == 422
    assert Project.objects.get().lead == personas.lead


def test_single_projects_are_ticked_for_handing_over(personas: Personas) -> None:
    make_project(personas.team, "POS", lead=personas.other_lead)
    page = personas.client("manager").get(f"/t/pay/projects/?led={personas.lead.pk}")
    ticked = elements(page, "td.tick input[checked]")
    assert [box["aria-label"] for box in ticked] == ["贝易转"]


def test_members_of_one_name_are_told_apart_wherever_they_are_listed(personas: Personas) -> None:
    twin = make_user("xu2", "许 澄", personas.team)
    make_project(personas.team, "POS", lead=twin)
    manager = personas.client("manager")
    names = texts(manager.get(LIST), "li .what strong")
    assert {"许澄 (lead)", "许 澄 (xu2)"} < set(names)
    page = manager.get("/t/pay/projects/")
    assert set(texts(page, "td.col-lead")) == {"许澄 (lead)", "许 澄 (xu2)"}
    settings = manager.get(f"/t/pay/projects/{personas.project.pk}/settings/")
    assert {"许澄 (lead)", "许 澄 (xu2)"} < set(texts(settings, "select[name=lead] option"))
    dashboard = manager.get("/t/pay/", {"lead": "许澄 (lead)"})
    assert texts(dashboard, "td span.col-lead") == ["许澄 (lead)"]


def test_people_are_chosen_from_lists_by_name_whatever_their_role(personas: Personas) -> None:
    page = personas.client("manager").get(LIST)
    by_name = ["陈默", "高远", "林岚", "许澄"]  # chen, gao, lin, xu; the third is the manager
    assert texts(page, "select[name=deputy] option")[1:] == by_name
    leading = [name for name in by_name if name != "高远"]
    assert texts(page, "select[name$=-to] option")[1:] == [n for n in leading if n != "许澄"]

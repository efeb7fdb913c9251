from __future__ import annotations

from datetime import timedelta

import pytest

from projects.models import AuditRecord, Membership, Role, User, WeekFacts
from projects.teams import checklist, members
from tests.conftest import Personas
from tests.factories import make_project, make_user

pytestmark = pytest.mark.usefixtures("now")


def membership(personas: Personas, user: User) -> Membership:
    return Membership.objects.get(team=personas.team, user=user)


def test_members_are_ordered_by_role_and_pinyin(personas: Personas) -> None:
    make_project(personas.team, "POS", lead=personas.lead)
    closed = make_project(personas.team, "旧收银台", lead=personas.lead)
    closed.closed_on = personas.team.today()
    closed.save()
    ending = make_project(personas.team, "转账", lead=personas.other_lead)
    ending.closed_on = personas.team.today() + timedelta(days=1)  # until then it is open
    ending.save()
    listed = [(member.user.username, member.led) for member in members.members_of(personas.team)]  # type: ignore[attr-defined]
    assert listed == [("manager", 0), ("other_lead", 1), ("lead", 2), ("viewer", 0)]


def test_role_is_changed_and_noted(personas: Personas) -> None:
    member = membership(personas, personas.viewer)
    for _ in range(2):
        members.change_roles(personas.team, {member.pk: Role.LEAD}, by=personas.manager)
    assert membership(personas, personas.viewer).role == Role.LEAD
    record = AuditRecord.objects.get()
    assert (record.action, record.before, record.after) == (
        "member.role",
        {"role": "viewer"},
        {"role": "lead"},
    )


def test_last_manager_stays(personas: Personas) -> None:
    manager = membership(personas, personas.manager)
    with pytest.raises(members.LastManager):
        members.change_roles(personas.team, {manager.pk: Role.LEAD}, by=personas.manager)
    with pytest.raises(members.LastManager):
        members.remove_member(manager, by=personas.manager)
    make_user("second", team=personas.team, role=Role.MANAGER)
    members.remove_member(manager, by=personas.manager)
    assert not Membership.objects.filter(user=personas.manager).exists()


def test_two_roles_are_exchanged_at_once(personas: Personas) -> None:
    """Neither could be changed first: the team would be without a manager in between."""
    manager, viewer = (membership(personas, user) for user in (personas.manager, personas.viewer))
    wanted = {manager.pk: Role.VIEWER, viewer.pk: Role.MANAGER}
    rows = members.change_roles(personas.team, wanted, by=personas.manager)
    assert set(rows.changed) == {manager.pk, viewer.pk}
    assert membership(personas, personas.viewer).role == Role.MANAGER
    assert AuditRecord.objects.filter(action="member.role").count() == 2


def test_role_of_somebody_who_left_meanwhile_is_told(personas: Personas) -> None:
    viewer = membership(personas, personas.viewer)
    key = viewer.pk
    viewer.delete()
    rows = members.change_roles(personas.team, {key: Role.LEAD}, by=personas.manager)
    assert (rows.changed, rows.gone) == ({}, {key: Role.LEAD})


def test_removed_member_stays_named_on_the_projects(personas: Personas) -> None:
    elsewhere = make_project(personas.outsider.memberships.get().team, "反诈", lead=personas.lead)
    written = make_project(personas.team, "POS", lead=personas.lead)
    written.lead_name = "许工"
    written.save()
    lead = membership(personas, personas.lead)
    members.remove_member(lead, by=personas.manager)
    members.remove_member(lead, by=personas.manager)  # twice is once
    personas.project.refresh_from_db()
    written.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (personas.project.lead, personas.project.lead_name) == (None, "许澄")
    assert (written.lead, written.lead_name) == (None, "许工")
    assert elsewhere.lead == personas.lead
    assert AuditRecord.objects.get().before["projects"] == ["贝易转", "POS"]
    assert WeekFacts.objects.exists()  # the page prints the lead
    waiting = checklist.waiting_names(personas.team)
    assert {name.name for name in waiting} == {"许工", "许澄"}

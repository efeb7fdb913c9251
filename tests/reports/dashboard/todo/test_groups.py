"""The list of what needs somebody: its kinds, what their rows say, and their verbs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projects import facts
from projects.access import get_team_for_user
from projects.models import User
from projects.teams import deputies
from reports.dashboard import attention
from reports.dashboard.pulse import pulse_of
from reports.dashboard.todo import groups
from reports.dashboard.todo.groups import Group
from reports.pages.live import current_document
from tests.conftest import Personas, request_of
from tests.factories import WEEK, make_entry, make_project, make_question, make_user

pytestmark = pytest.mark.usefixtures("now")


def groups_of(user: User) -> dict[str, Group]:
    access = get_team_for_user(request_of(user), "pay")
    document = current_document(access.team, WEEK)
    assert document is not None
    block = attention.block_of(access, document, pulse_of(access, WEEK))
    return {group.kind: group for group in groups.groups_of(access, document, block)}


def test_a_manager_learns_of_projects_whose_lead_is_gone(personas: Personas) -> None:
    make_entry(personas.project)
    led = make_project(personas.team, "POS", lead=personas.other_lead)
    make_entry(led)
    User.objects.filter(pk=personas.other_lead.pk).update(is_active=False)
    make_entry(make_project(personas.team, "对账平台"))
    facts.announce(personas.team, [WEEK])
    rows = groups_of(personas.manager)["leaderless"].rows
    assert {(row.subject, row.who) for row in rows} == {("POS", "陈默"), ("对账平台", "")}
    assert all(row.verb and row.verb.url.endswith("/settings/") for row in rows)
    assert "leaderless" not in groups_of(personas.lead)


def test_a_silent_project_without_a_lead_is_listed_once(personas: Personas) -> None:
    make_entry(personas.project)
    silent = make_project(personas.team, "POS")
    facts.announce(personas.team, [WEEK])
    groups = groups_of(personas.manager)
    (row,) = groups["silent"].rows
    assert row.anchor == f"todo-silent-{silent.pk}"
    assert row.verb
    assert row.verb.kind == "link"
    assert "leaderless" not in groups


def test_a_manager_sees_who_stands_in_for_whom(personas: Personas) -> None:
    make_entry(personas.project)
    team, today = personas.team, personas.team.today()
    person = team.memberships.get(user=personas.lead)
    deputy = team.memberships.get(user=personas.other_lead)
    deputies.name_deputy(person, deputy, today, today + timedelta(1), by=personas.manager)
    (row,) = groups_of(personas.manager)["deputies"].rows
    assert (row.subject, row.who) == ("陈默", "许澄")
    assert row.what == "代理许澄，6月20日 结束"


def test_five_rows_are_shown_and_the_others_are_a_click_away(personas: Personas) -> None:
    for number in range(7):
        lead = make_user(f"l{number}", team=personas.team)
        make_project(personas.team, f"项目{number}", lead=lead)
    facts.announce(personas.team, [WEEK])
    silent = groups_of(personas.manager)["silent"]
    assert (silent.count, len(silent.first), len(silent.rest)) == (8, 5, 3)


def test_a_folded_kind_has_a_gist_and_only_who_may_has_a_verb(personas: Personas) -> None:
    make_entry(personas.project)
    make_question(personas.project, personas.manager, "窗口定了吗？")
    facts.announce(personas.team, [WEEK])
    of_manager = groups_of(personas.manager)["questions"]
    assert not of_manager.is_open
    assert of_manager.gist.startswith("贝易转 窗口定了吗？ · 许澄")
    kinds = [
        row.verb and row.verb.kind
        for user in (personas.manager, personas.lead, personas.viewer)
        for row in groups_of(user)["questions"].rows
    ]
    assert kinds == ["post", "link", None]

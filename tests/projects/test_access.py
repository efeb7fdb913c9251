from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from projects import access
from projects.models import Role, User, WeekNumbering
from tests.conftest import Personas
from tests.factories import WEEK, make_project, make_team


def test_a_member_gets_the_role_of_the_membership(personas: Personas) -> None:
    found = access.get_team_for_user(personas.viewer, "pay")
    assert (found.team, found.role, found.is_manager) == (personas.team, Role.VIEWER, False)


@pytest.mark.parametrize("slug", ["pay", "no-such-team"])
def test_who_is_no_member_cannot_tell_a_team_from_none(personas: Personas, slug: str) -> None:
    with pytest.raises(Http404):
        access.get_team_for_user(personas.outsider, slug)


def test_a_superuser_is_manager_everywhere(personas: Personas) -> None:
    root = User.objects.create_superuser("root")
    assert access.get_team_for_user(root, "pay").is_manager
    assert list(access.teams_for_user(root)) == [
        personas.team,
        personas.outsider.memberships.get().team,
    ]
    with pytest.raises(Http404):
        access.get_team_for_user(root, "no-such-team")


def test_a_superuser_is_manager_even_where_the_membership_says_less(personas: Personas) -> None:
    personas.viewer.is_superuser = True
    personas.viewer.save()
    assert access.get_team_for_user(personas.viewer, "pay").is_manager


def test_a_project_of_another_team_is_not_there(personas: Personas) -> None:
    elsewhere = make_project(make_team("other"), "POS")
    with pytest.raises(Http404):
        access.get_project_for_user(personas.manager, "pay", elsewhere.pk)


@pytest.mark.parametrize(
    ("name", "may"),
    [("manager", True), ("lead", True), ("other_lead", False), ("viewer", False)],
)
def test_who_reports_on_a_project(personas: Personas, name: str, may: bool) -> None:
    found = access.get_team_for_user(getattr(personas, name), "pay")
    assert found.can_report(personas.project) is may
    if may:
        access.require_can_report(found, personas.project)
    else:
        with pytest.raises(PermissionDenied):
            access.require_can_report(found, personas.project)


def test_a_viewer_who_is_named_as_lead_still_only_reads(personas: Personas) -> None:
    personas.project.lead = personas.viewer
    found = access.get_team_for_user(personas.viewer, "pay")
    assert not found.can_report(personas.project)


@pytest.mark.parametrize("name", ["lead", "viewer"])
def test_only_managers_manage(personas: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        access.require_manager(access.get_team_for_user(getattr(personas, name), "pay"))
    access.require_manager(access.get_team_for_user(personas.manager, "pay"))


def test_a_week_has_one_address(db: None) -> None:
    team = make_team(numbering=WeekNumbering.ISO)
    assert access.get_week(team, "2024-W25") == WEEK


@pytest.mark.parametrize(
    "label",
    ["2024-w25", "2024-W5", "2024-06-17", "2024-W54", "W25", "", "0001-W01", "9999-W52", "x" * 999],
)
def test_any_other_spelling_of_a_week_is_not_there(db: None, label: str) -> None:
    with pytest.raises(Http404):
        access.get_week(make_team(), label)

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from okrtracker.requests.other_address import OtherAddress
from projects import access
from projects.access import Access
from projects.models import Incident, Role, User, WeekNumbering
from projects.teams import week_addresses
from tests.conftest import Personas, request_of
from tests.factories import (
    WEEK,
    make_cycle,
    make_incident,
    make_key_result,
    make_metric,
    make_milestone,
    make_objective,
    make_project,
    make_question,
    make_team,
)


def of(personas: Personas, name: str) -> HttpRequest:
    return request_of(getattr(personas, name))


def access_of(user: User) -> Access:
    return access.get_team_for_user(request_of(user), "pay")


def test_member_gets_the_role_of_the_membership(personas: Personas) -> None:
    viewer = access_of(personas.viewer)
    assert (viewer.team, viewer.role, viewer.is_manager) == (personas.team, Role.VIEWER, False)


@pytest.mark.parametrize("slug", ["pay", "no-such-team"])
def test_outsider_cannot_tell_a_team_from_none(personas: Personas, slug: str) -> None:
    with pytest.raises(Http404):
        access.get_team_for_user(of(personas, "outsider"), slug)


def test_superuser_is_manager_everywhere(personas: Personas) -> None:
    root = User.objects.create_superuser("root")
    assert access_of(root).is_manager
    assert list(access.teams_for_user(root)) == [
        personas.team,
        personas.outsider.memberships.get().team,
    ]
    with pytest.raises(Http404):
        access.get_team_for_user(request_of(root), "no-such-team")


def test_superuser_is_manager_even_where_the_membership_says_less(personas: Personas) -> None:
    personas.viewer.is_superuser = True
    personas.viewer.save()
    assert access_of(personas.viewer).is_manager


def test_project_of_another_team_is_not_found(personas: Personas) -> None:
    elsewhere = make_project(make_team("other"), "POS")
    for get in (
        access.get_project_for_user,
        access.get_project_for_manager,
        access.get_project_for_reporter,
    ):
        with pytest.raises(Http404):
            get(of(personas, "manager"), "pay", elsewhere.pk)


@pytest.mark.parametrize(
    ("name", "may"),
    [("manager", True), ("lead", True), ("other_lead", False), ("viewer", False)],
)
def test_managers_and_the_lead_report_on_a_project(
    personas: Personas, name: str, may: bool
) -> None:
    request = of(personas, name)
    project = personas.project
    milestone = make_milestone(project)
    question = make_question(project, personas.manager)
    assert access_of(getattr(personas, name)).can_report(project) is may
    if may:
        _, loaded = access.get_project_for_reporter(request, "pay", project.pk)
        assert loaded == project
        _, of_project = access.get_milestone_for_reporter(request, "pay", project.pk, milestone.pk)
        assert of_project == milestone
        _, asked = access.get_question_for_reporter(request, "pay", question.pk)
        assert asked == question
        return
    with pytest.raises(PermissionDenied):
        access.get_project_for_reporter(request, "pay", project.pk)
    with pytest.raises(PermissionDenied):
        access.get_milestone_for_reporter(request, "pay", project.pk, milestone.pk)
    with pytest.raises(PermissionDenied):
        access.get_question_for_reporter(request, "pay", question.pk)


def test_viewer_who_is_named_as_lead_only_reads(personas: Personas) -> None:
    personas.project.lead = personas.viewer
    assert not access_of(personas.viewer).can_report(personas.project)


@pytest.mark.parametrize("name", ["manager", "other_lead", "viewer"])
def test_managers_and_all_leads_enter_what_belongs_to_the_team(
    personas: Personas, name: str
) -> None:
    request = of(personas, name)
    incident = make_incident(personas.team)
    if name == "viewer":
        with pytest.raises(PermissionDenied):
            access.get_team_for_reporter(request, "pay")
        with pytest.raises(PermissionDenied):
            access.get_incident_for_reporter(request, "pay", incident.pk)
        return
    assert access.get_team_for_reporter(request, "pay").may_report
    assert access.get_incident_for_reporter(request, "pay", incident.pk)[1] == incident


def test_incident_of_an_imported_page_cannot_be_changed(personas: Personas) -> None:
    imported = make_incident(personas.team)
    Incident.objects.update(text="6月18日12:03 监控发现 …")
    with pytest.raises(Http404):
        access.get_incident_for_reporter(of(personas, "manager"), "pay", imported.pk)


@pytest.mark.parametrize("name", ["manager", "lead", "viewer"])
def test_only_managers_manage(personas: Personas, name: str) -> None:
    request = of(personas, name)
    objective = make_objective(make_cycle(personas.team))
    metric = make_metric(personas.team)
    result = make_key_result(objective, metric)
    question = make_question(personas.project, personas.manager)
    calls: dict[str, Callable[[], bool]] = {
        "team": lambda: access.get_team_for_manager(request, "pay").team == personas.team,
        "project": lambda: (
            access.get_project_for_manager(request, "pay", personas.project.pk)[1]
            == personas.project
        ),
        "cycle": lambda: (
            access.get_cycle_for_manager(request, "pay", objective.cycle_id)[1] == objective.cycle
        ),
        "objective": lambda: (
            access.get_objective_for_manager(request, "pay", objective.pk)[1] == objective
        ),
        "key result": lambda: (
            access.get_key_result_for_manager(request, "pay", objective.pk, result.pk)[1] == result
        ),
        "metric": lambda: access.get_metric_for_manager(request, "pay", metric.pk)[1] == metric,
        "question": lambda: (
            access.get_question_for_manager(request, "pay", question.pk)[1] == question
        ),
    }
    for thing, call in calls.items():
        if name == "manager":
            assert call(), thing
        else:
            with pytest.raises(PermissionDenied):
                call()


def test_week_has_one_address(db: None) -> None:
    team = make_team(numbering=WeekNumbering.ISO)
    assert week_addresses.get_week(team, "2024-W25") == WEEK
    with pytest.raises(OtherAddress) as other:
        week_addresses.get_week(team, "2024-06-19")
    assert other.value.parts == {"label": "2024-W25"}
    assert week_addresses.named_week(team, "2024-06-19") == WEEK


@pytest.mark.parametrize(
    "label",
    ["2024-w25", "2024-W5", "2024-06-31", "2024-W54", "W25", "", "0001-W01", "9999-W52", "x" * 999],
)
def test_any_other_spelling_of_a_week_is_not_found(db: None, label: str) -> None:
    with pytest.raises(Http404):
        week_addresses.get_week(make_team(), label)

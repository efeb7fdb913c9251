"""Each URL for each persona: who may come in does, who may not is told so, and writes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.backends.django import Template
from django.test import Client

from projects import facts
from projects.models import (
    DayException,
    Membership,
    Metric,
    MetricAlias,
    MetricMerge,
    PlannedItem,
    Project,
    Role,
    Team,
    User,
)
from projects.operations import metric_merge, metric_names
from projects.portfolio import aliases, merge
from projects.teams import invitations
from projects.teams.invitations import Guest
from projects.weeks import WEEK as ONE_WEEK
from reports.digest import recipients, subscribers
from reports.models import ImportBatch
from reports.pages import live, publish
from tests.addresses import EVERYBODY, MEMBERS, SIGNED_IN, WHO, Pattern, path_of, patterns
from tests.conftest import Personas, english_client, make_personas
from tests.factories import (
    NOW,
    WEEK,
    make_channel,
    make_comment,
    make_cycle,
    make_deputy,
    make_entry,
    make_incident,
    make_key_result,
    make_metric,
    make_milestone,
    make_objective,
    make_page,
    make_project,
    make_question,
    make_section,
    make_stage,
    make_subscriber,
    make_user,
    recipient_of,
)
from tests.reports.imports.pages import read as read_import
from tests.tables import each_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PATTERNS = sorted(patterns(), key=lambda pattern: pattern.name)
# What an address names besides the team's own things.
NOT_A_ROW = {"team", "key", "label", "ending", "spreadsheet", "field", "number"}


def values_of(team: Team, project: Project, manager: User) -> dict[str, object]:
    """One thing of each kind that an address may name, all of that team."""
    make_entry(project)
    page = make_page(team)
    facts.announce(team, [WEEK])  # in a browser test that week is long past
    edition = publish.publish_week(team, WEEK, publish.Publication(by=manager))
    return {
        "team": team.slug,
        "language": "en",
        "label": "2024-W25",
        "number": edition.number,
        "ending": "md",
        "spreadsheet": "csv",
        "field": "reflection",
        "key": "0" * 16,  # a finding that is no longer there
        "section_id": make_section(page).pk,
        "stage_id": make_stage(team).pk,
        "day_exception_id": DayException.objects.create(
            team=team, day=date(2024, 6, 21), is_working=False
        ).pk,
        "channel_id": make_channel(team).pk,
        "membership_id": manager.memberships.get(team=team).pk,
        **values_of_project(project, manager),
        **values_of_people(team, manager),
        **values_of_goals(team, manager),
        **import_values(team, manager),
    }


def values_of_project(project: Project, manager: User) -> dict[str, object]:
    team, name = project.team, project.name
    plan = PlannedItem.objects.create(team=team, week=WEEK - ONE_WEEK, text=f"{name}提测")
    alias = aliases.add(project, f"{name}的别名", by=None)
    taken_in = make_project(team, f"{name}二期")
    return {
        "project_id": project.pk,
        "alias_id": alias.pk,
        "project_merge_id": merge.merge(project, taken_in, by=None).pk,
        "milestone_id": make_milestone(project, percent=40).pk,
        "question_id": make_question(project, manager).pk,
        "comment_id": make_comment(project, manager).pk,
        "item_id": plan.pk,
    }


def values_of_people(team: Team, manager: User) -> dict[str, object]:
    guests = [Guest("zhao@example.com")]
    invitation = invitations.invite(team, guests, Role.LEAD, by=manager)[0]
    subscriber = make_subscriber(team)
    away = team.memberships.order_by("pk")[0]
    stand_in = Membership.objects.create(team=team, user=make_user(f"stand-in-{team.slug}"))
    year = date(2025, 1, 1), date(2025, 12, 31)  # neither now nor in browser tests
    return {
        "deputy_id": make_deputy(away, stand_in, *year).pk,
        "invitation_id": invitation.pk,
        "token": invitations.token_of(invitation),
        "reason": "expired",
        "address": "too.old",
        "subscriber_id": subscriber.pk,
        "subscription": recipients.token_of(recipient_of(subscriber)),
        "confirmation": subscribers.token_of(subscriber),
    }


def values_of_goals(team: Team, manager: User) -> dict[str, object]:
    objective, metric = make_objective(make_cycle(team)), make_metric(team)
    return {
        "objective_id": objective.pk,
        "cycle_id": objective.cycle_id,
        "metric_id": metric.pk,
        "metric_alias_id": make_metric_alias(metric, by=manager).pk,
        "metric_merge_id": merged_metric(metric, by=manager).pk,
        "key_result_id": make_key_result(objective, metric).pk,
        "incident_id": make_incident(team).pk,
    }


def make_metric_alias(metric: Metric, by: User) -> MetricAlias:
    alias = metric_names.add(metric, f"{metric.name}的别名", by=by)
    assert alias is not None
    return alias


def merged_metric(metric: Metric, by: User) -> MetricMerge:
    other = Metric.objects.create(team=metric.team, name=f"{metric.name}二", unit=metric.unit)
    return metric_merge.merge(metric, other, by=by)


def import_values(team: Team, manager: User) -> dict[str, object]:
    """An import to be reviewed, and one that was applied."""
    page_import = read_import(team, manager)
    return {
        "import_id": page_import.pk,
        "doubt_id": page_import.doubts.all()[0].pk,
        "page_id": page_import.pages.all()[0].pk,
        "batch_id": ImportBatch.objects.create(team=team).pk,
    }


@dataclass(frozen=True, slots=True)
class World:
    """Two teams with one thing of each kind."""

    personas: Personas
    own: dict[str, object]  # what an address names, of the personas' team
    foreign: dict[str, object]  # the same, of the outsider's
    cookies: dict[str, str]  # of the sessions by persona

    def client(self, name: str) -> Client:
        """A browser of that persona, signed in by the session that was begun for the module."""
        client = english_client()
        if name in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[name]
        return client


@pytest.fixture(scope="module")
def world(module_rows: None) -> World:
    with time_machine.travel(NOW, tick=False):
        personas = make_personas()
        own = values_of(personas.team, personas.project, personas.manager)
        other_team = Team.objects.get(slug="risk")
        other_project = make_project(other_team, "反诈平台")
        foreign = values_of(other_team, other_project, personas.outsider)
        live.compile_page(personas.team, WEEK)  # or each request would compile it
        cookies = {name: session_of(personas, name) for name in SIGNED_IN}
        return World(personas, own, foreign, cookies)


@pytest.fixture(scope="module", autouse=True)
def only_pages_of_a_lead_are_rendered() -> Iterator[None]:
    """Who may come in is decided before the page is rendered, in a few percent of the time.

    test_hostile_values renders the pages of a manager, test_viewer those of a viewer. Nobody reads
    what is logged of 1,500 refusals.
    """
    render = Template.render

    def render_for_lead(template: Any, context: Any = None, request: Any = None) -> Any:
        if request is None or is_page_of_lead(request, template.template.name):
            return render(template, context, request)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", render_for_lead)
        patch.setattr(logging.getLogger("django.request"), "disabled", True)
        yield


def is_page_of_lead(request: HttpRequest, template: str) -> bool:
    is_lead = getattr(request, "user", None) and request.user.get_username() == "lead"
    return bool(is_lead) and request.method == "GET" and template not in ("403.html", "404.html")


def session_of(personas: Personas, name: str) -> str:
    return personas.client(name).cookies[settings.SESSION_COOKIE_NAME].value


def answers_to(world: World, name: str, path: str) -> Iterator[tuple[str, HttpResponseBase]]:
    """What that persona is answered, by method; a method that the view lacks is left out."""
    client = world.client(name)
    for method in ("GET", "POST"):
        response = client.generic(method, path)
        if response.status_code != 405:
            yield method, response


def is_login(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response["Location"].startswith(str(settings.LOGIN_URL))


def test_every_url_is_in_the_table_and_no_other() -> None:
    assert {pattern.name for pattern in PATTERNS} == set(WHO)


@each_row("pattern", PATTERNS)
def test_who_may_come_in(world: World, pattern: Pattern) -> None:
    for persona in sorted(EVERYBODY):
        with transaction.atomic():
            assert_answered_as_the_table_says(world, pattern, persona)
            transaction.set_rollback(True)  # what one of them removed is there for the next


def assert_answered_as_the_table_says(world: World, pattern: Pattern, persona: str) -> None:
    who, methods = WHO[pattern.name], set()
    for method, response in answers_to(world, persona, path_of(pattern, world.own)):
        methods.add(method)
        may = persona in (who.reads if method == "GET" else who.writes)
        if may:
            assert response.status_code not in (401, 403, 404, 500), (persona, method)
            assert not is_login(response), (persona, method)
        elif persona == "anonymous":
            assert is_login(response), (persona, method)
        else:
            expected = (403, 404) if persona in MEMBERS else (404,)
            assert response.status_code in expected, (persona, method)
    if persona != "anonymous":  # who is asked to sign in whatever the method
        assert ("GET" in methods) == bool(who.reads), persona
        assert ("POST" in methods) == bool(who.writes), persona


@each_row("pattern", [p for p in PATTERNS if "team" in p.parameters])
def test_another_teams_things_are_not_there(world: World, pattern: Pattern) -> None:
    """Each thing that the address names, one at a time, replaced by one of the other team."""
    rows = pattern.parameters - NOT_A_ROW
    for name in rows or {"team"}:
        path = path_of(pattern, world.own | {name: world.foreign[name]})
        answers = list(answers_to(world, "manager", path))
        assert answers
        for method, response in answers:
            assert response.status_code == 404, (name, method)

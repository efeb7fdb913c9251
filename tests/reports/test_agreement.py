"""Every screen, mail and export says the same of a project, whatever its history.

Random histories are written through the write path, week by week. Then everything that shows the
projects is read as people read it: HTML, CSV, the text of mails.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Final

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from projects import facts
from projects.checkin import milestones, recording
from projects.checkin.drops import DropUnexplained
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.models import Health, Membership, Project, Role, Team, User
from projects.portfolio import lifecycle
from projects.portfolio.lifecycle import NewProject
from projects.weeks import WEEK as SEVEN_DAYS
from reports.pages.live import current_document
from reports.weekly.comparison import objectives_of
from tests.conftest import english_client
from tests.factories import NOW, WEEK, make_cycle, make_objective, make_user
from tests.reports.surfaces import (
    Shown,
    checkin,
    dashboard,
    digest,
    dues_shown,
    objective_pages,
    project_pages,
    publishing,
    reminder,
    spreadsheet,
    weekly_page,
)

# Of each of three sizes of a history: `make test-long` tries more than 200 in all.
EXAMPLES: Final = {"ci": 12, "explore": 80}.get(settings.get_current_profile_name(), 2)
NAMES: Final = ("Alpha", "Bravo", "Charlie")

pytestmark = pytest.mark.django_db


# --- a history --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What happens to one project in one week, in this order."""

    reports: bool = False
    confirms: bool = False
    percent: int | None = None
    health: str = Health.ON_TRACK
    milestone_percent: int | None = None
    due_in_weeks: int | None = None
    drops: bool = False
    closes: bool = False
    reopens: bool = False


def mostly[T](rest: T, other: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    return st.one_of(st.just(rest), st.just(rest), other)


STEPS: Final = st.builds(
    Step,
    reports=st.booleans(),
    confirms=mostly(rest=False, other=st.booleans()),
    percent=st.sampled_from([None, 40, 60, 100]),
    health=st.sampled_from([Health.ON_TRACK, Health.AT_RISK, Health.DONE, Health.PAUSED]),
    milestone_percent=mostly(None, st.sampled_from([0, 30, 100])),
    due_in_weeks=mostly(None, st.integers(0, 6)),
    drops=mostly(rest=False, other=st.booleans()),
    closes=mostly(rest=False, other=st.booleans()),
    reopens=st.booleans(),
)


def histories(projects: int) -> st.SearchStrategy[list[list[Step]]]:
    """By project the steps of its weeks, the present week's last."""
    weeks = st.lists(STEPS, min_size=1, max_size=4)
    return st.lists(weeks, min_size=projects, max_size=projects)


def take(project: Project, step: Step, week: date, lead: User) -> None:
    if project.closed_on and step.reopens:
        lifecycle.reopen_project(project, "second phase", by=lead)
    project.refresh_from_db()
    if project.closed_on:
        return
    if step.reports:
        recording.record(project, week, _check_in(project, step, week), by=lead)
    elif step.confirms and project.entries.exists():
        with suppress(DropUnexplained):
            recording.confirm_unchanged(project, week, by=lead)
    still_open = project.milestones.open().first()
    if step.drops and still_open:
        milestones.close(still_open, "not needed", by=lead)
    if step.closes:
        lifecycle.close_project(project, "handed over", by=lead)


def _check_in(project: Project, step: Step, week: date) -> CheckIn:
    due_on = None if step.due_in_weeks is None else WEEK + step.due_in_weeks * SEVEN_DAYS
    percent = None if step.milestone_percent is None else Decimal(step.milestone_percent)
    updates: tuple[MilestoneUpdate, ...] = ()
    if due_on or percent is not None:
        milestone = project.milestones.open().first()
        updates = (
            MilestoneUpdate(
                name=milestone.name if milestone else f"Step {project.milestones.count()}",
                milestone_id=milestone.pk if milestone else None,
                percent=percent,
                due_on=due_on,
                reason="the line came late",
            ),
        )
    reported = None if step.percent is None else Decimal(step.percent)
    return CheckIn(
        f"Words of {week}",
        step.health,
        percent=reported,
        milestones=updates,
        drop_reason="more was added",
    )


# --- what is shown ----------------------------------------------------------------------------


@dataclass(frozen=True)
class People:
    manager: User
    lead: User


@pytest.fixture
def people(db: None) -> People:
    lead = make_user("lead", "Ann")
    lead.email = "ann@example.com"
    lead.save()
    return People(make_user("manager", "May"), lead)


_NUMBER: Final = count()


def make_history(history: list[list[Step]], people: People) -> tuple[Team, Membership]:
    # Another slug each time: what is cached under a team's slug is then of this history.
    slug = f"team{next(_NUMBER)}"
    team = Team.objects.create(slug=slug, name="Payments", language="en")
    Membership.objects.create(team=team, user=people.manager, role=Role.MANAGER)
    lead = Membership.objects.create(team=team, user=people.lead, role=Role.LEAD)
    objective = make_objective(make_cycle(team))
    longest = max(map(len, history))
    projects: dict[int, Project] = {}
    for ago in reversed(range(longest)):
        week = WEEK - ago * SEVEN_DAYS
        with time_machine.travel(datetime.combine(week, time(4), NOW.tzinfo), tick=False):
            for number, steps in enumerate(history):
                if len(steps) <= ago:
                    continue
                if number not in projects:
                    begun = [NewProject(NAMES[number], objective, people.lead)]
                    (projects[number],) = lifecycle.create_projects(team, begun, by=people.manager)
                    Project.objects.filter(pk=projects[number].pk).update(started_on=week)
                take(projects[number], steps[len(steps) - 1 - ago], week, people.lead)
    return team, lead


THOROUGH: Final = settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate),  # shrinking a history takes longer than reading it
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


SAID_FORTY: Final = Step(reports=True, percent=40)


@pytest.mark.usefixtures("now")
@THOROUGH
@given(history=histories(1))
@example(history=[[SAID_FORTY, Step(reports=True)]])  # the percent is carried
@example(history=[[SAID_FORTY, Step(reports=True), Step()]])
@example(history=[[Step(reports=True, health=Health.DONE), Step()]])
@example(history=[[Step(reports=True, health=Health.PAUSED), Step()]])
@example(history=[[SAID_FORTY, Step(closes=True)]])
@example(history=[[SAID_FORTY, Step(reports=True, percent=60, due_in_weeks=5)]])  # time is gone
@example(history=[[replace(SAID_FORTY, closes=True), Step(), Step(reopens=True)]])
@example(history=[[replace(SAID_FORTY, closes=True), Step(reopens=True)]])
@example(history=[[SAID_FORTY, Step(reports=True, percent=60, closes=True), Step()]])
@example(
    history=[
        [
            Step(reports=True, milestone_percent=30, due_in_weeks=0),
            Step(reports=True, milestone_percent=30, due_in_weeks=3),
            Step(reports=True, due_in_weeks=2),
            Step(reports=True, drops=True),
        ]
    ]
)
def test_a_project_is_the_same_everywhere(people: People, history: list[list[Step]]) -> None:
    check_history(people, history)


@pytest.mark.usefixtures("now")
@THOROUGH
@given(history=histories(2))
def test_two_projects_are_the_same_everywhere(people: People, history: list[list[Step]]) -> None:
    check_history(people, history)


@pytest.mark.usefixtures("now")
@THOROUGH
@given(history=histories(3))
def test_three_projects_are_the_same_everywhere(people: People, history: list[list[Step]]) -> None:
    check_history(people, history)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("steps", [[SAID_FORTY], [SAID_FORTY, Step(reports=True)]])
def test_what_only_history_told_is_the_same_everywhere(people: People, steps: list[Step]) -> None:
    team, lead = make_history([[*steps, Step()]], people)
    team.starts_on = WEEK
    team.save()
    Project.objects.update(started_on=WEEK - 4 * SEVEN_DAYS)
    facts.announce(team, [WEEK])
    check_agreement(team, lead, people)


def check_history(people: People, history: list[list[Step]]) -> None:
    with transaction.atomic():
        team, lead = make_history(history, people)
        check_agreement(team, lead, people)
        check_changes_of_objectives(team)
        transaction.set_rollback(True)


def check_agreement(team: Team, lead: Membership, people: People) -> None:
    manager, leading = english_client(), english_client()
    manager.force_login(people.manager)
    leading.force_login(people.lead)
    (page,) = weekly_page(manager, team)
    # An observer that shows nothing would agree with everything.
    assert page.owing is not None
    everywhere = {
        "check-in": checkin(leading, team),
        "dashboard": dashboard(manager, team),
        "project page": project_pages(manager, team, set(page.percents)),
        "digest": digest(manager, team, lead),
        "CSV": spreadsheet(manager, team),
        "reminder": reminder(team, people.manager),
        "objectives": objective_pages(manager, team),
        "publishing": publishing(manager, team),
    }
    observed = {place: list(pieces) for place, pieces in everywhere.items()}
    for place, pieces in observed.items():
        for shown in pieces:
            compare(place, shown, page)
    compare_objectives(observed)


def compare_objectives(everywhere: dict[str, list[Shown]]) -> None:
    """Each objective has one percent and one change, wherever any is printed."""
    board = everywhere["dashboard"][0]
    for place, pieces in everywhere.items():
        for shown in pieces:
            printed = {code: words for code, words in shown.objectives.items() if words != "–"}
            assert printed.items() <= board.objectives.items(), place


def check_changes_of_objectives(team: Team) -> None:
    """The change that is printed is the difference of what both weeks print."""
    now, then = (current_document(team, week) for week in (WEEK, WEEK - SEVEN_DAYS))
    if now is None or then is None:
        return  # no page, nothing printed
    before = {card.code: card.percent for card in objectives_of(then)}
    for card in objectives_of(now):
        printed = [percent for percent in (card.percent, before[card.code]) if percent is not None]
        assert card.change == (printed[0] - printed[1] if len(printed) == 2 else None), card.code


def compare(place: str, shown: Shown, page: Shown) -> None:
    percents = {name: percent for name, percent in shown.percents.items() if name in page.percents}
    expected = page.percents
    if place == "check-in":  # shows the percent of what was reported this week
        expected = {name: percent for name, percent in expected.items() if name in percents}
    if percents or (place in ("dashboard", "CSV", "digest") and shown.percents):
        assert percents == expected, place
    if shown.dues:
        assert shown.dues == dues_shown(shown, page.dues), place
    gone = {name: share for name, share in shown.time_gone.items() if name in page.time_gone}
    assert gone.items() <= page.time_gone.items(), place
    for fact in ("owing", "closed", "counts"):
        if (value := getattr(shown, fact)) is not None and getattr(page, fact) is not None:
            assert value == getattr(page, fact), f"{place}: {fact}"


@pytest.mark.usefixtures("now")
def test_the_observers_see_what_they_compare(people: People) -> None:
    planned = Step(reports=True, percent=40, milestone_percent=30, due_in_weeks=3)
    team, lead = make_history([[planned, Step(reports=True, percent=60)]], people)
    manager = english_client()
    manager.force_login(people.manager)
    board, digested = dashboard(manager, team), digest(manager, team, lead)
    for shown in (next(board), next(digested), *objective_pages(manager, team)):
        assert shown.objectives == {"O1": "60% ↑20"}
    (page,) = weekly_page(manager, team)
    assert page.time_gone["Alpha"]
    assert next(publishing(manager, team)).counts == "1 / 1"

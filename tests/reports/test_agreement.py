"""Every screen, mail and export says the same of a project, whatever its history.

Random histories are written through the write path, week by week. Then everything that shows the
projects is read as people read it: HTML, CSV, the text of mails.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Final

import pytest
import time_machine
from bs4 import Tag
from django.core import mail
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from projects.checkin import milestones, recording
from projects.checkin.recording import CheckIn, MilestoneUpdate
from projects.models import Health, Membership, Project, Role, Team, User
from projects.portfolio import lifecycle
from projects.portfolio.lifecycle import NewProject
from projects.weeks import WEEK as SEVEN_DAYS
from reports.schedule import reminder_dispatch, reminders
from tests.conftest import english_client
from tests.factories import NOW, WEEK, make_cycle, make_objective, make_user
from tests.html import element, elements, text, texts

# Of each of three sizes of a history: `make test-long` tries more than 200 in all.
EXAMPLES: Final = {"ci": 20, "explore": 80}.get(settings.get_current_profile_name(), 5)
NAMES: Final = ("Alpha", "Bravo", "Charlie")
_PERCENT: Final = re.compile(r"([\d.]+)%")

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
        known = project.milestones.open().first()
        updates = (
            MilestoneUpdate(
                name=known.name if known else f"Step {project.milestones.count()}",
                milestone_id=known.pk if known else None,
                percent=percent,
                due_on=due_on,
                reason="the line came late",
            ),
        )
    reported = None if step.percent is None else Decimal(step.percent)
    return CheckIn(f"Words of {week}", step.health, percent=reported, milestones=updates)


# --- what is shown ----------------------------------------------------------------------------


@dataclass
class Shown:
    """What one screen, mail or export says of the projects, by their names."""

    percents: dict[str, str] = field(default_factory=dict)  # "40%", "40% last known", ""
    dues: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # day, days late, moves
    owing: set[str] | None = None
    closed: set[str] | None = None
    counts: str | None = None  # "1 / 2"


def percent_in(words: str) -> str:
    """The first percent in the words, with its mark."""
    match = _PERCENT.search(words)
    if not match:
        return ""
    return f"{match[1]}% last known" if "last known" in words else f"{match[1]}%"


def due_in(words: str) -> tuple[str, int, int]:
    """The last day named, the days that it slipped, and how often."""
    days = re.findall(r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\.? \d+", words)
    late, moves = re.search(r"(\d+) days? late", words), re.search(r"(\d+) moves?", words)
    return days[-1], int(late[1]) if late else 0, int(moves[1]) if moves else 0


def dashboard(client: Client, team: Team) -> Iterator[Shown]:
    page = client.get(f"/t/{team.slug}/").content.decode()
    shown = Shown(counts=_counts(text(page, "#dashboard_progress")))
    for row in elements(page, "#projects_table tbody tr:not(.group)"):
        name = text(row, "a[href*='/projects/']:not(.ask-open)")
        shown.percents[name] = percent_in(" ".join(texts(row, ".col-percent")))
        for cell in elements(row, ".col-due_on"):
            for moved in cell.select(".moved"):
                moved.decompose()
            if cell.get_text(strip=True) != "–":
                shown.dues[name] = due_in(cell.get_text(" "))
    yield shown
    stale = client.get(f"/t/{team.slug}/?stale=1").content.decode()
    rows = elements(stale, "#projects_table tbody tr:not(.group)")
    yield Shown(owing={text(row, "a[href*='/projects/']:not(.ask-open)") for row in rows})
    silent = elements(page, "#dashboard_attention h3:-soup-contains('Not updated')")
    names = [name for heading in silent for name in _projects_under(heading)]
    yield Shown(owing=set(names))


def _projects_under(heading: Tag) -> list[str]:
    assert heading.parent is not None
    return texts(heading.parent, "li > a[href*='/projects/'], li > span > a[href*='/projects/']")


def _counts(words: str) -> str:
    """``1 / 2``; where nobody owes or has reported anything, there is no such line."""
    match = re.search(r"(\d+) / (\d+)", words)
    return match[0] if match else "0 / 0"


def checkin(client: Client, team: Team) -> Iterator[Shown]:
    page = client.get(f"/t/{team.slug}/checkin/").content.decode()
    cards = elements(page, "article.checkin-card")
    if not cards:
        yield Shown(owing=set(), counts="0 / 0")
        return
    shown = Shown(counts=_counts(text(page, "#checkin_progress")))
    shown.owing = {_of_card(card) for card in cards if card.has_attr("data-waiting")}
    for card in cards:
        if "Updated this week" in card.get_text() or "No change, confirmed" in card.get_text():
            words = card.get_text(" ", strip=True)
            reported = re.search(r"reported ([\d.]+%)", words)
            shown.percents[_of_card(card)] = percent_in(reported[1] if reported else words)
    yield shown


def _of_card(card: Tag) -> str:
    return text(card, "h2 a")


def project_pages(client: Client, team: Team, on_page: set[str]) -> Iterator[Shown]:
    """Of those on the week's page the percent and the date; of all, whether they owe or closed."""
    shown = Shown(owing=set(), closed=set())
    listed = client.get(f"/t/{team.slug}/projects/").content.decode()
    for project in Project.objects.filter(team=team):
        page = client.get(f"/t/{team.slug}/projects/{project.pk}/").content.decode()
        head = element(page, ".project-head")
        row = element(listed, f"tr:has(a[href$='/projects/{project.pk}/'])")
        on_page_itself = percent_in(" ".join(texts(head, ".percent")))
        assert percent_in(text(row, ".col-percent")) == on_page_itself
        is_closed = "closed" in text(head, ".head")
        assert ("closed" in text(row, ".col-health")) is is_closed
        if project.name in on_page:
            shown.percents[project.name] = on_page_itself
            for due in elements(head, "dt:-soup-contains('Due') + dd"):
                shown.dues[project.name] = due_in(due.get_text(" "))
        if "Not updated yet" in head.get_text():
            assert shown.owing is not None
            shown.owing.add(project.name)
        if is_closed and project.name in on_page:
            assert shown.closed is not None
            shown.closed.add(project.name)
    yield shown


def weekly_page(client: Client, team: Team) -> Iterator[Shown]:
    label = team.week_label(WEEK)
    page = client.get(f"/t/{team.slug}/weeks/{label}/draft/").content.decode()
    shown = Shown(owing=set(), closed=set(), counts=_counts(" ".join(texts(page, ".head"))))
    for article in elements(page, "article.entry"):
        name, header = text(article, "h3"), element(article, "header")
        shown.percents[name] = percent_in(header.get_text(" "))
        for small in elements(header, "span.small:has(.late), span.small"):
            if re.search(r"[A-Z][a-z]+\.? \d", small.get_text(" ")):
                shown.dues[name] = due_in(small.get_text(" "))
        _note(shown, name, article.get_text(" "))
    yield shown


def digest(client: Client, team: Team, lead: Membership) -> Iterator[Shown]:
    label = team.week_label(WEEK)
    address = f"/t/{team.slug}/weeks/{label}/digest/?language=en&draft=1&as={lead.pk}"
    words = element(client.get(address).content.decode(), "pre").get_text()
    shown = Shown(owing=set(), closed=set())
    shown.counts = _counts(" ".join(re.findall(r"Updated \d+ / \d+", words)))
    for name, paragraph in re.findall(
        r"^\[(\w+)\](.*?)(?=^\s*$|\Z)", words, re.DOTALL | re.MULTILINE
    ):
        shown.percents[name] = percent_in(paragraph.partition("\n")[0])
        due = re.search(r"^  due (.*?)(?: \(first .*?\))?(?: · (.*))?$", paragraph, re.MULTILINE)
        if due:
            shown.dues[name] = due_in(due[0].replace(_first_in(due[0]), ""))
        _note(shown, name, paragraph)
    yield shown
    yield Shown(owing=set(re.findall(r"^  \* To update (\w+)", words, re.MULTILINE)))


def _first_in(words: str) -> str:
    match = re.search(r" \(first .*?\)", words)
    return match[0] if match else ""


def _note(shown: Shown, name: str, words: str) -> None:
    assert shown.owing is not None
    assert shown.closed is not None
    if "Not updated this week" in words:
        shown.owing.add(name)
    if "Closed on" in words:
        assert "handed over" in words
        shown.closed.add(name)


def spreadsheet(client: Client, team: Team) -> Iterator[Shown]:
    label = team.week_label(WEEK)
    answer = client.get(f"/t/{team.slug}/weeks/{label}/dashboard/projects.csv").content
    shown = Shown()
    for row in csv.DictReader(io.StringIO(answer.decode("utf-8-sig"))):
        shown.percents[row["Project"]] = row.get("Complete %", "")
    yield shown


def reminder(team: Team, manager: User) -> Iterator[Shown]:
    mail.outbox.clear()
    reminders.remind(team, WEEK, by=manager)
    reminder_dispatch.send_due()
    words = "\n".join(str(message.body) for message in mail.outbox)
    yield Shown(owing=set(re.findall(r"^- (\w+)", words, re.MULTILINE)))


# --- the property -----------------------------------------------------------------------------


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


def check_history(people: People, history: list[list[Step]]) -> None:
    with transaction.atomic():
        team, lead = make_history(history, people)
        check_agreement(team, lead, people)
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
    }
    for place, pieces in everywhere.items():
        for shown in pieces:
            compare(place, shown, page)


def compare(place: str, shown: Shown, page: Shown) -> None:
    percents = {name: percent for name, percent in shown.percents.items() if name in page.percents}
    expected = page.percents
    if place == "CSV":
        expected = {name: percent.split("%")[0] for name, percent in page.percents.items()}
    if place == "check-in":  # shows the percent of what was reported this week
        expected = {name: percent for name, percent in expected.items() if name in percents}
    if percents or (place in ("dashboard", "CSV", "digest") and shown.percents):
        assert percents == expected, place
    if shown.dues:
        assert shown.dues == page.dues, place
    for fact in ("owing", "closed", "counts"):
        if (value := getattr(shown, fact)) is not None and getattr(page, fact) is not None:
            assert value == getattr(page, fact), f"{place}: {fact}"

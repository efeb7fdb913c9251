"""The team whose quarter is simulated: its rows, and the same in the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from projects.access import (
    Access,
    get_project_for_reporter,
    get_team_for_manager,
)
from projects.models import Language, Membership, Project, Role, Team, User, WeekNumbering
from projects.portfolio import lifecycle
from projects.portfolio.lifecycle import NewProject
from tests.conftest import request_of
from tests.factories import make_cycle, make_objective, make_subscriber, make_team, make_user
from tests.quarter.quarters import DAY, SEVEN_DAYS, Quarter, moment
from tests.quarter.truth import Person, Truth, Work

PEOPLE: Final = (
    Person("May", "manager"),
    Person("Early", "lead"),
    Person("Late", "lead"),
    Person("Never", "lead"),
    Person("Away", "lead"),
    Person("Mute", "lead", has_address=False),
    Person("View", "viewer"),
    Person("Quiet", "viewer", gets_digest=False),
)
SUBSCRIBER: Final = "Outside"
# By project its first lead and its objective.
WORKS: Final = {
    "Alpha": ("Early", "O1"),
    "Bravo": ("Late", "O1"),
    "Charlie": ("Never", "O2"),
    "Delta": ("Away", "O2"),
    "Echo": ("Early", "O2"),
    "Foxtrot": ("Mute", ""),
}


@dataclass
class TeamRows:
    """The rows of the team, by the names that the truth has for them."""

    team: Team
    users: dict[str, User]
    projects: dict[str, int] = field(default_factory=dict)

    def refreshed(self) -> Team:
        self.team = Team.objects.get(pk=self.team.pk)
        return self.team

    def project(self, name: str) -> Project:
        return Project.objects.select_related("lead", "team").get(pk=self.projects[name])

    def membership(self, name: str) -> Membership:
        return Membership.objects.select_related("user", "team").get(
            team=self.team, user=self.users[name]
        )

    def reporting(self, who: str, name: str) -> tuple[Access, Project]:
        """As that person opens the project to report on it."""
        user = User.objects.get(pk=self.users[who].pk)
        return get_project_for_reporter(request_of(user), self.team.slug, self.projects[name])

    def managing(self, who: str) -> User:
        """That person as somebody who does a manager's work."""
        user = User.objects.get(pk=self.users[who].pk)
        return get_team_for_manager(request_of(user), self.team.slug).user


def set_up(quarter: Quarter) -> tuple[Truth, TeamRows]:
    """Call it with the clock at the quarter's first hour."""
    truth = Truth(quarter, now=moment(quarter.first, 0))
    team = make_team("pay", "Payments", numbering=WeekNumbering.ISO)
    team.language, team.publishes_itself = "en", True
    team.starts_on = quarter.first
    team.save()
    rows = TeamRows(team, {})
    for person in PEOPLE:
        truth.people[person.name] = Person(**vars(person))
        user = make_user(person.name.lower(), person.name, team, Role(person.role))
        user.email = person.address
        user.save()
        rows.users[person.name] = user
        Membership.objects.filter(user=user).update(gets_digest=person.gets_digest)
    make_subscriber(
        team, f"{SUBSCRIBER.lower()}@example.com", SUBSCRIBER, language=Language.ENGLISH
    )
    truth.people[SUBSCRIBER] = Person(SUBSCRIBER, "")
    _begin_cycle(truth, rows)
    return truth, rows


def _begin_cycle(truth: Truth, rows: TeamRows) -> None:
    quarter = truth.quarter
    begin = quarter.first - 8 * SEVEN_DAYS
    cycle = make_cycle(rows.team, "C1", begin, quarter.cycle_ends)
    truth.cycles.append(("C1", begin, quarter.cycle_ends))
    objectives = {code: make_objective(cycle, code, f"Goal {code}") for code in ("O1", "O2")}
    wanted = [
        NewProject(name, objectives.get(code), rows.users[lead])
        for name, (lead, code) in WORKS.items()
    ]
    start_work(truth, rows, wanted, quarter.first)


def start_work(truth: Truth, rows: TeamRows, wanted: list[NewProject], began: date) -> None:
    manager = rows.users["May"]
    for project in lifecycle.create_projects(rows.team, wanted, by=manager, started_on=began):
        assert project.lead is not None
        rows.projects[project.name] = project.pk
        led = [(began - DAY, project.lead.name)]
        truth.works[project.name] = Work(project.name, began, led)

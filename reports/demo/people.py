"""The demo team itself: its people, cycles, objectives, and what it measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from okrtracker.demo import SIGN_IN
from projects.models import Cycle, KeyResult, Membership, Metric, Objective, Project, Reading, User
from projects.objectives import cycles
from projects.weeks import cycle_of
from reports.demo.cast import Absence, Cast, CastMetric
from reports.demo.clock import DemoClock
from reports.demo.story import WEEKS


@dataclass(frozen=True, slots=True)
class People:
    """The members by their keys, and who of them is away about today."""

    users: Mapping[str, User]
    absence: Absence
    away_from: date

    def __getitem__(self, key: str) -> User:
        return self.users[key]

    def acting(self, key: str, at: datetime) -> tuple[User, User | None]:
        """Who does that person's work at that moment, and for whom, where that is a deputy."""
        absence, person = self.absence, self.users[key]
        if key != absence.person or at.date() < self.away_from:
            return person, None
        return self.users[absence.deputy], person


def username_of(key: str) -> str:
    return key if key in SIGN_IN else f"demo-{key}"


def create_people(clock: DemoClock, cast: Cast, password: str) -> People:
    """The team's members. Hashing is slow by design, so one hash serves all who sign in."""
    hashed = make_password(password)
    users = {}
    for key, person in cast.people.items():
        username = username_of(key)
        users[key], _ = User.objects.update_or_create(
            username=username,
            defaults={
                "name": person.name,
                "password": hashed if key in SIGN_IN else make_password(None),
                "email": f"{username}@demo.example",  # of no real domain, so never delivered
                "is_active": not person.has_left,
                "date_joined": clock.at(WEEKS - 1, 0),
            },
        )
    Membership.objects.bulk_create(
        Membership(team=clock.team, user=users[key], role=person.role)
        for key, person in cast.people.items()
    )
    return People(users, cast.absence, clock.today + timedelta(days=cast.absence.first))


@dataclass(frozen=True, slots=True)
class Goals:
    """The objectives of two neighbouring half-years."""

    cycles: tuple[Cycle, Cycle]
    by_code: Mapping[str, tuple[Objective, Objective]]  # in the cycle before, in the present one

    def objective(self, code: str, week: date) -> Objective:
        """The one that a project stood under in that week: of the week's cycle."""
        return self.by_code[code][cycle_of(week, self.cycles) == self.cycles[1]]


def create_goals(clock: DemoClock, cast: Cast, people: People) -> Goals:
    team = clock.team
    now = cycles.new_cycle(team, clock.present)
    before = cycles.new_cycle(team, now.starts_on - timedelta(days=1))
    now.save()
    before.save()
    by_code = {}
    for position, (code, objective) in enumerate(cast.objectives.items()):
        first, second = (
            Objective.objects.create(
                team=team,
                cycle=cycle,
                code=code,
                name=name,
                owner=people[objective.owner],
                position=position,
            )
            for cycle, name in zip((before, now), objective.names, strict=True)
        )
        second.carried_from = first
        second.save(update_fields=["carried_from"])
        by_code[code] = (first, second)
    return Goals((before, now), by_code)


def create_metrics(
    clock: DemoClock, cast: Cast, goals: Goals, people: People, projects: Mapping[str, Project]
) -> None:
    readings: list[Reading] = []
    is_read = {metric.name for metric in clock.so_far(cast.metrics)}
    for position, cast_metric in enumerate(cast.metrics):
        metric = Metric.objects.create(
            team=clock.team,
            name=cast_metric.name,
            unit=cast_metric.unit,
            project=projects[cast_metric.project] if cast_metric.project else None,
            target=cast_metric.target,
            direction=cast_metric.direction,
            position=position,
        )
        rows = _readings(metric, cast_metric, clock)
        readings += rows if metric.name in is_read else rows[:-1]
        owner = people[cast_metric.owner] if cast_metric.owner else None
        KeyResult.objects.bulk_create(
            KeyResult(
                team=clock.team,
                objective=objective,
                metric=metric,
                owner=owner,
                baseline=baseline,
                target=target,
                position=position,
            )
            for code, ends in cast_metric.goals.items()
            for objective, (baseline, target) in zip(goals.by_code[code], ends, strict=True)
        )
    Reading.objects.bulk_create(readings)


def _readings(metric: Metric, cast_metric: CastMetric, clock: DemoClock) -> list[Reading]:
    """Its readings, the oldest first."""
    return [
        Reading(
            team=metric.team,
            metric=metric,
            week=clock.week(ago),
            value=value,
            note=cast_metric.notes.get(ago, ""),
        )
        for ago, value in zip(reversed(range(WEEKS)), cast_metric.readings, strict=True)
    ]
